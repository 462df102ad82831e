// The two texts in which a scraper reads metrics, and which of them it gets.
#include "collector/spanmetrics/exposition.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace tailrace {
namespace {

constexpr auto kText = MetricsFormat::kText;
constexpr auto kOpenMetrics = MetricsFormat::kOpenMetrics;

TEST(FormatFor, WhatIsWantedMostOfTheTwo) {
  EXPECT_EQ(FormatFor(""), kText);
  EXPECT_EQ(FormatFor("*/*"), kText);
  EXPECT_EQ(FormatFor("application/openmetrics-text"), kOpenMetrics);
  EXPECT_EQ(FormatFor("application/openmetrics-text; version=0.0.1"), kOpenMetrics);
  EXPECT_EQ(FormatFor("Application/OpenMetrics-Text;Version=1.0.0"), kOpenMetrics);
  // As Prometheus 3 asks.
  EXPECT_EQ(FormatFor("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                      "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;"
                      "escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"),
            kOpenMetrics);
  EXPECT_EQ(FormatFor("text/plain;version=0.0.4;q=0.5,application/openmetrics-text;q=0.4"), kText);
  EXPECT_EQ(FormatFor("application/openmetrics-text;version=2.0.0"), kText) << "not known";
  EXPECT_EQ(FormatFor("application/openmetrics-text;q=0"), kText) << "not wanted";
  EXPECT_EQ(FormatFor("application/openmetrics-text;q=much"), kText);
  EXPECT_EQ(FormatFor(",;,q=1;,"), kText);
}

TEST(Exposition, NumbersAsGoWritesThem) {
  const Exposition text(kText, 0), open(kOpenMetrics, 0);
  EXPECT_EQ(text.Number(2), "2");
  EXPECT_EQ(open.Number(2), "2.0");
  EXPECT_EQ(open.Number(0.25), "0.25");
  EXPECT_EQ(open.Number(2e6), "2e+06");
  EXPECT_EQ(open.Bound("+Inf"), "+Inf");
  EXPECT_EQ(open.Number(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(open.Bound("123456789"), "123456789.0") << "what is counted exactly stays exact";
}

TEST(Exposition, CountersEndInTotal) {
  const Exemplar exemplar{.trace_id = "aa", .span_id = "bb", .duration_ns = 2, .unix_ms = 1500};
  const auto page = [&](MetricsFormat format, const char* name) {
    Exposition out(format, 0);
    out.Describe(name, MetricType::kCounter, "Help");
    out.Sample(name, "a=\"b\"", "1", &exemplar);
    return out.Finish();
  };
  EXPECT_EQ(page(kText, "x_total"), "# HELP x_total Help\n# TYPE x_total counter\nx_total{a=\"b\"} 1\n");
  EXPECT_EQ(page(kOpenMetrics, "x_total"),
            "# HELP x Help\n# TYPE x counter\nx_total{a=\"b\"} 1 # {span_id=\"bb\",trace_id=\"aa\"} 2.0 1.5\n# EOF\n");
  // Without the suffix it is no counter to OpenMetrics, and what has no type has no exemplars.
  EXPECT_EQ(page(kOpenMetrics, "x"), "# HELP x Help\n# TYPE x unknown\nx{a=\"b\"} 1\n# EOF\n");
}

TEST(Exposition, TimesAreMillisecondsInTheOneAndSecondsInTheOther) {
  for (const auto& [format, end] : {std::pair(kText, " 1500\n"), std::pair(kOpenMetrics, " 1.5\n# EOF\n")}) {
    Exposition out(format, 1500);
    out.Sample("x", "", "1");
    EXPECT_EQ(out.Finish(), std::string("x{} 1") + end);
  }
}

}  // namespace
}  // namespace tailrace
