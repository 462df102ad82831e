#include "collector/spanmetrics/span_metrics.h"

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/collector/spanmetrics/counted_spans.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: the builders

// Calls by the value of one label.
std::map<std::string, uint64_t> CallsBy(const CountedSpans& counted, const std::string& label, size_t words = 19) {
  const SpanMetricsSnapshot snapshot = counted.Collect();
  std::map<std::string, uint64_t> calls;
  for (size_t i = 0; i < snapshot.series.size(); ++i) {
    std::string value = "(none)";
    for (const auto& [name, text] : snapshot.series[i]->labels) {
      if (name == label) value = text;
    }
    calls[value] += snapshot.values[i * words];
  }
  return calls;
}
using Calls = std::map<std::string, uint64_t>;

TEST(SpanMetrics, TellsOperationsKindsAndStatusesApart) {
  CountedSpans counted;
  counted.Count(OtlpRequest()
                    .Service("cart")
                    .Span(OtlpSpan(1, 1, "GET /").Kind(2).Times(1, 2))
                    .Span(OtlpSpan(1, 2, "GET /").Kind(2).Times(1, 2).Status(2))
                    .Span(OtlpSpan(1, 3, "PUT /").Kind(3).Times(1, 2).Status(1))
                    .Bytes());
  EXPECT_EQ(CallsBy(counted, "span.name"), (Calls{{"GET /", 2}, {"PUT /", 1}}));
  EXPECT_EQ(CallsBy(counted, "span.kind"), (Calls{{"SPAN_KIND_SERVER", 2}, {"SPAN_KIND_CLIENT", 1}}));
  EXPECT_EQ(CallsBy(counted, "status.code"),
            (Calls{{"STATUS_CODE_UNSET", 1}, {"STATUS_CODE_ERROR", 1}, {"STATUS_CODE_OK", 1}}));
  EXPECT_EQ(CallsBy(counted, "service.name"), (Calls{{"cart", 3}}));
  EXPECT_EQ(CallsBy(counted, "collector.instance.id"), (Calls{{"me", 3}}));
}

TEST(SpanMetrics, AddsUpWhatTheShardsCounted) {
  CountedSpans counted;
  const std::string request = OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "GET /").Times(1, 2)).Bytes();
  counted.Count(request, 0);
  counted.Count(request, 1);
  counted.Count(request, 1);
  const SpanMetricsSnapshot snapshot = counted.Collect();
  ASSERT_EQ(snapshot.series.size(), 1u);
  EXPECT_EQ(snapshot.values[0], 3u);
}

TEST(SpanMetrics, AResourceWithoutAServiceIsNotCounted) {
  CountedSpans counted;
  counted.Count(OtlpRequest()
                    .Resource(OtlpResource().Attribute("host.name", StringValue("a")))
                    .Span(OtlpSpan(1, 1, "GET /").Times(1, 2))
                    .Bytes());
  EXPECT_TRUE(counted.Collect().series.empty());
}

TEST(SpanMetrics, DimensionsComeFromTheSpanThenTheResourceThenTheDefault) {
  config::SpanMetricsConfig config = DefaultSpanMetrics();
  config.dimensions = {{"http.method", "none"}, {"region", std::nullopt}};
  CountedSpans counted(config);
  counted.Count(
      OtlpRequest()
          .Resource(
              OtlpResource().Attribute("service.name", StringValue("cart")).Attribute("region", StringValue("eu")))
          .Span(OtlpSpan(1, 1, "x").Attribute("http.method", StringValue("GET")))
          .Span(OtlpSpan(1, 2, "x").Attribute("region", IntValue(7)))
          .Bytes());
  counted.Count(OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "x")).Bytes());
  EXPECT_EQ(CallsBy(counted, "http.method"), (Calls{{"GET", 1}, {"none", 2}}));
  EXPECT_EQ(CallsBy(counted, "region"), (Calls{{"eu", 1}, {"7", 1}, {"(none)", 1}}));
}

TEST(SpanMetrics, ExcludedDimensionsTellNothingApart) {
  config::SpanMetricsConfig config = DefaultSpanMetrics();
  config.exclude_dimensions = {"span.name", "status.code", "collector.instance.id"};
  CountedSpans counted(config);
  counted.Count(OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "a")).Span(OtlpSpan(1, 2, "b").Status(2)).Bytes());
  EXPECT_EQ(counted.Collect().series.size(), 1u);
  EXPECT_EQ(CallsBy(counted, "span.name"), (Calls{{"(none)", 2}}));
}

TEST(SpanMetrics, KeyAttributesSayWhichResourcesAreOne) {
  const auto of_pod = [](const char* pod) {
    return OtlpRequest()
        .Resource(OtlpResource().Attribute("service.name", StringValue("cart")).Attribute("pod", StringValue(pod)))
        .Span(OtlpSpan(1, 1, "x"))
        .Bytes();
  };
  CountedSpans apart;
  apart.Count(of_pod("a"));
  apart.Count(of_pod("b"));
  EXPECT_EQ(apart.Collect().series.size(), 2u);
  config::SpanMetricsConfig config = DefaultSpanMetrics();
  config.resource_key_attributes = {"service.name"};
  CountedSpans together(config);
  together.Count(of_pod("a"));
  together.Count(of_pod("b"));
  EXPECT_EQ(together.Collect().series.size(), 1u);
}

