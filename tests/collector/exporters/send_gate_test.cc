// SendGate and RateMeter with times as plain numbers.
#include "collector/exporters/send_gate.h"

#include "collector/exporters/rate_meter.h"
#include "gtest/gtest.h"

namespace tailrace {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

TEST(SendGate, OneFailureAloneClosesNothing) {
  SendGate gate(10);
  gate.Failed(0, kSecond, false);
  EXPECT_TRUE(gate.Open(9, 0));
  EXPECT_EQ(gate.state(0), BackendState::kHealthy);
  gate.Succeeded(0, 0, 0);
  gate.Failed(0, kSecond, false);
  EXPECT_TRUE(gate.Open(9, 0)) << "not in a row";
}

TEST(SendGate, ItsOwnPauseIsShortTheBackendsIsHonoured) {
  SendGate own(10);
  own.Failed(0, 30 * kSecond, false);
  own.Failed(0, 30 * kSecond, false);
  EXPECT_FALSE(own.Open(0, SendGate::kPauseMaxNs - 1));
  EXPECT_TRUE(own.Open(0, SendGate::kPauseMaxNs));
  EXPECT_FALSE(own.Open(1, SendGate::kPauseMaxNs));
  SendGate asked(10);
  asked.Failed(0, 30 * kSecond, true);
  EXPECT_FALSE(asked.Open(0, 30 * kSecond - 1));
  EXPECT_TRUE(asked.Open(0, 30 * kSecond));
}

TEST(SendGate, DoublesWithEachSuccessUpToAll) {
  SendGate gate(6);
  gate.Failed(0, kSecond, true);
  for (const uint64_t allowed : {1u, 2u, 4u, 6u, 6u}) {
    EXPECT_EQ(gate.allowed(), allowed);
    gate.Succeeded(kSecond, 0, 0);
  }
  EXPECT_EQ(gate.state(kSecond), BackendState::kHealthy);
}

// Sends as fast as it may for ten seconds; spans sent in each.
TEST(SendGate, ABacklogIsSentAtAnEvenPaceAboveTheIntake) {
  SendGate gate(10);
  gate.Failed(0, 0, true);
  gate.Succeeded(0, 1'000'000, 10'000);
  uint64_t sent[10] = {};
  int64_t now = 0;
  while (now < 10 * kSecond) {
    if (gate.Open(0, now)) {
      gate.Started(500, now);
      sent[now / kSecond] += 500;
    } else {
      now = std::max(now + 1, gate.OpensNs(now));
    }
  }
  for (const uint64_t spans : sent) {
    EXPECT_GE(spans, 3 * 10'000u);
    EXPECT_LE(spans, 4 * 10'000u);
  }
  EXPECT_EQ(gate.state(now), BackendState::kProbing);
  gate.CaughtUp();
  gate.Succeeded(now, 0, 0);
  gate.Succeeded(now, 0, 0);
  gate.Succeeded(now, 0, 0);
  EXPECT_EQ(gate.state(now), BackendState::kHealthy);
}

TEST(RateMeter, CountsWholeSecondsOnly) {
  RateMeter meter;
  EXPECT_EQ(meter.PerSecond(0), 0);
  meter.Add(100, 0);
  EXPECT_EQ(meter.PerSecond(kSecond / 2), 0);
  EXPECT_EQ(meter.PerSecond(kSecond), 100);
  meter.Add(300, kSecond);
  EXPECT_EQ(meter.PerSecond(2 * kSecond), 200);
  EXPECT_EQ(meter.PerSecond(4 * kSecond), 100);
  EXPECT_EQ(meter.PerSecond(100 * kSecond), 0);
  meter.Add(1000, 1'000'000 * kSecond);
  EXPECT_EQ(meter.PerSecond(1'000'001 * kSecond), 100) << "over the ten before";
}

}  // namespace
}  // namespace tailrace
