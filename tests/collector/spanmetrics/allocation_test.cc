// Counting takes no memory once the series are known.
#include "gtest/gtest.h"
#include "tests/collector/spanmetrics/counted_spans.h"
#include "tests/support/count_allocations.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: the builders

TEST(Allocation, SpansAndEventsOfKnownSeriesTakeNoMemory) {
  config::SpanMetricsConfig config = DefaultSpanMetrics();
  config.dimensions = {{"http.route", "none"}, {"zone", std::nullopt}};
  config.events = true;
  config.event_dimensions = {{"type", std::nullopt}};
  config.metrics_expiration = std::chrono::minutes(1);
  const std::string request =
      OtlpRequest()
          .Service("cart")
          .Span(OtlpSpan(1, 1, "GET /").Attribute("http.route", StringValue("/a/long/route/for/one/text")))
          .Span(OtlpSpan(1, 2, "GET /").Event(OtlpEvent(1, "e").Attribute("type", StringValue("io"))))
          .Bytes();
  ScannedRequest scanned;
  ASSERT_EQ(ScanRequest(request, &scanned, {.briefs_max = 10}), ScanError::kNone);
  for (const SeriesOf what : PartsOf(config)) {
    SpanMetrics metrics(config, {.what = what, .series_max = 10, .label_bytes_max = 10'000, .hash_key = 42});
    metrics.counter(0)->Count(request, scanned);
    const int before = testing::allocations;
    metrics.counter(0)->Count(request, scanned);
    const int after = testing::allocations;
    EXPECT_EQ(after, before);
    EXPECT_EQ(metrics.series(), what == SeriesOf::kEvents ? 1u : 2u);
  }
}

}  // namespace
}  // namespace tailrace
