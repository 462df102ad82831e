// What is sent in which order, what is counted of it, and what happens to what was refused.
#include "collector/load/traffic.h"

#include <gtest/gtest.h>

#include <map>

#include "proto/request_scanner.h"

namespace tailrace {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr uint64_t kWallNs = 1'700'000'000'000'000'000;

struct Fixture {
  explicit Fixture(const LoadOptions& options) {
    absl::StatusOr<std::unique_ptr<Traffic>> made = Traffic::Make(options, 0, kWallNs, &counters);
    EXPECT_TRUE(made.ok()) << made.status();
    traffic = *std::move(made);
  }
  // Sends one request; false where there is none now.
  bool Send(SendOutcome outcome, int64_t now_ns = 0) {
    const std::optional<OutgoingRequest> request = traffic->Next(now_ns, kWallNs);
    if (!request) return false;
    ScannedRequest scanned;
    EXPECT_EQ(ScanRequest(request->body->message(), &scanned), ScanError::kNone);
    runs_of_last = scanned.runs.size();
    for (const SpanRun& run : scanned.runs) {
      const std::optional<TraceLabel> label = DecodeTraceId(run.trace_id);
      EXPECT_TRUE(label);
      if (!label) continue;
      EXPECT_EQ((run.seen & kSeenStatusError) != 0 && label->trace_class != TraceClass::kError, false);
      classes[label->trace_class].insert(label->number);
      spans[label->number] += run.span_count;
    }
    traffic->Written(*request);
    traffic->Done(*request, outcome, 0, now_ns);
    return true;
  }

  LoadCounters counters;
  std::unique_ptr<Traffic> traffic;
  std::map<TraceClass, std::set<uint64_t>> classes;
  std::map<uint64_t, uint32_t> spans;
  size_t runs_of_last = 0;
};

LoadOptions Options(uint64_t traces) {
  LoadOptions options;
  options.traces = traces;
  options.shape.seed = 5;
  options.shape.error_share = 0.05;
  options.shape.slow_share = 0.10;
  return options;
}

TEST(Traffic, SharesOfClassesAreExactOverThePool) {
  Fixture f(Options(640));  // 128 requests of 5 traces
  while (f.Send(SendOutcome::kAcknowledged)) {
  }
  EXPECT_TRUE(f.traffic->finished());
  EXPECT_EQ(f.spans.size(), 640u);
  EXPECT_EQ(f.classes[TraceClass::kError].size(), 32u);
  // Error comes first where a trace would be both.
  EXPECT_NEAR(static_cast<double>(f.classes[TraceClass::kSlow].size()), 64, 4);
  EXPECT_EQ(f.counters.whole_traces[static_cast<size_t>(TraceClass::kError)].value(), 32u);
}

TEST(Traffic, PiecesOfATraceComeInRequestsOfTheirOwnAndAllCome) {
  LoadOptions options = Options(400);
  options.shape.interleave = true;
  options.shape.spread_traces = 60;  // three groups of 20
  Fixture f(options);
  ASSERT_TRUE(f.Send(SendOutcome::kAcknowledged));
  EXPECT_EQ(f.runs_of_last, 20u);
  EXPECT_EQ(f.spans.begin()->second, 5u);
  for (int i = 0; i < 2; ++i) f.Send(SendOutcome::kAcknowledged);
  EXPECT_EQ(f.spans.size(), 60u);  // other traces begin before the second pieces come
  EXPECT_EQ(f.counters.whole_traces[0].value(), 0u);
  while (f.Send(SendOutcome::kAcknowledged)) {
  }
  EXPECT_TRUE(f.traffic->finished());
  EXPECT_EQ(f.spans.size(), 400u);
  for (const auto& [number, spans] : f.spans) EXPECT_EQ(spans, 20u) << number;
  uint64_t whole = 0;
  for (const Count& count : f.counters.whole_traces) whole += count.value();
  EXPECT_EQ(whole, 400u);
}

TEST(Traffic, EndingEarlyStillSendsThePiecesOfWhatBegan) {
  LoadOptions options = Options(0);
  options.shape.interleave = true;
  Fixture f(options);
  for (int i = 0; i < 77; ++i) ASSERT_TRUE(f.Send(SendOutcome::kAcknowledged));
  f.traffic->EndAfterThisGroup();
  while (f.Send(SendOutcome::kAcknowledged)) {
  }
  EXPECT_TRUE(f.traffic->finished());
  for (const auto& [number, spans] : f.spans) ASSERT_EQ(spans, 20u) << number;
}

TEST(Traffic, KeepsToTheRate) {
  LoadOptions options = Options(0);
  options.rate = 10'000;  // a hundred requests a second
  Fixture f(options);
  uint32_t requests = 0;
  for (int64_t now = 1; now <= 2 * kSecondNs; now += kSecondNs / 1000) {
    while (f.Send(SendOutcome::kAcknowledged, now)) ++requests;
  }
  EXPECT_NEAR(requests, 200, 2);
}

TEST(Traffic, RefusedRequestsComeAgainWithTheSameIdsUntilTheBound) {
  LoadOptions options = Options(5);
  options.retry_s = 10;
  Fixture f(options);
  ASSERT_TRUE(f.Send(SendOutcome::kRefused, 1));
  EXPECT_FALSE(f.traffic->finished());
  EXPECT_FALSE(f.Send(SendOutcome::kRefused, 2)) << "before its back-off is over";
  ASSERT_TRUE(f.Send(SendOutcome::kRefused, kSecondNs));
  EXPECT_EQ(f.spans.size(), 5u);
  EXPECT_EQ(f.spans.begin()->second, 40u);
  ASSERT_TRUE(f.Send(SendOutcome::kRefused, 20 * kSecondNs));
  EXPECT_TRUE(f.traffic->finished()) << "the bound is passed";
  EXPECT_EQ(f.counters.refused_spans.value(), 300u);
  EXPECT_EQ(f.counters.whole_traces[0].value(), 0u);
  EXPECT_GT(f.counters.partial_traces[0].value(), 0u);
}

TEST(Traffic, ABusyBodyIsNotWrittenOver) {
  LoadOptions options = Options(0);
  options.shape.pool_requests = 2;
  Fixture f(options);
  const std::optional<OutgoingRequest> first = f.traffic->Next(0, kWallNs);
  const std::optional<OutgoingRequest> second = f.traffic->Next(0, kWallNs);
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(f.traffic->Next(0, kWallNs));
  f.traffic->Written(*first);
  EXPECT_TRUE(f.traffic->Next(0, kWallNs));
}

TEST(LatencyBuckets, HoldTheirValueWithinASixteenth) {
  for (uint64_t us : {0u, 1u, 15u, 16u, 17u, 31u, 32u, 100u, 1'000u, 65'535u, 12'345'678u}) {
    const uint64_t end = LatencyBucketEnd(LatencyBucketOf(us));
    EXPECT_GE(end, us);
    EXPECT_LE(end, us + us / 16 + 1);
  }
}

}  // namespace
}  // namespace tailrace
