// Exemplars: which spans of which kept traces stand for a series, and how OpenMetrics shows them.
#include "collector/spanmetrics/exemplars.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collector/spanmetrics/counted_spans.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: the builders
using ::testing::HasSubstr;
using ::testing::Not;

constexpr uint64_t kMs = 1'000'000;

// Series by name alone; buckets up to 2 ms, up to 1 s, and the rest.
config::SpanMetricsConfig ByName(uint64_t exemplars_max = 5) {
  config::SpanMetricsConfig config = SpanMetricsByName();
  config.buckets = {std::chrono::milliseconds(2), std::chrono::seconds(1)};
  config.exemplars = true;
  config.exemplars_max = exemplars_max;
  return config;
}

std::string Request(uint64_t trace, uint64_t ms, const std::string& name = "GET /") {
  return OtlpRequest().Service("cart").Span(OtlpSpan(trace, trace + 0xA0, name).Times(kMs, (ms + 1) * kMs)).Bytes();
}

// Of the first bucket's line, the digits of ids that tell traces apart here.
std::string Page(const CountedSpans& counted, const std::vector<KeptTrace>& newest_first) {
  return counted.OpenMetricsPage(newest_first, {.without_scope_info = true});
}

TEST(Exemplars, StandBehindTheBucketThatTheyFallInto) {
  CountedSpans counted(ByName());
  for (const auto& [trace, ms] : {std::pair(1, 1), {2, 700}, {3, 2}}) counted.Count(Request(trace, ms), trace % 2);
  const std::string page = Page(counted, {{Request(2, 700), 1'700'000'000'500}, {Request(1, 1), 1'700'000'000'000}});
  EXPECT_THAT(page, HasSubstr("calls_total{job=\"cart\",span_name=\"GET /\"} 3.0 # {span_id=\"00000000000000a2\","
                              "trace_id=\"00000000000000000000000000000002\"} 700.0 1.7000000005e+09\n"));
  EXPECT_THAT(page, HasSubstr("le=\"2.0\"} 2 # {span_id=\"00000000000000a1\","
                              "trace_id=\"00000000000000000000000000000001\"} 1.0 1.7e+09\n"));
  EXPECT_THAT(page, HasSubstr("le=\"1000.0\"} 3 # {span_id=\"00000000000000a2\","));
  EXPECT_THAT(page, HasSubstr("le=\"+Inf\"} 3\n"));
  EXPECT_THAT(page, HasSubstr("duration_milliseconds_sum{job=\"cart\",span_name=\"GET /\"} 703.0\n"));
}

TEST(Exemplars, TheNewestOfABucketStays) {
  CountedSpans counted(ByName());
  counted.Count(Request(1, 1));
  const std::string page = Page(counted, {{Request(9, 2), 2000}, {Request(8, 1), 1000}});
  EXPECT_THAT(page, HasSubstr("\"00000000000000000000000000000009\"} 2.0 2.0\n"));
  EXPECT_THAT(page, Not(HasSubstr("00000008")));
}

TEST(Exemplars, NoMoreThanWanted) {
  CountedSpans counted(ByName(1));
  counted.Count(Request(1, 1));
  const std::string page = Page(counted, {{Request(9, 5000), 2000}, {Request(8, 1), 1000}});
  EXPECT_THAT(page, HasSubstr("le=\"+Inf\"} 1 # {"));
  EXPECT_THAT(page, HasSubstr("le=\"2.0\"} 1\n"));
  CountedSpans none(ByName(0));
  none.Count(Request(1, 1));
  EXPECT_THAT(Page(none, {{Request(9, 5000), 2000}}), Not(HasSubstr(" # {")));
}

TEST(Exemplars, OfWhatIsNotCountedThereAreNone) {
  CountedSpans counted(ByName());
  counted.Count(Request(1, 1));
  const std::string other = OtlpRequest().Service("shop").Span(OtlpSpan(5, 5, "GET /").Times(kMs, 2 * kMs)).Bytes();
  const std::string nobody = OtlpRequest().Span(OtlpSpan(6, 6, "GET /").Times(kMs, 2 * kMs)).Bytes();
  const std::string page =
      Page(counted, {{Request(7, 1, "PUT /"), 4000}, {other, 3000}, {nobody, 2000}, {"\xff\xff", 1000}});
  EXPECT_THAT(page, Not(HasSubstr(" # {")));
  EXPECT_EQ(counted.SeriesCount(), 1u) << "looking makes none";
}

// An overflow series stands for many operations: no span is an example of it.
TEST(Exemplars, AnOverflowSeriesHasNone) {
  config::SpanMetricsConfig config = ByName();
  config.cardinality_limit = 1;
  CountedSpans counted(config);
  counted.Count(Request(1, 1, "a"));
  counted.Count(Request(2, 1, "b"));
  EXPECT_THAT(Page(counted, {{Request(2, 1, "b"), 1000}}), Not(HasSubstr(" # {")));
}

TEST(Exemplars, DimensionsTellTheirSeriesApart) {
  config::SpanMetricsConfig config = ByName();
  config.dimensions = {{.name = "tenant", .fallback = std::nullopt}};
  CountedSpans counted(config);
  const auto request = [](uint64_t trace, const char* tenant) {
    return OtlpRequest()
        .Service("cart")
        .Span(OtlpSpan(trace, trace, "GET /").Attribute("tenant", StringValue(tenant)).Times(kMs, 2 * kMs))
        .Bytes();
  };
  counted.Count(request(1, "a"));
  counted.Count(request(2, "b"));
  const std::string page = Page(counted, {{request(2, "b"), 1000}});
  EXPECT_THAT(page, HasSubstr("tenant=\"b\"} 1.0 # {span_id=\"0000000000000002\""));
  EXPECT_THAT(page, HasSubstr("tenant=\"a\"} 1.0\n"));
}

}  // namespace
}  // namespace tailrace
