#include "collector/spanmetrics/prometheus_page.h"

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

config::SpanMetricsConfig TwoBuckets() {
  config::SpanMetricsConfig config;
  config.buckets = {std::chrono::milliseconds(2), std::chrono::seconds(1)};
  return config;
}

OtlpResource Cart() {
  return OtlpResource()
      .Attribute("service.name", StringValue("cart"))
      .Attribute("service.namespace", StringValue("shop"))
      .Attribute("service.instance.id", StringValue("cart-1"))
      .Attribute("host.name", StringValue("h"));
}

TEST(PrometheusPage, LooksAsTheCollectorsExporterShowsTheConnector) {
  CountedSpans counted(TwoBuckets());
  counted.Count(OtlpRequest()
                    .Resource(Cart())
                    .Span(OtlpSpan(1, 1, "GET \"/\"\\\n").Kind(2).Times(kMs, 3 * kMs))
                    .Span(OtlpSpan(1, 2, "GET \"/\"\\\n").Kind(2).Times(kMs, 1001 * kMs + 1))
                    .Bytes());
  const std::string labels =
      R"(collector_instance_id="me",instance="cart-1",job="shop/cart",otel_scope_name="spanmetricsconnector",)"
      R"(otel_scope_schema_url="",otel_scope_version="",service_name="cart",span_kind="SPAN_KIND_SERVER",)"
      R"(span_name="GET \"/\"\\\n",status_code="STATUS_CODE_UNSET")";
  EXPECT_EQ(counted.Page(), R"(# HELP target_info Target metadata
# TYPE target_info gauge
target_info{host_name="h",instance="cart-1",job="shop/cart"} 1
# HELP traces_span_metrics_calls_total)"
                            " \n"
                            R"(# TYPE traces_span_metrics_calls_total counter
traces_span_metrics_calls_total{)" +
                                labels +
                                R"(} 2
# HELP traces_span_metrics_duration_milliseconds)"
                                " \n"
                                R"(# TYPE traces_span_metrics_duration_milliseconds histogram
traces_span_metrics_duration_milliseconds_bucket{)" +
                                labels + R"(,le="2"} 1
traces_span_metrics_duration_milliseconds_bucket{)" +
                                labels + R"(,le="1000"} 1
traces_span_metrics_duration_milliseconds_bucket{)" +
                                labels + R"(,le="+Inf"} 2
traces_span_metrics_duration_milliseconds_sum{)" +
                                labels + R"(} 1002.000001
traces_span_metrics_duration_milliseconds_count{)" +
                                labels + R"(} 2
)");
}

TEST(PrometheusPage, OptionsOfBothSidesChangeNamesAndLabels) {
  config::SpanMetricsConfig connector = TwoBuckets();
  connector.metrics_namespace = "";
  connector.unit = config::DurationUnit::kSeconds;
  CountedSpans counted(connector);
  counted.Count(OtlpRequest().Resource(Cart()).Span(OtlpSpan(1, 1, "x").Times(kMs, 3 * kMs)).Bytes());
  config::PrometheusExporterConfig exporter;
  exporter.metrics_namespace = "shop";
  exporter.const_labels = {{"region", "eu"}};
  exporter.send_timestamps = true;
  exporter.resource_labels = true;
  exporter.without_scope_info = true;
  const std::string page = counted.Page(exporter);
  EXPECT_THAT(page, HasSubstr(R"(shop_calls_total{collector_instance_id="me",host_name="h",instance="cart-1",)"
                              R"(job="shop/cart",region="eu",service_instance_id="cart-1",service_name="cart",)"
                              R"(service_namespace="shop",span_kind="SPAN_KIND_UNSPECIFIED",span_name="x",)"
                              R"(status_code="STATUS_CODE_UNSET"} 1 1700000000000)"));
  EXPECT_THAT(page, HasSubstr("shop_duration_seconds_bucket"));
  EXPECT_THAT(page, HasSubstr(R"(le="0.002"} 1 1700000000000)"));
  EXPECT_THAT(page, HasSubstr("shop_target_info"));
  exporter.metric_suffixes = false;
  EXPECT_THAT(counted.Page(exporter), HasSubstr("\nshop_calls{"));
  EXPECT_THAT(counted.Page(exporter), HasSubstr("\nshop_duration_sum{"));
}

TEST(PrometheusPage, WithoutAHistogramThereAreCallsAlone) {
  config::SpanMetricsConfig connector = TwoBuckets();
  connector.histogram = false;
  CountedSpans counted(connector);
  counted.Count(OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "x")).Bytes());
  EXPECT_THAT(counted.Page(), HasSubstr("traces_span_metrics_calls_total"));
  EXPECT_THAT(counted.Page(), Not(HasSubstr("duration")));
}

// Two pods of one service, neither with a service.instance.id, look the same to a scraper.
TEST(PrometheusPage, SeriesThatLookTheSameAreOne) {
  CountedSpans counted(TwoBuckets());
  for (const char* pod : {"a", "b"}) {
    counted.Count(
        OtlpRequest()
            .Resource(OtlpResource().Attribute("service.name", StringValue("cart")).Attribute("pod", StringValue(pod)))
            .Span(OtlpSpan(1, 1, "x").Times(kMs, 2 * kMs))
            .Bytes());
  }
  EXPECT_THAT(counted.Page(), HasSubstr("status_code=\"STATUS_CODE_UNSET\"} 2\n# HELP traces_span_metrics_duration"));
  EXPECT_THAT(counted.Page(), HasSubstr("le=\"2\"} 2\n"));
  EXPECT_THAT(counted.Page(), Not(HasSubstr("target_info"))) << "it takes an instance";
}

TEST(PrometheusPage, HostileNamesLeaveThePageReadable) {
  CountedSpans counted(TwoBuckets());
  counted.Count(OtlpRequest().Service("caf\xC3\xA9").Span(OtlpSpan(1, 1, "</script>\xFF\xC3")).Bytes());
  EXPECT_THAT(counted.Page(), HasSubstr("service_name=\"caf\xC3\xA9\""));
  EXPECT_THAT(counted.Page(), HasSubstr("span_name=\"</script>\xEF\xBF\xBD\xEF\xBF\xBD\""));
}

TEST(PrometheusPage, AnOverflowSeriesIsMarked) {
  config::SpanMetricsConfig connector = TwoBuckets();
  connector.cardinality_limit = 1;
  CountedSpans counted(connector);
  counted.Count(OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "a")).Span(OtlpSpan(1, 2, "b")).Bytes());
  EXPECT_THAT(counted.Page(), HasSubstr("otel_metric_overflow=\"true\""));
}

}  // namespace
}  // namespace tailrace
