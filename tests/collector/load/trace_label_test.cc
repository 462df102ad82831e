#include "collector/load/trace_label.h"

#include <gtest/gtest.h>

#include <set>

namespace tailrace {
namespace {

TEST(TraceLabel, ComesBackOutOfItsId) {
  for (const TraceLabel& label :
       {TraceLabel{.number = 0, .seed = 1, .spans = 1},
        TraceLabel{.number = (uint64_t{1} << 48) - 1,
        .seed = UINT32_MAX,
        .thread = 63,
        .trace_class = TraceClass::kSlow,
        .spans = 65'535},
        TraceLabel{.number = 12'345, .seed = 77, .thread = 3, .trace_class = TraceClass::kError, .spans = 20}}) {
    const TraceId id = EncodeTraceId(label);
    EXPECT_TRUE(id.valid());
    EXPECT_EQ(DecodeTraceId(id), label);
  }
}

TEST(TraceLabel, ForeignIdsAreNotMistaken) {
  TraceId id;
  for (uint8_t i = 0; i < 16; ++i) id.bytes[i] = static_cast<uint8_t>(i * 17 + 3);
  EXPECT_FALSE(DecodeTraceId(id));
  id = EncodeTraceId({.number = 5, .seed = 6, .spans = 7});
  id.bytes[4] ^= 1;
  EXPECT_FALSE(DecodeTraceId(id));
}

// Every byte of the ids of consecutive traces takes each of its values about equally often.
TEST(TraceLabel, IdsAreSpreadEvenly) {
  constexpr uint32_t kIds = 256 * 100;
  std::array<std::array<uint32_t, 256>, 16> counts{};
  for (uint64_t number = 0; number < kIds; ++number) {
    const TraceId id = EncodeTraceId({.number = number, .seed = 1, .spans = 20});
    for (size_t i = 0; i < 16; ++i) ++counts[i][id.bytes[i]];
  }
  for (const auto& byte : counts) {
    double chi_squared = 0;
    for (uint32_t count : byte) chi_squared += (count - 100.0) * (count - 100.0) / 100.0;
    EXPECT_LT(chi_squared, 375);  // 255 degrees of freedom: passed by chance once in a million
    EXPECT_GT(chi_squared, 155);
  }
}

TEST(SpanLabel, ComesBackAndDiffers) {
  std::set<uint64_t> ids;
  for (uint64_t salt = 1; salt < 50; ++salt) {
    for (uint32_t index : {0u, 1u, 19u, 65'535u}) {
      const uint64_t id = EncodeSpanId(static_cast<uint16_t>(index), salt);
      EXPECT_NE(id, 0u);
      EXPECT_EQ(DecodeSpanIndex(id), index);
      EXPECT_TRUE(ids.insert(id).second);
    }
  }
}

}  // namespace
}  // namespace tailrace
