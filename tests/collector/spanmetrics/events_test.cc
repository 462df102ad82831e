// The events of spans: a metric of its own.
#include <chrono>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collector/spanmetrics/counted_spans.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: the builders
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kSecond = 1'000'000'000;

config::SpanMetricsConfig ByType() {
  config::SpanMetricsConfig config = SpanMetricsByName();
  config.histogram = false;
  config.events = true;
  config.event_dimensions = {{"type", std::nullopt}};
  return config;
}

OtlpEvent Event(const char* type) { return OtlpEvent(1, "exception").Attribute("type", StringValue(type)); }
OtlpSpan Span(uint64_t id = 1) { return OtlpSpan(1, id, "GET /").Times(1, 2); }
std::string Request(const OtlpSpan& span, const char* service = "cart") {
  return OtlpRequest().Service(service).Span(span).Bytes();
}
std::string Page(const CountedSpans& counted) { return counted.Page({.without_scope_info = true}); }

TEST(Events, EachIsCountedByWhatItSays) {
  CountedSpans counted(ByType());
  const std::string request = OtlpRequest()
                                  .Service("cart")
                                  .Span(Span(1).Event(Event("io")).Event(Event("parse")).Event(Event("io")))
                                  .Span(Span(2))
                                  .Span(Span(3).Event(Event("io")).Event(OtlpEvent(1, "log")))
                                  .Bytes();
  counted.Count(request, 0);
  counted.Count(request, 1);
  EXPECT_EQ(Page(counted), R"(# HELP calls_total)"
                           " \n"
                           R"(# TYPE calls_total counter
calls_total{job="cart",span_name="GET /"} 6
# HELP events_total)"
                           " \n"
                           R"(# TYPE events_total counter
events_total{job="cart",span_name="GET /",type="io"} 6
events_total{job="cart",span_name="GET /",type="parse"} 2
events_total{job="cart",span_name="GET /"} 2
)");
}

TEST(Events, HaveTheLabelsThatCallsHaveAndTheNamespace) {
  config::SpanMetricsConfig config = DefaultSpanMetrics();
  config.events = true;
  config.event_dimensions = {{"type", "none"}};
  CountedSpans counted(config);
  counted.Count(Request(Span().Kind(2).Status(2).Event(Event("io"))));
  EXPECT_THAT(counted.Page(), HasSubstr("traces_span_metrics_events_total{collector_instance_id=\"me\",job=\"cart\","
                                        "otel_scope_name=\"spanmetricsconnector\",otel_scope_schema_url=\"\","
                                        "otel_scope_version=\"\",service_name=\"cart\",span_kind=\"SPAN_KIND_SERVER\","
                                        "span_name=\"GET /\",status_code=\"STATUS_CODE_ERROR\",type=\"io\"} 1\n"));
  EXPECT_THAT(counted.Page(), HasSubstr("traces_span_metrics_duration_milliseconds_count"));
}

TEST(Events, AttributesComeFromTheSpanThenTheEventThenTheResourceThenTheDefault) {
  config::SpanMetricsConfig config = ByType();
  config.event_dimensions = {{"type", "none"}};
  CountedSpans counted(config);
  const OtlpResource resource = OtlpResource().Attribute("service.name", StringValue("cart"));
  const OtlpSpan span = Span().Event(OtlpEvent(1, "")).Event(Event("of event"));
  counted.Count(OtlpRequest().Resource(resource).Span(span).Bytes());
  OtlpResource typed = resource;
  typed.Attribute("type", StringValue("of resource")).Attribute("type", StringValue("of resource, last"));
  counted.Count(OtlpRequest().Resource(typed).Span(span).Bytes());
  OtlpSpan both = span;
  both.Attribute("type", StringValue("of span")).Attribute("type", StringValue("of span, last"));
  counted.Count(OtlpRequest().Resource(typed).Span(both).Bytes());
  const std::string page = Page(counted);
  const auto labels = [](const char* type) {
    return "events_total{job=\"cart\",span_name=\"GET /\",type=\"" + std::string(type) + "\"} ";
  };
  EXPECT_THAT(page, HasSubstr(labels("none") + "1\n"));
  EXPECT_THAT(page, HasSubstr(labels("of event") + "2\n"));
  EXPECT_THAT(page, HasSubstr(labels("of resource") + "1\n"));
  EXPECT_THAT(page, HasSubstr(labels("of span") + "2\n"));
}

TEST(Events, OfTwoAttributesTheLastCounts) {
  CountedSpans counted(ByType());
  counted.Count(Request(Span().Event(Event("first").Attribute("type", IntValue(7)))));
  EXPECT_THAT(Page(counted), HasSubstr("events_total{job=\"cart\",span_name=\"GET /\",type=\"7\"} 1\n"));
}

