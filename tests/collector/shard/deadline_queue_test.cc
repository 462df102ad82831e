#include "collector/shard/deadline_queue.h"

#include <gtest/gtest.h>

namespace tailrace {
namespace {

const auto kNobodyIsDead = [](const DeadlineQueue::Entry&) { return false; };

TEST(DeadlineQueue, IsFirstInFirstOutRoundAndRound) {
  DeadlineQueue queue(4);
  int64_t in = 0, out = 0;
  for (int round = 0; round < 100; ++round) {
    for (int i = 0; i < 4; ++i) queue.Push({in++, 0, 0}, kNobodyIsDead);
    EXPECT_EQ(queue.Peek(3)->deadline_ns, out + 3);
    EXPECT_EQ(queue.Peek(4), nullptr);
    for (int i = 0; i < 4; ++i, queue.Pop()) EXPECT_EQ(queue.front().deadline_ns, out++);
    EXPECT_TRUE(queue.empty());
  }
}

TEST(DeadlineQueue, SiftsOutTheDeadWhenItIsFull) {
  DeadlineQueue queue(2);  // a ring of eight
  const auto odd_is_dead = [](const DeadlineQueue::Entry& entry) { return entry.record % 2 == 1; };
  for (uint32_t record = 0; record < 8; ++record) queue.Push({record, record, 0}, kNobodyIsDead);
  queue.Push({8, 8, 0}, odd_is_dead);
  for (uint32_t record = 0; record <= 8; record += 2, queue.Pop()) EXPECT_EQ(queue.front().record, record);
  EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace tailrace
