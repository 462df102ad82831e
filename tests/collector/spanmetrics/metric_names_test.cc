// The names of the Collector's prometheus exporter; expected values from its own translator and from Go's strconv.
#include "collector/spanmetrics/metric_names.h"

#include <cmath>

#include "gtest/gtest.h"

namespace tailrace {
namespace {

TEST(MetricNames, Metrics) {
  EXPECT_EQ(MetricName("", "traces.span.metrics.calls", "", true, true), "traces_span_metrics_calls_total");
  EXPECT_EQ(MetricName("", "traces.span.metrics.duration", "ms", false, true),
            "traces_span_metrics_duration_milliseconds");
  EXPECT_EQ(MetricName("", "traces.span.metrics.duration", "s", false, true), "traces_span_metrics_duration_seconds");
  EXPECT_EQ(MetricName("shop", "calls", "", true, true), "shop_calls_total");
  EXPECT_EQ(MetricName("", "a.total.calls", "", true, true), "a_calls_total");
  EXPECT_EQ(MetricName("", "duration.seconds", "s", false, true), "duration_seconds");
  EXPECT_EQ(MetricName("", "4xx..calls", "", true, true), "_4xx_calls_total");
  EXPECT_EQ(MetricName("", "traces.span.metrics.calls", "", true, false), "traces_span_metrics_calls");
  EXPECT_EQ(MetricName("my.space", "traces.span.metrics.duration", "ms", false, false),
            "my_space_traces_span_metrics_duration");
}

TEST(MetricNames, Labels) {
  EXPECT_EQ(LabelName("service.name"), "service_name");
  EXPECT_EQ(LabelName("http..status--code"), "http_status_code");
  EXPECT_EQ(LabelName("a__b"), "a_b");
  EXPECT_EQ(LabelName("1st"), "key_1st");
  EXPECT_EQ(LabelName("_private"), "key_private");
  EXPECT_EQ(LabelName("__reserved__"), "__reserved__");
  EXPECT_EQ(LabelName("größe"), "gr_e");
  EXPECT_EQ(LabelName("..."), "");
  EXPECT_EQ(LabelName(""), "");
}

TEST(MetricNames, NumbersAsGoWritesThem) {
  EXPECT_EQ(GoFloat(0), "0");
  EXPECT_EQ(GoFloat(0.5), "0.5");
  EXPECT_EQ(GoFloat(15000), "15000");
  EXPECT_EQ(GoFloat(999999), "999999");
  EXPECT_EQ(GoFloat(1000000), "1e+06");
  EXPECT_EQ(GoFloat(1234567.5), "1.2345675e+06");
  EXPECT_EQ(GoFloat(0.0001), "0.0001");
  EXPECT_EQ(GoFloat(0.00001), "1e-05");
  EXPECT_EQ(GoFloat(1e21), "1e+21");
  EXPECT_EQ(GoFloat(INFINITY), "+Inf");
  EXPECT_EQ(GoFloat(NAN), "NaN");
}

}  // namespace
}  // namespace tailrace
