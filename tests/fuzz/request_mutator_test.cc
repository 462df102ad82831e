#include "tests/fuzz/request_mutator.h"

#include <set>

#include "gtest/gtest.h"
#include "proto/request_scanner.h"
#include "tests/proto/scan_check.h"

namespace tailrace::testing {
namespace {

size_t FlipFirst(uint8_t* bytes, size_t size, size_t /*size_max*/) {
  if (size > 0) bytes[0] ^= 1;
  return size;
}

// Of a thousand mutations, one upon the other, most must be requests still, with ever other spans.
TEST(RequestMutator, WhatComesOutIsMostlyARequest) {
  Dice dice(7);
  uint64_t spans = 0;
  std::string request = RandomWire(&dice, &spans);
  int taken = 0;
  std::set<std::pair<size_t, size_t>> shapes;
  for (int i = 0; i < 1000; ++i) {
    const std::string next = MutateRequest(request, 8192, &dice, FlipFirst);
    ASSERT_LE(next.size(), 8192U);
    ASSERT_EQ(CheckScan(next), "");
    ScannedRequest scan;
    if (ScanRequest(next, &scan) != ScanError::kNone) continue;
    ++taken;
    shapes.insert({scan.runs.size(), scan.headers.size()});
    request = next;
  }
  EXPECT_GT(taken, 500);
  EXPECT_GT(shapes.size(), 10U);
}

TEST(RequestMutator, TakesWhatIsNoRequest) {
  Dice dice(1);
  EXPECT_NE(MutateRequest("", 100, &dice, FlipFirst), "");
  EXPECT_NE(MutateRequest("\xff\xff\xff", 100, &dice, FlipFirst), "\xff\xff\xff");
  EXPECT_LE(MutateRequest(std::string(50, 'x'), 10, &dice, FlipFirst).size(), 10U);
}

}  // namespace
}  // namespace tailrace::testing
