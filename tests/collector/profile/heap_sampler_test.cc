#include "collector/profile/heap_sampler.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "collector/profile/address_space.h"

namespace tailrace {

namespace hoarding {

using Pieces = std::vector<std::unique_ptr<char[]>>;

[[gnu::noinline]] void Hoard(size_t pieces, size_t bytes, Pieces* kept) {
  for (size_t i = 0; i < pieces; ++i) kept->push_back(std::make_unique<char[]>(bytes));
}

[[gnu::noinline]] void Churn(size_t pieces, size_t bytes) {
  for (size_t i = 0; i < pieces; ++i) {
    const std::unique_ptr<char[]> piece = std::make_unique<char[]>(bytes);
    asm volatile("" ::"r"(piece.get()) : "memory");  // it is not optimised away
  }
}

}  // namespace hoarding

namespace {

struct Sums {
  double allocated_objects = 0;
  double allocated_bytes = 0;
  double in_use_bytes = 0;
};

// Over the stacks with a function of this name.
Sums Under(const HeapSampler& sampler, const std::string& name) {
  using S = HeapSampler;
  AddressSpace addresses;
  Sums sums;
  sampler.stacks().ForEach([&](const StackTable::Slot& slot) {
    bool found = false;
    for (const uintptr_t frame : slot.stack()) found |= addresses.FunctionAt(frame).find(name) != std::string::npos;
    if (!found) return;
    sums.allocated_objects += static_cast<double>(slot.counts[S::kAllocatedObjects]);
    sums.allocated_bytes += static_cast<double>(slot.counts[S::kAllocatedBytes]);
    sums.in_use_bytes += static_cast<double>(slot.counts[S::kAllocatedBytes] - slot.counts[S::kFreedBytes]);
  });
  return sums;
}

// 256 MiB are some 512 samples: the estimate's standard deviation is some 4.5 %, and 25 % is more than five of them.
constexpr size_t kPieces = 65536;
constexpr size_t kPieceBytes = 4096;
constexpr double kBytes = double{kPieces} * kPieceBytes;

TEST(HeapSamplerTest, WhatIsHeldIsInUseAndWhatIsFreedIsNot) {
  const HeapSampler* const sampler = HeapSampler::Get();
  ASSERT_NE(sampler, nullptr);
  hoarding::Pieces kept;
  kept.reserve(kPieces);
  hoarding::Hoard(kPieces, kPieceBytes, &kept);
  const Sums held = Under(*sampler, "hoarding::Hoard");
  EXPECT_NEAR(held.in_use_bytes, kBytes, kBytes / 4);
  EXPECT_NEAR(held.allocated_objects, kPieces, kPieces / 4);
  std::thread([&] { kept.clear(); }).join();  // freed by another thread
  const Sums freed = Under(*sampler, "hoarding::Hoard");
  EXPECT_EQ(freed.in_use_bytes, 0);
  EXPECT_EQ(freed.allocated_bytes, held.allocated_bytes);
  EXPECT_EQ(sampler->lost(), 0u);
}

TEST(HeapSamplerTest, ManyThreadsAllocateAndFreeAtOnce) {
  const HeapSampler* const sampler = HeapSampler::Get();
  ASSERT_NE(sampler, nullptr);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([] { hoarding::Churn(kPieces / 4, kPieceBytes); });
  for (std::thread& thread : threads) thread.join();
  const Sums churned = Under(*sampler, "hoarding::Churn");
  EXPECT_NEAR(churned.allocated_bytes, kBytes, kBytes / 4);
  EXPECT_EQ(churned.in_use_bytes, 0);
}

TEST(HeapSamplerTest, StacksBeginWithTheCallerOfNew) {
  const HeapSampler* const sampler = HeapSampler::Get();
  ASSERT_NE(sampler, nullptr);
  const std::unique_ptr<std::string> large = std::make_unique<std::string>(size_t{64} << 20, 'x');
  AddressSpace addresses;
  size_t stacks = 0;
  sampler->stacks().ForEach([&](const StackTable::Slot& slot) {
    ++stacks;
    const std::string innermost = addresses.FunctionAt(slot.stack()[0]);
    EXPECT_EQ(innermost.find("tailrace::HeapSampler::"), std::string::npos) << innermost;
    EXPECT_NE(innermost, "operator new(unsigned long)");
  });
  EXPECT_GT(stacks, 0u);
}

}  // namespace
}  // namespace tailrace
