// metrics_expiration: resources without spans for so long are forgotten, and their places are used again.
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

config::SpanMetricsConfig TenSeconds() {
  config::SpanMetricsConfig config = SpanMetricsByName();
  config.histogram = false;
  config.metrics_expiration = std::chrono::seconds(10);
  return config;
}

std::string Request(const std::string& service, const std::string& name = "GET /") {
  return OtlpRequest().Service(service).Span(OtlpSpan(1, 1, name).Times(1, 2)).Bytes();
}

std::string Page(const CountedSpans& counted) { return counted.Page({.without_scope_info = true}); }

TEST(Expiration, AResourceThatIsSilentGoesAndStartsAnew) {
  CountedSpans counted(TenSeconds());
  counted.Count(Request("cart"), 0, 0);
  counted.Count(Request("cart", "PUT /"), 1, 1 * kSecond);
  counted.Count(Request("shop"), 0, 5 * kSecond);
  counted.Expire(11 * kSecond - 1);
  EXPECT_EQ(counted.SeriesCount(), 3u) << "on the other shard it came later";
  EXPECT_THAT(Page(counted), HasSubstr("calls_total{job=\"cart\",span_name=\"GET /\"} 1\n"));
  counted.Expire(11 * kSecond);
  EXPECT_THAT(Page(counted), Not(HasSubstr("cart")));
  EXPECT_THAT(Page(counted), HasSubstr("calls_total{job=\"shop\",span_name=\"GET /\"} 1\n"));
  EXPECT_EQ(counted.SeriesCount(), 1u);
  counted.Count(Request("cart"), 1, 12 * kSecond);
  counted.Count(Request("cart"), 0, 12 * kSecond);
  EXPECT_THAT(Page(counted), HasSubstr("calls_total{job=\"cart\",span_name=\"GET /\"} 2\n"));
  EXPECT_THAT(Page(counted), Not(HasSubstr("PUT")));
}

TEST(Expiration, SpansKeepAResource) {
  CountedSpans counted(TenSeconds());
  for (int64_t second = 0; second < 100; second += 9) {
    counted.Count(Request("cart"), 0, second * kSecond);
    counted.Expire(second * kSecond);
  }
  EXPECT_THAT(Page(counted), HasSubstr("calls_total{job=\"cart\",span_name=\"GET /\"} 12\n"));
}

TEST(Expiration, ManyThatComeAndGoFindRoom) {
  config::SpanMetricsConfig config = TenSeconds();
  config.resources_max = 4;
  config.cardinality_limit = 2;
  CountedSpans counted(config, 16);
  for (int round = 0; round < 1000; ++round) {
    const std::string pod = "pod-" + std::to_string(round);
    const int64_t now_ns = round * 4 * kSecond;
    for (int name = 0; name < 4; ++name) {
      counted.Count(Request(pod, "op " + std::to_string(name)), static_cast<uint32_t>(round + name) % 2, now_ns);
    }
    counted.Expire(now_ns);
    EXPECT_LE(counted.SeriesCount(), 9u);
  }
  const std::string page = Page(counted);
  for (const char* pod : {"pod-997", "pod-998", "pod-999"}) {
    EXPECT_THAT(page, HasSubstr("calls_total{job=\"" + std::string(pod) + "\",span_name=\"op 0\"} 1\n"));
    EXPECT_THAT(page, HasSubstr("calls_total{job=\"" + std::string(pod) + "\",span_name=\"op 1\"} 1\n"));
    EXPECT_THAT(page, HasSubstr("calls_total{job=\"" + std::string(pod) + "\",otel_metric_overflow=\"true\"} 2\n"));
  }
  EXPECT_THAT(page, Not(HasSubstr("pod-996\"")));
  EXPECT_THAT(page, Not(HasSubstr("calls_total{otel_metric_overflow"))) << "every resource found a place";
}

TEST(Expiration, WhatWasCountedTogetherForWantOfRoomFindsIt) {
  config::SpanMetricsConfig config = TenSeconds();
  config.resources_max = 1;
  CountedSpans counted(config);
  counted.Count(Request("cart"), 0, 0);
  counted.Count(Request("shop"), 0, 9 * kSecond);
  EXPECT_THAT(Page(counted), HasSubstr("calls_total{otel_metric_overflow=\"true\"} 1\n"));
  counted.Expire(10 * kSecond);
  counted.Count(Request("shop"), 0, 11 * kSecond);
  EXPECT_THAT(Page(counted), HasSubstr("calls_total{job=\"shop\",span_name=\"GET /\"} 1\n"));
}

TEST(Expiration, NamesAreFoundAfterOthersHaveGone) {
  CountedSpans counted(TenSeconds(), 64);
  for (int name = 0; name < 30; ++name) {
    counted.Count(Request("goes", "op " + std::to_string(name)), 0, 0);
    counted.Count(Request("stays", "op " + std::to_string(name)), 0, 5 * kSecond);
  }
  counted.Expire(10 * kSecond);
  for (int name = 0; name < 30; ++name) counted.Count(Request("stays", "op " + std::to_string(name)), 0, 10 * kSecond);
  EXPECT_EQ(counted.SeriesCount(), 30u);
  const std::string page = Page(counted);
  for (int name = 0; name < 30; ++name) {
    EXPECT_THAT(page, HasSubstr("span_name=\"op " + std::to_string(name) + "\"} 2\n"));
  }
}

TEST(Expiration, OfNoTimeForgetsNothing) {
  config::SpanMetricsConfig config = TenSeconds();
  config.metrics_expiration = std::chrono::seconds(0);
  CountedSpans counted(config);
  counted.Count(Request("cart"), 0, 0);
  counted.Expire(1'000'000 * kSecond);
  EXPECT_EQ(counted.SeriesCount(), 1u);
}

}  // namespace
}  // namespace tailrace
