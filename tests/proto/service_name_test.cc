#include "proto/service_name.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using testing::OtlpResource;
using testing::StringValue;
using testing::WireBuilder;

std::string Fields(const OtlpResource& resource) { return WireBuilder().Bytes(1, resource.Bytes()).Bytes(); }

TEST(ServiceName, IsTheAttributesText) {
  OtlpResource resource;
  resource.Attribute("host.name", StringValue("a")).Attribute("service.name", StringValue("checkout"));
  EXPECT_EQ(ServiceNameOf(Fields(resource)), "checkout");
  EXPECT_EQ(ServiceNameOf(Fields(resource) + WireBuilder().Bytes(3, "https://example.org").Bytes()), "checkout");
}

TEST(ServiceName, IsEmptyWhereThereIsNone) {
  EXPECT_EQ(ServiceNameOf(""), "");
  EXPECT_EQ(ServiceNameOf(Fields(OtlpResource())), "");
  OtlpResource other;
  other.Attribute("service.namespace", StringValue("shop"));
  EXPECT_EQ(ServiceNameOf(Fields(other)), "");
}

TEST(ServiceName, BytesThatCannotBeReadAreNoName) {
  OtlpResource resource;
  resource.Attribute("service.name", StringValue("checkout"));
  const std::string whole = Fields(resource);
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_EQ(ServiceNameOf(whole.substr(0, size)), "") << size;
}

}  // namespace
}  // namespace tailrace
