#include "proto/scope_stamp.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using testing::BoolValue;
using testing::StringValue;
using testing::WireBuilder;

std::string Attribute(std::string_view key, std::string_view value) {
  return WireBuilder().Bytes(1, key).Bytes(2, value).Bytes();
}

TEST(StampScope, AddsToTheScopesAttributesAndKeepsTheRest) {
  const std::string scope =
      WireBuilder().Bytes(1, "lib").Bytes(2, "1.0").Bytes(3, Attribute("a", StringValue("b"))).Varint(4, 7).Bytes();
  const std::string url = WireBuilder().Bytes(3, "https://schema").Bytes();
  const std::array stamps = {ScopeStamp{"tailsampling.policy", "errors"},
                             ScopeStamp{.key = "tailsampling.cached_decision", .text = {}, .truth = true}};
  std::string out = "what was there before";
  StampScope(WireBuilder().Bytes(1, scope).Bytes() + url, stamps, &out);
  const std::string stamped = scope + WireBuilder()
                                          .Bytes(3, Attribute("tailsampling.policy", StringValue("errors")))
                                          .Bytes(3, Attribute("tailsampling.cached_decision", BoolValue(true)))
                                          .Bytes();
  EXPECT_EQ(out, url + WireBuilder().Bytes(1, stamped).Bytes());
}

TEST(StampScope, ReplacesAStampThatIsThereAlready) {
  const std::string scope = WireBuilder().Bytes(3, Attribute("tailsampling.policy", StringValue("old"))).Bytes();
  const std::array stamps = {ScopeStamp{"tailsampling.policy", "new"}};
  std::string out;
  StampScope(WireBuilder().Bytes(1, scope).Bytes(), stamps, &out);
  EXPECT_EQ(out, WireBuilder()
                     .Bytes(1, WireBuilder().Bytes(3, Attribute("tailsampling.policy", StringValue("new"))).Bytes())
                     .Bytes());
}

TEST(StampScope, MakesAScopeWhereThereIsNone) {
  const std::array stamps = {ScopeStamp{"k", "v"}};
  std::string out;
  StampScope("", stamps, &out);
  EXPECT_EQ(out, WireBuilder().Bytes(1, WireBuilder().Bytes(3, Attribute("k", StringValue("v"))).Bytes()).Bytes());
}

}  // namespace
}  // namespace tailrace
