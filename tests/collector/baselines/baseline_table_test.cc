#include "collector/baselines/baseline_table.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/collector/baselines/counted_requests.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: the builders

constexpr int64_t kWindow = BaselineTable::kWindowNs;

uint64_t AllCalls(const ShardBaselines& copy) {
  uint64_t calls = 0;
  for (const OperationTotals& totals : copy.totals) calls += totals.calls;
  return calls;
}

uint32_t Named(const ShardBaselines& copy, const std::string& operation) {
  for (uint32_t row = 1; row < copy.names.size(); ++row) {
    if (copy.names[row].operation == operation && copy.totals[row].calls != 0) return row;
  }
  return BaselineTable::kOverflow;
}

TEST(BaselineTable, CountsCallsErrorsAndTimeOfEachOperation) {
  BaselineTable table(BaselineTable::Size(1 << 20));
  Count(&table,
        OtlpRequest()
            .Service("cart")
            .Span(OtlpSpan(1, 1, "GET /").Kind(2).Times(1000, 3000))
            .Span(OtlpSpan(1, 2, "GET /").Kind(2).Times(1000, 2000).Status(2))
            .Span(OtlpSpan(1, 3, "GET /").Kind(3).Times(1000, 2000))
            .Bytes(),
        0);
  const ShardBaselines copy = CopyOfWindow(table, 0);
  const uint32_t row = Named(copy, "GET /");
  ASSERT_NE(row, BaselineTable::kOverflow);
  EXPECT_EQ(copy.names[row].service, "cart");
  EXPECT_EQ(copy.names[row].kind, 2);
  EXPECT_EQ(copy.totals[row].calls, 2u);
  EXPECT_EQ(copy.totals[row].errors, 1u);
  EXPECT_EQ(copy.totals[row].total_ns, 3000.0);
  EXPECT_EQ(AllCalls(copy), 3u) << "another kind is another operation";
  EXPECT_TRUE(copy.exact);
}

TEST(BaselineTable, TakesTheBytesThatItIsGiven) {
  for (const uint64_t bytes : {uint64_t{1} << 17, uint64_t{1} << 20, uint64_t{16} << 20}) {
    const BaselineTable::Options options = BaselineTable::Size(bytes);
    EXPECT_LE(BaselineTable::Bytes(options), bytes);
    EXPECT_GE(BaselineTable::Bytes(options), bytes / 10 * 9);
  }
}

TEST(BaselineTable, AMillionOperationNamesTakeNoMoreMemoryAndNoneIsLost) {
  BaselineTable::Options options = BaselineTable::Size(1 << 20);
  BaselineTable table(options);
  constexpr uint64_t kNames = 1'000'000;
  for (uint64_t name = 0; name < kNames; name += 1000) {
    OtlpRequest request;
    request.Service("cart");
    for (uint64_t i = 0; i < 1000; ++i) {
      request.Span(OtlpSpan(1, 1 + i, "GET /" + std::to_string(name + i)).Times(1, 1'000'000 + i));
    }
    Count(&table, request.Bytes(), 0);
  }
  const ShardBaselines copy = CopyOfWindow(table, 0);
  EXPECT_EQ(copy.names.size(), options.rows);
  EXPECT_EQ(AllCalls(copy), kNames);
  EXPECT_EQ(copy.totals[BaselineTable::kOverflow].calls, kNames - (options.rows - 1));
  EXPECT_EQ(table.overflow_calls(), kNames - (options.rows - 1));
}

TEST(BaselineTable, RowsThatNoWindowKnowsAreGivenBack) {
  BaselineTable table(BaselineTable::Size(1 << 20));
  for (int i = 0; i < 10; ++i) {
    OtlpRequest burst;
    burst.Service("cart");
    for (int n = 0; n < 1000; ++n) burst.Span(OtlpSpan(1, 1, "burst " + std::to_string(i * 1000 + n)).Times(1, 2));
    Count(&table, burst.Bytes(), 0);
  }
  const std::string later = OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "later").Times(1, 2)).Bytes();
  Count(&table, later, kWindow);
  EXPECT_EQ(Named(CopyOfWindow(table, 1), "later"), BaselineTable::kOverflow) << "the burst is still remembered";
  const uint64_t generation = table.generation();
  Count(&table, later, BaselineTable::kWindows * kWindow);
  EXPECT_NE(Named(CopyOfWindow(table, BaselineTable::kWindows), "later"), BaselineTable::kOverflow);
  EXPECT_NE(table.generation(), generation);
}

TEST(BaselineTable, WindowsAreKeptApartAndOldOnesForgotten) {
  BaselineTable table(BaselineTable::Size(1 << 20));
  const std::string request = OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "GET /").Times(1, 2)).Bytes();
  for (int64_t window = 0; window < 20; ++window) Count(&table, request, window * kWindow + 1);
  EXPECT_EQ(AllCalls(CopyOfWindow(table, 19)), 1u);
  EXPECT_EQ(AllCalls(CopyOfWindow(table, 7)), 1u);
  EXPECT_EQ(AllCalls(CopyOfWindow(table, 6)), 0u) << "thirteen windows are held";
}

TEST(BaselineTable, ARequestThatIsNotCountedIsStoodForByOthers) {
  BaselineTable::Options options = BaselineTable::Size(1 << 20);
  options.exact_spans_per_second = 1000;
  BaselineTable table(options);
  const std::string request = OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "GET /").Times(1, 2)).Bytes();
  constexpr int kRequests = 200'000;
  for (int i = 0; i < kRequests; ++i) Count(&table, request, 1 + i * int64_t{50'000});  // 20 000 a second, for ten
  const ShardBaselines copy = CopyOfWindow(table, 0);
  EXPECT_FALSE(copy.exact);
  EXPECT_NEAR(static_cast<double>(AllCalls(copy)), kRequests, kRequests * 0.05);
}

TEST(BaselineTable, WhenAllLinesAreTakenTotalsGoOn) {
  BaselineTable::Options options{.rows = 8, .lines = 16};
  BaselineTable table(options);
  for (int exponent = 1; exponent < 44; ++exponent) {
    Count(&table, OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "GET /").Times(1, 1 + (1ULL << exponent))).Bytes(),
          0);
  }
  const ShardBaselines copy = CopyOfWindow(table, 0);
  EXPECT_EQ(AllCalls(copy), 43u);
  EXPECT_GT(copy.missed, 0u);
  EXPECT_LE(copy.lines.size(), 16u);
}

TEST(BaselineTable, LongNamesAreCutForShowAndToldApart) {
  BaselineTable table(BaselineTable::Size(1 << 20));
  const std::string start(1'000'000, 'x');
  Count(&table, OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, start + "a").Times(1, 2)).Bytes(), 0);
  Count(&table, OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, start + "b").Times(1, 2)).Bytes(), 0);
  const ShardBaselines copy = CopyOfWindow(table, 0);
  uint32_t rows = 0;
  for (uint32_t row = 1; row < copy.names.size(); ++row) {
    EXPECT_LE(copy.names[row].operation.size(), BaselineTable::kNameBytesMax);
    rows += copy.totals[row].calls != 0 ? 1 : 0;
  }
  EXPECT_EQ(rows, 2u);
}

}  // namespace
}  // namespace tailrace
