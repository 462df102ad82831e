// Counting takes no memory once the series are known.
#include <atomic>
#include <cstdlib>
#include <new>

#include "gtest/gtest.h"
#include "tests/collector/spanmetrics/counted_spans.h"

namespace {
std::atomic<int> allocations{0};
}  // namespace

[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

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
    const int before = allocations;
    metrics.counter(0)->Count(request, scanned);
    const int after = allocations;
    EXPECT_EQ(after, before);
    EXPECT_EQ(metrics.series(), what == SeriesOf::kEvents ? 1u : 2u);
  }
}

}  // namespace
}  // namespace tailrace
