#include "proto/batch_size.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using testing::WireBuilder;

TEST(BatchSize, IsThatOfOneResourceSpansMessage) {
  const std::string resource = WireBuilder().Bytes(1, "resource").Bytes();
  const std::string scope = WireBuilder().Bytes(1, "scope").Bytes();
  const std::string spans = WireBuilder().Bytes(2, std::string(200, 's')).Bytes(2, "t").Bytes();
  const std::string other_spans = WireBuilder().Bytes(2, "u").Bytes();
  BatchSize size(resource);
  size.Add(0, scope, spans.size());
  size.Add(1, scope, other_spans.size());
  const std::string message = resource + WireBuilder().Bytes(2, scope + spans).Bytes(2, scope + other_spans).Bytes();
  EXPECT_EQ(size.Bytes(), message.size());
  EXPECT_EQ(size.BytesAsField(), WireBuilder().Bytes(1, message).Bytes().size());
}

TEST(BatchSize, TakesRunsOfOneScopeTogether) {
  const std::string resource = WireBuilder().Bytes(1, "resource").Bytes();
  BatchSize once(resource), twice(resource);
  once.Add(3, "", 100);
  twice.Add(3, "", 60);
  twice.Add(3, "", 40);
  EXPECT_EQ(once.Bytes(), twice.Bytes());
}

TEST(BatchSize, LeavesTheSchemaUrlOutAndCountsEmptyMessages) {
  const std::string bare = WireBuilder().Bytes(1, "").Bytes();
  const std::string with_url = bare + WireBuilder().Bytes(3, "https://opentelemetry.io/schemas/1.26.0").Bytes();
  BatchSize empty(""), written(bare), url(with_url);
  for (BatchSize* size : {&empty, &written, &url}) size->Add(0, "", 10);
  EXPECT_EQ(empty.Bytes(), 2u + 2 + 2 + 10);
  EXPECT_EQ(written.Bytes(), empty.Bytes());
  EXPECT_EQ(url.Bytes(), empty.Bytes());
}

}  // namespace
}  // namespace tailrace
