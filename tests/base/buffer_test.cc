#include "base/buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

namespace tailrace {
namespace {

TEST(BufferPool, GivesAtLeastWhatWasAskedFor) {
  BufferPool pool(size_t{1} << 20);
  for (size_t capacity :
       {size_t{0}, size_t{1}, size_t{1023}, size_t{1024}, size_t{1025}, size_t{65536}, size_t{65537}}) {
    BufferRef buffer = pool.Allocate(capacity);
    ASSERT_TRUE(buffer) << capacity;
    EXPECT_GE(buffer->capacity(), capacity);
    EXPECT_LE(buffer->capacity(), std::max<size_t>(1024, 2 * capacity)) << capacity;
    EXPECT_EQ(buffer->size(), 0u);
    std::memset(buffer->data(), 'x', buffer->capacity());  // under ASan this proves the capacity
  }
  EXPECT_EQ(pool.bytes_in_use(), 0u);
}

TEST(BufferPool, ViewShowsWhatWasWritten) {
  BufferPool pool(size_t{1} << 20);
  BufferRef buffer = pool.Allocate(5);
  std::memcpy(buffer->data(), "spans", 5);
  buffer->set_size(5);
  EXPECT_EQ(buffer->view(), "spans");
}

TEST(BufferPool, WhatIsAppendedStandsBehindWhatIsThere) {
  BufferPool pool(size_t{1} << 20);
  BufferRef buffer = pool.Allocate(5000);
  buffer->Append("spans");
  buffer->Append("");
  buffer->Append(std::string(4000, 'x'));
  EXPECT_EQ(buffer->view(), "spans" + std::string(4000, 'x'));
}

TEST(BufferPool, NeverHandsOutMoreThanItsBound) {
  BufferPool pool(8192);
  std::vector<BufferRef> held;
  for (int i = 0; i < 8; ++i) {
    held.push_back(pool.Allocate(1024));
    ASSERT_TRUE(held.back());
  }
  EXPECT_EQ(pool.bytes_in_use(), 8192u);
  EXPECT_FALSE(pool.Allocate(1));
  EXPECT_EQ(pool.bytes_in_use(), 8192u) << "a refusal takes nothing";
  held.pop_back();
  EXPECT_FALSE(pool.Allocate(1025)) << "one KiB is free, two are needed";
  EXPECT_TRUE(pool.Allocate(1024));
}

TEST(BufferPool, RefusesAbsurdSizes) {
  BufferPool pool(std::numeric_limits<size_t>::max());
  EXPECT_FALSE(pool.Allocate(std::numeric_limits<size_t>::max()));
  EXPECT_FALSE(pool.Allocate(size_t{1} << 40));
  EXPECT_EQ(pool.bytes_in_use(), 0u);
}

TEST(BufferPool, ReusesWhatCameBackLastFirst) {
  BufferPool pool(size_t{1} << 20);
  BufferRef first = pool.Allocate(4000);
  BufferRef second = pool.Allocate(4000);
  const Buffer* const first_address = &*first;
  const Buffer* const second_address = &*second;
  second->set_size(7);
  first.reset();
  second.reset();
  BufferRef again = pool.Allocate(3000);  // the same class: 4 KiB
  EXPECT_EQ(&*again, second_address);
  EXPECT_EQ(again->size(), 0u) << "a reused buffer starts empty";
  EXPECT_EQ(&*pool.Allocate(4096), first_address);
}

TEST(BufferPool, KeepsNoMoreThanItMay) {
  BufferPool pool(size_t{1} << 20, 0);
  BufferRef buffer = pool.Allocate(2000);
  buffer.reset();
  EXPECT_EQ(pool.bytes_in_use(), 0u);
  EXPECT_TRUE(pool.Allocate(2000));  // a fresh one; the leak checker sees to the old
}

TEST(BufferRef, LastReferenceGivesBack) {
  BufferPool pool(size_t{1} << 20);
  BufferRef one = pool.Allocate(100);
  const size_t bytes = pool.bytes_in_use();
  BufferRef two = one;
  BufferRef three;
  three = two;
  one.reset();
  two = BufferRef();
  EXPECT_EQ(pool.bytes_in_use(), bytes);
  EXPECT_TRUE(three);
  three.reset();
  EXPECT_EQ(pool.bytes_in_use(), 0u);
  three.reset();  // again: nothing happens
  EXPECT_EQ(pool.bytes_in_use(), 0u);
}

TEST(BufferRef, MovingTakesTheReferenceAlong) {
  BufferPool pool(size_t{1} << 20);
  BufferRef one = pool.Allocate(100);
  BufferRef two = std::move(one);
  EXPECT_FALSE(one);  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_TRUE(two);
  EXPECT_GT(pool.bytes_in_use(), 0u);
  two = std::move(two);
  EXPECT_TRUE(two) << "to itself";
  two = pool.Allocate(100);
  EXPECT_EQ(pool.bytes_in_use(), two->capacity()) << "what it held before went back";
}

}  // namespace
}  // namespace tailrace
