// Dimensions that calls have and durations do not, and the other way round.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collector/spanmetrics/counted_spans.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: the builders
using ::testing::HasSubstr;
using ::testing::Not;

constexpr uint64_t kMs = 1'000'000;

config::SpanMetricsConfig ByNameAlone() {
  config::SpanMetricsConfig config = SpanMetricsByName();
  config.buckets = {std::chrono::milliseconds(2)};
  return config;
}

std::string Page(const CountedSpans& counted) { return counted.Page({.without_scope_info = true}); }

OtlpSpan Span(uint64_t id, const char* tenant, const char* route, uint64_t ms) {
  return OtlpSpan(1, id, "GET /")
      .Attribute("tenant", StringValue(tenant))
      .Attribute("route", StringValue(route))
      .Times(kMs, (1 + ms) * kMs);
}

std::string ThreeSpans() {
  return OtlpRequest()
      .Service("cart")
      .Span(Span(1, "a", "x", 1))
      .Span(Span(2, "b", "x", 3))
      .Span(Span(3, "b", "y", 3))
      .Bytes();
}

TEST(OwnDimensions, OfCallsAloneLeaveDurationsTogether) {
  config::SpanMetricsConfig config = ByNameAlone();
  config.calls_dimensions = {{"tenant", std::nullopt}, {"zone", "none"}};
  CountedSpans counted(config);
  counted.Count(ThreeSpans(), 0);
  counted.Count(ThreeSpans(), 1);
  const std::string page = Page(counted);
  EXPECT_THAT(page, HasSubstr("calls_total{job=\"cart\",span_name=\"GET /\",tenant=\"a\",zone=\"none\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("calls_total{job=\"cart\",span_name=\"GET /\",tenant=\"b\",zone=\"none\"} 4\n"));
  EXPECT_THAT(page, HasSubstr("duration_milliseconds_bucket{job=\"cart\",span_name=\"GET /\",le=\"2\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("duration_milliseconds_count{job=\"cart\",span_name=\"GET /\"} 6\n"));
  EXPECT_THAT(page, HasSubstr("duration_milliseconds_sum{job=\"cart\",span_name=\"GET /\"} 14\n"));
}

TEST(OwnDimensions, OfDurationsAloneLeaveCallsTogether) {
  config::SpanMetricsConfig config = ByNameAlone();
  config.histogram_dimensions = {{"route", std::nullopt}};
  CountedSpans counted(config);
  counted.Count(ThreeSpans());
  const std::string page = Page(counted);
  EXPECT_THAT(page, HasSubstr("calls_total{job=\"cart\",span_name=\"GET /\"} 3\n"));
  EXPECT_THAT(page, HasSubstr("duration_milliseconds_count{job=\"cart\",route=\"x\",span_name=\"GET /\"} 2\n"));
  EXPECT_THAT(page,
              HasSubstr("duration_milliseconds_bucket{job=\"cart\",route=\"y\",span_name=\"GET /\",le=\"2\"} 0\n"));
}

TEST(OwnDimensions, StandBesideThoseOfBoth) {
  config::SpanMetricsConfig config = ByNameAlone();
  config.dimensions = {{"route", std::nullopt}};
  config.calls_dimensions = {{"tenant", std::nullopt}};
  CountedSpans counted(config);
  counted.Count(ThreeSpans());
  const std::string page = Page(counted);
  EXPECT_THAT(page, HasSubstr("calls_total{job=\"cart\",route=\"x\",span_name=\"GET /\",tenant=\"b\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("duration_milliseconds_count{job=\"cart\",route=\"x\",span_name=\"GET /\"} 2\n"));
}

// As the Collector has it: what is looked up last is laid over what was there.
TEST(OwnDimensions, OfTheSameNameAreOneAndTheirDefaultHolds) {
  config::SpanMetricsConfig config = ByNameAlone();
  config.dimensions = {{"zone", "any"}, {"route", "any"}, {"tenant", std::nullopt}};
  config.calls_dimensions = {{"zone", "none"}, {"route", "none"}, {"tenant", "none"}};
  config.histogram_dimensions = {{"zone", std::nullopt}};
  CountedSpans counted(config);
  counted.Count(OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "x").Attribute("route", StringValue("r"))).Bytes());
  EXPECT_THAT(Page(counted),
              HasSubstr("calls_total{job=\"cart\",route=\"r\",span_name=\"x\",tenant=\"none\",zone=\"none\"} 1\n"));
  EXPECT_THAT(Page(counted), HasSubstr("_count{job=\"cart\",route=\"r\",span_name=\"x\",zone=\"any\"} 1\n"));
}

TEST(OwnDimensions, TheLimitHoldsForEachMetric) {
  config::SpanMetricsConfig config = ByNameAlone();
  config.calls_dimensions = {{"tenant", std::nullopt}};
  config.cardinality_limit = 1;
  CountedSpans counted(config);
  counted.Count(ThreeSpans());
  const std::string page = Page(counted);
  EXPECT_THAT(page, HasSubstr("calls_total{job=\"cart\",otel_metric_overflow=\"true\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("duration_milliseconds_count{job=\"cart\",span_name=\"GET /\"} 3\n"));
  EXPECT_EQ(counted.OverflowSpans(), 2u);
}

TEST(OwnDimensions, WithoutAHistogramThereAreCallsAlone) {
  config::SpanMetricsConfig config = ByNameAlone();
  config.histogram = false;
  config.calls_dimensions = {{"tenant", std::nullopt}};
  config.histogram_dimensions = {{"route", std::nullopt}};
  CountedSpans counted(config);
  counted.Count(ThreeSpans());
  EXPECT_THAT(Page(counted), HasSubstr("tenant=\"a\"} 1\n"));
  EXPECT_THAT(Page(counted), Not(HasSubstr("duration")));
  EXPECT_THAT(Page(counted), Not(HasSubstr("route")));
}

}  // namespace
}  // namespace tailrace