TEST(SpanMetrics, TheCardinalityLimitIsForAllShardsAndTheRestIsOneSeries) {
  config::SpanMetricsConfig config = DefaultSpanMetrics();
  config.cardinality_limit = 3;
  CountedSpans counted(config);
  const auto named = [](const std::string& name) {
    return OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, name)).Bytes();
  };
  for (const char* name : {"a", "b", "c", "d", "e"}) counted.Count(named(name), 0);
  // The other shard has seen none of them: what the first has brought in has its series there, too.
  for (const char* name : {"e", "d", "c", "b", "a"}) counted.Count(named(name), 1);
  EXPECT_EQ(CallsBy(counted, "span.name"), (Calls{{"a", 2}, {"b", 2}, {"c", 2}, {"(none)", 4}}));
  EXPECT_EQ(CallsBy(counted, "otel.metric.overflow"), (Calls{{"true", 4}, {"(none)", 6}}));
  EXPECT_EQ(counted.OverflowSpans(), 4u);
}

TEST(SpanMetrics, AMillionOperationNamesStayWithinTheBudget) {
  constexpr uint32_t kSeriesMax = 500;
  CountedSpans counted(DefaultSpanMetrics(), kSeriesMax);
  constexpr uint64_t kNames = 1'000'000;
  for (uint64_t name = 0; name < kNames; name += 1000) {
    OtlpRequest request;
    request.Service("cart");
    for (uint64_t i = 0; i < 1000; ++i) request.Span(OtlpSpan(1, 1, "GET /" + std::to_string(name + i)));
    counted.Count(request.Bytes(), static_cast<uint32_t>(name / 1000 % 2));
  }
  const SpanMetricsSnapshot snapshot = counted.Collect();
  EXPECT_EQ(snapshot.series.size(), kSeriesMax + 1);
  EXPECT_EQ(counted.OverflowSpans(), kNames - kSeriesMax);
  uint64_t calls = 0;
  for (size_t i = 0; i < snapshot.series.size(); ++i) calls += snapshot.values[i * 19];
  EXPECT_EQ(calls, kNames);
}

TEST(SpanMetrics, AThousandResourcesBeyondTheLimitAreOneSeries) {
  config::SpanMetricsConfig config = DefaultSpanMetrics();
  config.resources_max = 10;
  CountedSpans counted(config);
  for (int i = 0; i < 1000; ++i) {
    counted.Count(OtlpRequest().Service("service-" + std::to_string(i)).Span(OtlpSpan(1, 1, "x")).Bytes());
  }
  EXPECT_EQ(counted.Collect().series.size(), 11u);
  EXPECT_EQ(CallsBy(counted, "otel.metric.overflow"), (Calls{{"true", 990}, {"(none)", 10}}));
}

// Minutes where every span looks through its resource.
TEST(SpanMetrics, ALargeResourceIsLookedThroughOnce) {
  config::SpanMetricsConfig config = DefaultSpanMetrics();
  config.dimensions = {{"missing", "none"}};
  CountedSpans counted(config);
  OtlpResource resource = OtlpResource().Attribute("service.name", StringValue("cart"));
  for (int i = 0; i < 100'000; ++i) resource.wire().Varint(99, 1);
  OtlpRequest request;
  request.Resource(resource);
  for (uint64_t id = 1; id <= 200'000; ++id) {
    if (id % 20'000 == 0) request.Scope(OtlpScope("s", "1"));  // many more would be too large a request
    request.Span(OtlpSpan(1, id, "x"));
  }
  const auto start = std::chrono::steady_clock::now();
  counted.Count(request.Bytes());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_EQ(CallsBy(counted, "missing"), (Calls{{"none", 200'000}}));
}

TEST(SpanMetrics, APartTakesNoMoreThanThePlanReckonsWith) {
  config::SpanMetricsConfig config = DefaultSpanMetrics();
  config.calls_dimensions = config.histogram_dimensions = config.event_dimensions = {{"a", std::nullopt}};
  config.events = true;
  const std::vector<SeriesOf> parts = PartsOf(config);
  EXPECT_EQ(parts, (std::vector<SeriesOf>{SeriesOf::kCalls, SeriesOf::kDurations, SeriesOf::kEvents}));
  for (const SeriesOf what : parts) {
    const SpanMetricsPlan plan(config, what, "", 0);
    EXPECT_LE(plan.words * sizeof(uint64_t) + kLabelBytesPerSeries, BytesPerSeries(config, 1));
    EXPECT_EQ(plan.events, what == SeriesOf::kEvents);
    EXPECT_EQ(plan.words, what == SeriesOf::kDurations ? 19u : 2u);
  }
  config.calls_dimensions = config.histogram_dimensions = {};
  EXPECT_EQ(PartsOf(config), (std::vector<SeriesOf>{SeriesOf::kCallsAndDurations, SeriesOf::kEvents}));
}

TEST(SpanMetrics, ANameOfAMegabyteIsCountedAndNotKept) {
  CountedSpans counted;
  for (int i = 0; i < 3; ++i) {
    counted.Count(OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, std::string(1'000'000, 'x'))).Bytes());
  }
  counted.Count(OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "short")).Bytes());
  EXPECT_EQ(CallsBy(counted, "span.name"), (Calls{{"(none)", 3}, {"short", 1}}));
}

TEST(SpanMetrics, ASpanThatWasSampledBeforeStandsForThoseThatWereNot) {
  CountedSpans counted;
  counted.Count(OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "x").TraceState("ot=th:c")).Bytes());
  EXPECT_EQ(CallsBy(counted, "span.name"), (Calls{{"x", 4}}));
}

}  // namespace
}  // namespace tailrace
