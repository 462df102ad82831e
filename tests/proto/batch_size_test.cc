#include "proto/batch_size.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using testing::WireBuilder;

// With all that the Collector writes of every span.
std::string Span(const std::string& name) {
  return WireBuilder().Bytes(1, "id").Bytes(4, "").Bytes(5, name).Bytes(15, "").Bytes();
}

TEST(BatchSize, IsThatOfOneResourceSpansMessage) {
  const std::string resource = WireBuilder().Bytes(1, "resource").Bytes();
  const std::string scope = WireBuilder().Bytes(1, "scope").Bytes();
  const std::string spans = WireBuilder().Bytes(2, Span(std::string(200, 's'))).Bytes(2, Span("t")).Bytes();
  const std::string other_spans = WireBuilder().Bytes(2, Span("u")).Bytes();
  BatchSize size(resource);
  size.Add(0, scope, spans);
  size.Add(1, scope, other_spans);
  const std::string message = resource + WireBuilder().Bytes(2, scope + spans).Bytes(2, scope + other_spans).Bytes();
  EXPECT_EQ(size.Bytes(), message.size());
  EXPECT_EQ(size.BytesAsField(), WireBuilder().Bytes(1, message).Bytes().size());
}

TEST(BatchSize, TakesRunsOfOneScopeTogether) {
  const std::string resource = WireBuilder().Bytes(1, "resource").Bytes();
  const std::string one = WireBuilder().Bytes(2, Span("one")).Bytes();
  const std::string two = WireBuilder().Bytes(2, Span("two")).Bytes();
  BatchSize once(resource), twice(resource);
  once.Add(3, "", one + two);
  twice.Add(3, "", one);
  twice.Add(3, "", two);
  EXPECT_EQ(once.Bytes(), twice.Bytes());
}

TEST(BatchSize, LeavesTheSchemaUrlOutAndCountsEmptyMessages) {
  const std::string bare = WireBuilder().Bytes(1, "").Bytes();
  const std::string with_url = bare + WireBuilder().Bytes(3, "https://opentelemetry.io/schemas/1.26.0").Bytes();
  const std::string spans = WireBuilder().Bytes(2, Span("s")).Bytes();
  BatchSize empty(""), written(bare), url(with_url);
  for (BatchSize* size : {&empty, &written, &url}) size->Add(0, "", spans);
  EXPECT_EQ(empty.Bytes(), 2u + 2 + 2 + spans.size());
  EXPECT_EQ(written.Bytes(), empty.Bytes());
  EXPECT_EQ(url.Bytes(), empty.Bytes());
}

// What the real Collector weighed: a bare span 40 bytes, with a status code 42, with a parent 48.
TEST(BatchSize, CountsTheEmptyParentAndStatusThatTheCollectorWrites) {
  const std::string ids = WireBuilder().Bytes(1, std::string(16, 't')).Bytes(2, std::string(8, 's')).Bytes();
  const auto weigh = [](const std::string& span) {
    BatchSize size("");
    size.Add(0, "", WireBuilder().Bytes(2, span).Bytes());
    return size.Bytes();
  };
  EXPECT_EQ(weigh(ids), 40u);
  EXPECT_EQ(weigh(ids + WireBuilder().Bytes(15, WireBuilder().Varint(3, 1).Bytes()).Bytes()), 42u);
  EXPECT_EQ(weigh(ids + WireBuilder().Bytes(4, std::string(8, 'p')).Bytes()), 48u);
}

}  // namespace
}  // namespace tailrace
