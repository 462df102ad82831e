#include "collector/admin/baselines_route.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/manual_clock.h"

namespace tailrace {
namespace {

using ::testing::HasSubstr;

BaselineReport TwoRows() {
  BaselineReport report;
  report.rows.push_back({.name = {"b", "long", 2}, .totals = {4, 1, 2e9}, .p50_ns = 5e8, .p95_ns = 6e8, .p99_ns = 7e8});
  report.rows.push_back({.name = {std::string("\"</b>\n\0\xFF", 8), "short", 6}, .totals = {1, 0, 1}});
  report.overflow_calls = 9;
  report.exact = false;
  report.estimates = {{"b", 8, 10}, {"other", 3, 0}};
  return report;
}

class BaselinesRouteTest : public ::testing::Test {
 protected:
  AdminResponse Ask(TextMap parameters) {
    AdminRequest request;
    request.parameters = std::move(parameters);
    return BaselinesRoute(
               [this](const BaselineRange& range) {
                 asked_ = range;
                 return TwoRows();
               },
               clock_)
        .handler(request);
  }

  testing::ManualClock clock_;
  BaselineRange asked_;
};

TEST_F(BaselinesRouteTest, SaysAllOfARow) {
  const AdminResponse answer = Ask({});
  EXPECT_EQ(answer.status, 200u);
  EXPECT_THAT(answer.body, HasSubstr(R"("exact":false,"error":0.01,"overflow_calls":9)"));
  EXPECT_THAT(answer.body, HasSubstr(R"({"service":"b","operation":"long","kind":"server","calls":4,"errors":1,)"
                                     R"("total_ms":2000,"p50_ms":500,"p95_ms":600,"p99_ms":700})"));
  EXPECT_THAT(answer.body, HasSubstr(R"({"service":"b","calls":4,"errors":1,"decided_calls":8,"estimated_calls":10,)"
                                     R"("estimate_error_ratio":0.25})"));
  EXPECT_THAT(answer.body, HasSubstr(R"({"service":"other","calls":0,"errors":0,"decided_calls":3,)"
                                     R"("estimated_calls":0,"estimate_error_ratio":-1})"));
}

TEST_F(BaselinesRouteTest, HostileNamesAreText) {
  EXPECT_THAT(Ask({}).body, HasSubstr(R"("service":"\"</b>\n\u0000�","operation":"short","kind":"unspecified")"));
}

TEST_F(BaselinesRouteTest, ALimitLeavesRowsOutAndSaysSo) {
  EXPECT_THAT(Ask({{"limit", "1"}}).body, HasSubstr("\"rows_left_out\":1"));
}

TEST_F(BaselinesRouteTest, WrongParametersAreNamed) {
  const TextMap wrong[] = {{{"window_s", "0"}},  {{"window_s", "x"}}, {{"ago_s", "-1"}},
                           {{"limit", "99999"}}, {{"window_s", ""}},  {{"window_s", "300s"}}};
  for (const TextMap& parameters : wrong) {
    const AdminResponse answer = Ask(parameters);
    EXPECT_EQ(answer.status, 400u);
    EXPECT_THAT(answer.body, HasSubstr(parameters.begin()->first + " is a whole number from "));
  }
}

}  // namespace
}  // namespace tailrace
