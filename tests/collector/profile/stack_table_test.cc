#include "collector/profile/stack_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <thread>
#include <vector>

namespace tailrace {
namespace {

TEST(StackTableTest, EqualStacksShareASlotAndLabelsKeepThemApart) {
  StackTable table(64);
  const uintptr_t frames[] = {1, 2, 3};
  StackTable::Slot* const slot = table.Find(frames, 0);
  ASSERT_NE(slot, nullptr);
  EXPECT_EQ(table.Find(frames, 0), slot);
  EXPECT_NE(table.Find(frames, 1), slot);
  const uintptr_t longer[] = {1, 2, 3, 4};
  EXPECT_NE(table.Find(longer, 0), slot);
  EXPECT_TRUE(std::ranges::equal(slot->stack(), frames));
}

TEST(StackTableTest, AFullTableCountsWhatItLoses) {
  StackTable table(16);
  uint64_t refused = 0;
  for (uintptr_t i = 1; i <= 100; ++i) refused += table.Find({&i, 1}, 0) == nullptr;
  EXPECT_EQ(refused, 84u);
  EXPECT_EQ(table.lost(), refused);
}

TEST(StackTableTest, ADeepStackKeepsItsInnermostFrames) {
  StackTable table(16);
  std::vector<uintptr_t> frames(StackTable::kFramesMax + 10);
  std::iota(frames.begin(), frames.end(), uintptr_t{1});
  const StackTable::Slot* const slot = table.Find(frames, 0);
  ASSERT_EQ(slot->stack().size(), StackTable::kFramesMax);
  EXPECT_EQ(slot->stack().front(), 1u);
}

TEST(StackTableTest, ThreadsThatMeetInOneSlotLoseNoCount) {
  StackTable table(256);
  constexpr int kThreads = 4;
  constexpr int kRounds = 20000;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&table] {
      for (uintptr_t i = 0; i < kRounds; ++i) {
        const uintptr_t frames[] = {i % 50 + 1, 7};
        table.Find(frames, 0)->counts[0].fetch_add(1, std::memory_order_relaxed);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  int64_t sum = 0;
  size_t stacks = 0;
  table.ForEach([&](const StackTable::Slot& slot) {
    sum += slot.counts[0].load();
    ++stacks;
  });
  EXPECT_EQ(sum, kThreads * kRounds);
  EXPECT_EQ(stacks, 50u);
}

}  // namespace
}  // namespace tailrace
