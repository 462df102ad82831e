#include "collector/exporters/retry_policy.h"

#include "gtest/gtest.h"

namespace tailrace {
namespace {

using namespace std::chrono_literals;

config::RetryConfig Exact() { return {.randomization_factor = 0}; }

TEST(RetryPolicy, GrowsUpToTheLongestInterval) {
  const RetryPolicy policy(Exact());
  EXPECT_EQ(policy.NextDelay(0, 0s, {}, 0.5), 5s);
  EXPECT_EQ(policy.NextDelay(1, 0s, {}, 0.5), 7500ms);
  EXPECT_EQ(policy.NextDelay(2, 0s, {}, 0.5), 11250ms);
  EXPECT_EQ(policy.NextDelay(5, 0s, {}, 0.5), 30s);
  EXPECT_EQ(policy.NextDelay(1000000, 0s, {}, 0.5), 30s);
}

TEST(RetryPolicy, JitterStaysWithinItsFactor) {
  const RetryPolicy policy{config::RetryConfig()};
  EXPECT_EQ(policy.NextDelay(0, 0s, {}, 0.0), 2500ms);
  EXPECT_EQ(policy.NextDelay(0, 0s, {}, 0.5), 5s);
  EXPECT_GT(*policy.NextDelay(0, 0s, {}, 0.999), 7400ms);
  EXPECT_LT(*policy.NextDelay(0, 0s, {}, 0.999), 7500ms);
}

TEST(RetryPolicy, TheServerRaisesTheDelayButNeverLowersIt) {
  const RetryPolicy policy(Exact());
  EXPECT_EQ(policy.NextDelay(0, 0s, 20s, 0.5), 20s);
  EXPECT_EQ(policy.NextDelay(0, 0s, 1ms, 0.5), 5s);
}

TEST(RetryPolicy, TheServersDelayIsCapped) {
  config::RetryConfig config = Exact();
  config.max_elapsed_time = 0s;
  EXPECT_EQ(RetryPolicy(config).NextDelay(0, 0s, 240h, 0.5), config.max_interval);
}

TEST(RetryPolicy, EndsWithMaxElapsedTime) {
  const RetryPolicy policy(Exact());
  EXPECT_TRUE(policy.NextDelay(0, 295s, {}, 0.5).has_value());
  EXPECT_FALSE(policy.NextDelay(0, 295s + 1ns, {}, 0.5).has_value());
  EXPECT_FALSE(policy.NextDelay(0, 275s, 30s, 0.5).has_value());
}

TEST(RetryPolicy, ZeroMaxElapsedTimeIsForEver) {
  config::RetryConfig config = Exact();
  config.max_elapsed_time = 0s;
  EXPECT_TRUE(RetryPolicy(config).NextDelay(100, 10000h, {}, 0.5).has_value());
}

TEST(RetryPolicy, Disabled) { EXPECT_FALSE(RetryPolicy({.enabled = false}).NextDelay(0, 0s, {}, 0.5).has_value()); }

}  // namespace
}  // namespace tailrace