TEST(Events, TheDimensionsOfAllSeriesAreLookedForInThemToo) {
  config::SpanMetricsConfig config = ByType();
  config.dimensions = {{"code", std::nullopt}, {"type", "any"}};
  config.calls_dimensions = {{"of.calls", "yes"}};
  config.event_dimensions = {{"type", "other"}};
  CountedSpans counted(config);
  counted.Count(Request(Span().Event(OtlpEvent(1, "e").Attribute("code", IntValue(5)))));
  const std::string page = Page(counted);
  EXPECT_THAT(page, HasSubstr("calls_total{job=\"cart\",of_calls=\"yes\",span_name=\"GET /\",type=\"any\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("events_total{code=\"5\",job=\"cart\",span_name=\"GET /\",type=\"other\"} 1\n"));
}

TEST(Events, OfASpanThatWasSampledBeforeStandForThoseThatWereNot) {
  CountedSpans counted(ByType());
  counted.Count(Request(Span().TraceState("ot=th:c").Event(Event("io")).Event(Event("io"))));
  EXPECT_THAT(Page(counted), HasSubstr("type=\"io\"} 8\n"));
}

TEST(Events, OfALargeRequestAreCountedOnce) {
  CountedSpans counted(ByType());
  OtlpRequest request;
  request.Service("cart");
  for (uint64_t id = 1; id <= 100; ++id) request.Span(Span(id).Event(Event("io")).Event(Event("io")));
  counted.Count(request.Bytes(), 0, 0, /*briefs_max=*/7);
  EXPECT_THAT(Page(counted), HasSubstr("type=\"io\"} 200\n"));
}

TEST(Events, AreNotCountedUnlessAskedFor) {
  config::SpanMetricsConfig config = ByType();
  config.events = false;
  CountedSpans counted(config);
  counted.Count(Request(Span().Event(Event("io"))));
  EXPECT_THAT(Page(counted), HasSubstr("calls_total"));
  EXPECT_THAT(Page(counted), Not(HasSubstr("events")));
}

TEST(Events, TheLimitHoldsForThemAloneAndASpanOverflowsOnce) {
  config::SpanMetricsConfig config = ByType();
  config.cardinality_limit = 2;
  CountedSpans counted(config);
  counted.Count(Request(Span().Event(Event("a")).Event(Event("b")).Event(Event("c")).Event(Event("d"))));
  const std::string page = Page(counted);
  EXPECT_THAT(page, HasSubstr("calls_total{job=\"cart\",span_name=\"GET /\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("events_total{job=\"cart\",span_name=\"GET /\",type=\"b\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("events_total{job=\"cart\",otel_metric_overflow=\"true\"} 2\n"));
  EXPECT_EQ(counted.OverflowSpans(0), 0u);
  EXPECT_EQ(counted.OverflowSpans(1), 1u);
}

TEST(Events, SpansWithoutThemKeepTheirSeriesFromExpiring) {
  config::SpanMetricsConfig config = ByType();
  config.metrics_expiration = std::chrono::seconds(10);
  CountedSpans counted(config);
  counted.Count(Request(Span().Event(Event("io"))), 0, 0);
  counted.Count(Request(Span().Event(Event("io")), "shop"), 0, 0);
  counted.Count(Request(Span()), 0, 9 * kSecond);
  counted.Expire(10 * kSecond);
  EXPECT_THAT(Page(counted), HasSubstr("events_total{job=\"cart\",span_name=\"GET /\",type=\"io\"} 1\n"));
  EXPECT_THAT(Page(counted), Not(HasSubstr("shop")));
  counted.Expire(19 * kSecond);
  EXPECT_THAT(Page(counted), Not(HasSubstr("events_total")));
}

// A minute and more where every event costs what its span does.
TEST(Events, OfAHostileSpanTakeNoLongerThanItsBytes) {
  config::SpanMetricsConfig config = ByType();
  config.event_dimensions = {{"big", std::nullopt}, {"missing", std::nullopt}, {"type", std::nullopt}};
  CountedSpans counted(config);
  OtlpSpan span(1, 1, std::string(1'000'000, 'n'));
  for (int i = 0; i < 100'000; ++i) span.Attribute("k", IntValue(i));
  span.Attribute("big", StringValue(std::string(1'000'000, 'v')));
  for (int i = 0; i < 200'000; ++i) span.Event(Event(std::to_string(i).c_str()));
  const auto start = std::chrono::steady_clock::now();
  counted.Count(Request(span));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_THAT(Page(counted), HasSubstr("events_total{job=\"cart\",otel_metric_overflow=\"true\"} 200000\n"));
  counted.Count(Request(Span().Event(Event("io"))));
  EXPECT_THAT(Page(counted), HasSubstr("events_total{job=\"cart\",span_name=\"GET /\",type=\"io\"} 1\n"));
}

TEST(Events, ThatAreTooLongToBeShownLeaveOthersAlone) {
  CountedSpans counted(ByType());
  const std::string large(20'000, 'x'), larger(30'000, 'y');
  counted.Count(Request(OtlpSpan(1, 1, large).Event(Event("c"))));
  counted.Count(
      Request(Span().Event(Event("a")).Event(Event(large.c_str())).Event(Event(larger.c_str())).Event(Event("b"))));
  const std::string page = Page(counted);
  for (const char* type : {"a", "b"}) {
    EXPECT_THAT(page,
                HasSubstr("events_total{job=\"cart\",span_name=\"GET /\",type=\"" + std::string(type) + "\"} 1\n"));
  }
  EXPECT_THAT(page, HasSubstr("events_total{job=\"cart\",otel_metric_overflow=\"true\"} 3\n"));
}

}  // namespace
}  // namespace tailrace
