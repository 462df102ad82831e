#include "collector/shard/hand_over.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <thread>

namespace tailrace {
namespace {

void Fill(HandOverRing* ring, BufferPool* pool, uint64_t number) {
  HandOver& slot = ring->Next();
  slot.request = pool->Allocate(64);
  std::memcpy(slot.request->data(), &number, sizeof(number));
  slot.request->set_size(sizeof(number));
  slot.hashes.assign(1, number);
  slot.span_count = 3;
  ring->Push();
}

TEST(HandOverRing, HoldsItsSlotsAndNoMoreUntilTheConsumerPasses) {
  BufferPool pool(1 << 24);
  // Not on the stack, which AddressSanitizer aligns for less than a ring asks for.
  const auto owned = std::make_unique<HandOverRing>();
  HandOverRing& ring = *owned;
  uint64_t number = 0;
  while (ring.HasRoom()) Fill(&ring, &pool, number++);
  EXPECT_EQ(number, HandOverRing::kSlots);
  EXPECT_EQ(ring.Front()->hashes[0], 0u);
  ring.Pop();
  EXPECT_TRUE(ring.HasRoom());
  EXPECT_FALSE(ring.AllReclaimed());
  while (ring.Front() != nullptr) ring.Pop();
  ring.Reclaim();
  EXPECT_TRUE(ring.AllReclaimed());
  EXPECT_EQ(pool.bytes_in_use(), 0u) << "every request was given back by its owner";
  EXPECT_EQ(ring.spans_pushed(), ring.spans_popped());
}

TEST(HandOverRing, OneThreadPushesWhileAnotherPops) {
  constexpr uint64_t kItems = 200'000;
  BufferPool pool(1 << 24);
  // Not on the stack, which AddressSanitizer aligns for less than a ring asks for.
  const auto owned = std::make_unique<HandOverRing>();
  HandOverRing& ring = *owned;
  uint64_t wrong = 0;
  std::thread consumer([&] {
    for (uint64_t expected = 0; expected < kItems;) {
      const HandOver* item = ring.Front();
      if (item == nullptr) {
        std::this_thread::yield();
        continue;
      }
      uint64_t number = 0;
      std::memcpy(&number, item->request->data(), sizeof(number));
      wrong += number != expected || item->hashes[0] != expected;
      ++expected;
      ring.Pop();
    }
  });
  for (uint64_t number = 0; number < kItems;) {
    if (!ring.HasRoom()) {
      std::this_thread::yield();
      continue;
    }
    Fill(&ring, &pool, number++);
  }
  consumer.join();
  ring.Reclaim();
  EXPECT_EQ(wrong, 0u);
  EXPECT_EQ(pool.bytes_in_use(), 0u);
}

}  // namespace
}  // namespace tailrace
