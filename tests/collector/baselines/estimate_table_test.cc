#include "collector/baselines/estimate_table.h"

#include <gtest/gtest.h>

#include <string>

namespace tailrace {
namespace {

constexpr int64_t kWindow = EstimateTable::kWindowNs;
constexpr int64_t kNothingWaits = INT64_MAX;

std::vector<ServiceEstimate> All(const EstimateTable& table, int64_t undecided_ns = kNothingWaits) {
  std::vector<ServiceEstimate> sums;
  table.AddTo(0, INT64_MAX - 1, undecided_ns, &sums);
  return sums;
}

ServiceEstimate Of(const std::vector<ServiceEstimate>& sums, const std::string& service) {
  ServiceEstimate found;
  for (const ServiceEstimate& sum : sums) {
    if (sum.service == service) found = sum;
  }
  return found;
}

TEST(EstimateTable, SaysWhatTheKeptOnesStandForOfEachService) {
  EstimateTable table({.rows = 8});
  const uint32_t cart = table.RowOf("cart"), shop = table.RowOf("shop");
  EXPECT_EQ(table.RowOf("cart"), cart);
  EXPECT_NE(shop, cart);
  table.Arrived(cart, 90, 0);
  table.Arrived(cart, 10, 5);
  table.Arrived(shop, 4, 5);
  table.Kept(cart, 150, 0);
  const std::vector<ServiceEstimate> sums = All(table);
  ASSERT_EQ(sums.size(), 2u);
  EXPECT_EQ(Of(sums, "cart").decided_calls, 100u);
  EXPECT_EQ(ErrorRatio(Of(sums, "cart")), 0.5);
  EXPECT_EQ(ErrorRatio(Of(sums, "shop")), -1);
}

TEST(EstimateTable, OnlyWindowsInWhichAllIsDecidedAreRead) {
  EstimateTable table({.rows = 8});
  const uint32_t row = table.RowOf("cart");
  table.Arrived(row, 1, kWindow - 1);
  table.Arrived(row, 2, kWindow);
  table.Arrived(row, 4, 2 * kWindow);
  EXPECT_EQ(All(table)[0].decided_calls, 7u);
  EXPECT_EQ(All(table, 2 * kWindow + 5)[0].decided_calls, 3u);
  EXPECT_EQ(All(table, 2 * kWindow)[0].decided_calls, 3u);
  EXPECT_EQ(All(table, 2 * kWindow - 1)[0].decided_calls, 1u);
  EXPECT_TRUE(All(table, kWindow - 1).empty());
  table.Kept(row, 100, kWindow);
  EXPECT_EQ(All(table, kWindow)[0].estimated_calls, 0) << "that of a later window does not count with the earlier one";
}

TEST(EstimateTable, ReadsTheTimeThatIsAskedFor) {
  EstimateTable table({.rows = 8});
  const uint32_t row = table.RowOf("cart");
  for (int64_t window = 0; window < 5; ++window) table.Arrived(row, 1 << window, window * kWindow);
  std::vector<ServiceEstimate> sums;
  table.AddTo(kWindow, 3 * kWindow - 1, kNothingWaits, &sums);
  EXPECT_EQ(sums[0].decided_calls, 6u);
}

TEST(EstimateTable, OldWindowsAreForgottenAndAWaitBeyondThemCountsNowhere) {
  EstimateTable table({.rows = 8});
  const uint32_t row = table.RowOf("cart");
  table.Arrived(row, 1, 0);
  table.Arrived(row, 2, EstimateTable::kWindows * kWindow);
  table.Kept(row, 100, 0);
  ASSERT_EQ(All(table).size(), 1u);
  EXPECT_EQ(All(table)[0].decided_calls, 2u);
  EXPECT_EQ(All(table)[0].estimated_calls, 0);
  table.Arrived(row, 4, (3 * EstimateTable::kWindows + 1) * kWindow);
  EXPECT_EQ(All(table)[0].decided_calls, 4u) << "also where no window came between";
}

TEST(EstimateTable, AHundredThousandServicesTakeNoMoreMemoryAndNoCallIsLost) {
  const EstimateTable::Options options = EstimateTable::Size(1 << 20);
  EXPECT_LE(EstimateTable::Bytes(options), uint64_t{1} << 20);
  EstimateTable table(options);
  for (int i = 0; i < 100'000; ++i) table.Arrived(table.RowOf("service " + std::to_string(i)), 1, 0);
  uint64_t calls = 0;
  const std::vector<ServiceEstimate> sums = All(table);
  EXPECT_EQ(sums.size(), options.rows);
  for (const ServiceEstimate& sum : sums) calls += sum.decided_calls;
  EXPECT_EQ(calls, 100'000u);
  EXPECT_EQ(Of(sums, "other").decided_calls, 100'000u - (options.rows - 1));
  EXPECT_EQ(table.RowOf(std::string(1'000'000, 'x')), EstimateTable::kOther);
}

TEST(EstimateTable, ServicesThatNoWindowKnowsGiveTheirPlaceBack) {
  EstimateTable table({.rows = 8});
  for (int i = 0; i < 100; ++i) table.Arrived(table.RowOf("burst " + std::to_string(i)), 1, 0);
  EXPECT_EQ(table.RowOf("later"), EstimateTable::kOther);
  const uint64_t generation = table.generation();
  table.Arrived(EstimateTable::kOther, 1, EstimateTable::kWindows * kWindow);
  const uint32_t row = table.RowOf("later");
  EXPECT_NE(row, EstimateTable::kOther);
  EXPECT_NE(table.generation(), generation);
  table.Kept(row, 1, EstimateTable::kWindows * kWindow);
  EXPECT_EQ(Of(All(table), "other").estimated_calls, 1) << "it was among the others when its calls came";
}

TEST(EstimateTable, OfNoRowsCountsNothing) {
  EstimateTable table({});
  EXPECT_FALSE(table.enabled());
  table.Arrived(table.RowOf("cart"), 1, 0);
  table.Kept(0, 1, 0);
  EXPECT_TRUE(All(table).empty());
}

TEST(AddEstimate, AServiceStandsInAListOnceAndTheListIsBounded) {
  std::vector<ServiceEstimate> sums;
  for (int shard = 0; shard < 3; ++shard) {
    for (int i = 0; i < 200; ++i) AddEstimate({std::to_string(shard * 100 + i), 1, 2}, &sums);
  }
  EXPECT_EQ(sums.size(), EstimateTable::kRowsMax);
  EXPECT_EQ(Of(sums, "0").decided_calls, 1u);
  EXPECT_EQ(Of(sums, "150").decided_calls, 2u);
  uint64_t calls = 0;
  for (const ServiceEstimate& sum : sums) calls += sum.decided_calls;
  EXPECT_EQ(calls, 600u);
}

}  // namespace
}  // namespace tailrace
