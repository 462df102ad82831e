// A request taken in two loses nothing: every span is in one half, with what was around it.
#include "proto/request_split.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "otlp/trace_service.pb.h"
#include "tests/proto/random_request.h"

namespace tailrace {
namespace {

using testing::Dice;
using testing::OtlpRequest;
using testing::OtlpSpan;
using Request = opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;

// Each span with its resource, its scope and their schema URLs, in order.
std::vector<std::string> Spans(const std::string& request) {
  Request message;
  EXPECT_TRUE(message.ParseFromString(request));
  std::vector<std::string> spans;
  for (auto& resource_spans : *message.mutable_resource_spans()) {
    for (auto& scope_spans : *resource_spans.mutable_scope_spans()) {
      for (const auto& span : scope_spans.spans()) {
        spans.push_back(resource_spans.resource().SerializeAsString() + "|" + resource_spans.schema_url() + "|" +
                        scope_spans.scope().SerializeAsString() + "|" + scope_spans.schema_url() + "|" +
                        span.SerializeAsString());
      }
    }
  }
  return spans;
}

// Down to single spans.
void SplitAll(const std::string& request, std::vector<std::string>* spans) {
  const std::vector<std::string> whole = Spans(request);
  EXPECT_EQ(CountSpans(request), whole.size());
  if (whole.size() < 2) {
    spans->insert(spans->end(), whole.begin(), whole.end());
    return;
  }
  const RequestHalves halves = SplitInTwo(request);
  EXPECT_GE(halves.first_spans, 1u);
  EXPECT_GE(halves.second_spans, 1u);
  EXPECT_EQ(halves.first_spans + halves.second_spans, whole.size());
  EXPECT_EQ(CountSpans(halves.first), halves.first_spans);
  EXPECT_EQ(CountSpans(halves.second), halves.second_spans);
  SplitAll(halves.first, spans);
  SplitAll(halves.second, spans);
}

TEST(RequestSplit, LosesNothing) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    uint64_t ignored = 0;
    const std::string request =
        dice.OneIn(2) ? testing::RandomOtlp(&dice).SerializeAsString() : testing::RandomWire(&dice, &ignored);
    std::vector<std::string> spans;
    SplitAll(request, &spans);
    EXPECT_EQ(spans, Spans(request)) << "seed " << seed;
  }
}

TEST(RequestSplit, TheCutIsBetweenTracesWhereOneIsNear) {
  OtlpRequest request;
  request.Service("cart");
  for (uint64_t i = 1; i <= 20; ++i) request.Span(OtlpSpan(i <= 7 ? 1 : 2, i, "x"));
  EXPECT_EQ(SplitInTwo(request.Bytes()).first_spans, 7u);
  OtlpRequest far;
  far.Service("cart");
  for (uint64_t i = 1; i <= 20; ++i) far.Span(OtlpSpan(i <= 2 ? 1 : 2, i, "x"));
  EXPECT_EQ(SplitInTwo(far.Bytes()).first_spans, 10u);
}

TEST(RequestSplit, HostileBytesEnd) {
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    Dice dice(seed);
    const std::string bytes = dice.Bytes(dice.Below(200));
    const RequestHalves halves = SplitInTwo(bytes);
    EXPECT_EQ(halves.first_spans + halves.second_spans, CountSpans(bytes));
  }
}

}  // namespace
}  // namespace tailrace
