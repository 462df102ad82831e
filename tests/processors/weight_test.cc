// What a kept trace weighs, by the kind of policies that may keep it.
#include <gtest/gtest.h>

#include "processors/engine.h"
#include "processors/policies/kept_share.h"

namespace tailrace {
namespace {

using config::PolicyConfig;

constexpr int64_t kSecond = 1'000'000'000;

PolicyConfig Draw(double percentage, const std::string& salt = "") {
  return {.name = "draw", .rule = config::ProbabilisticConfig{.hash_salt = salt, .sampling_percentage = percentage}};
}
const PolicyConfig kErrors{.name = "errors", .rule = config::StatusCodeConfig{{"ERROR"}}};
const PolicyConfig kAll{.name = "all", .rule = config::AlwaysSampleConfig{}};
PolicyConfig Limit(int64_t spans) {
  return {.name = "limit", .rule = config::RateLimitingConfig{.spans_per_second = spans, .burst_capacity = spans}};
}

TraceId IdOf(uint64_t number) {
  char bytes[16] = {};
  for (int i = 0; i < 8; ++i) bytes[8 + i] = static_cast<char>(number * 0x9E3779B97F4A7C15ULL >> 8 * i);
  return TraceId::FromBytes(bytes);
}

class WeightTest : public ::testing::Test {
 protected:
  // Of each of so many traces, the weight; 0: it was not kept.
  std::vector<double> Weights(std::vector<PolicyConfig> policies, int traces, bool errors = false) {
    config_.policies = std::move(policies);
    Engine engine(config_);
    std::vector<double> weights;
    for (int i = 0; i < traces; ++i) {
      TraceFacts facts;
      facts.span_count = 1;
      facts.seen = errors ? kSeenStatusError : kSeenStatusOk;
      const TraceId id = IdOf(static_cast<uint64_t>(i));
      const Decision decision = engine.Decide({.id = id, .facts = facts, .now_ns = i * between_ns_});
      weights.push_back(decision.verdict == Verdict::kSampled ? decision.weight : 0);
    }
    return weights;
  }
  static double Sum(const std::vector<double>& weights) {
    double sum = 0;
    for (const double weight : weights) sum += weight;
    return sum;
  }
  // That of the kept ones, which is the same for all.
  static double Only(const std::vector<double>& weights) {
    double only = 0;
    for (const double weight : weights) {
      if (weight == 0) continue;
      if (only != 0) {
        EXPECT_EQ(weight, only);
      }
      only = weight;
    }
    return only;
  }

  config::TailSamplingConfig config_;
  int64_t between_ns_ = 0;
};

TEST_F(WeightTest, OfPoliciesThatLookAtTheTraceAloneIsOne) {
  EXPECT_EQ(Sum(Weights({kAll}, 10)), 10);
  EXPECT_EQ(Sum(Weights({kErrors}, 10, true)), 10);
  EXPECT_EQ(Sum(Weights({kErrors}, 10)), 0);
}

TEST_F(WeightTest, OfADrawIsOneOverItsShare) {
  EXPECT_NEAR(Only(Weights({Draw(1)}, 10'000)), 100, 1e-9);
  EXPECT_NEAR(Sum(Weights({Draw(10)}, 100'000)), 100'000, 3'000);
}

TEST_F(WeightTest, WhatIsKeptAnywayWeighsOneWhateverTheOrder) {
  EXPECT_EQ(Only(Weights({Draw(10), kErrors}, 1'000, true)), 1);
  EXPECT_EQ(Only(Weights({kErrors, Draw(10)}, 1'000, true)), 1);
  EXPECT_NEAR(Only(Weights({kErrors, Draw(10)}, 1'000)), 10, 1e-9);
  config_.sample_on_first_match = true;
  EXPECT_EQ(Only(Weights({Draw(10), kErrors}, 1'000, true)), 1) << "also where the other was not asked";
}

TEST_F(WeightTest, DrawsWithOneSaltNestAndWithTwoAreIndependent) {
  EXPECT_NEAR(Only(Weights({Draw(1), Draw(10)}, 10'000)), 10, 1e-9);
  EXPECT_NEAR(Only(Weights({Draw(20, "a"), Draw(50, "b")}, 10'000)), 1 / 0.6, 1e-9);
  EXPECT_NEAR(Sum(Weights({Draw(20, "a"), Draw(50, "b")}, 100'000)), 100'000, 2'000);
}

TEST_F(WeightTest, OfAndIsOneOverTheProduct) {
  const PolicyConfig some_errors{.name = "some", .rule = config::AndConfig{{kErrors, Draw(25)}}};
  EXPECT_NEAR(Only(Weights({some_errors}, 1'000, true)), 4, 1e-9);
  EXPECT_EQ(Sum(Weights({some_errors}, 1'000)), 0);
  EXPECT_NEAR(Only(Weights({some_errors, Draw(1)}, 10'000, true)), 4, 1e-9) << "one salt";
  EXPECT_NEAR(Only(Weights({some_errors, Draw(1)}, 10'000)), 100, 1e-9);
  const PolicyConfig both{.name = "both", .rule = config::AndConfig{{Draw(20, "a"), Draw(50, "b")}}};
  EXPECT_NEAR(Only(Weights({both}, 10'000)), 10, 1e-9);
}

TEST_F(WeightTest, OfNotIsThatOfTheRest) {
  const PolicyConfig rest{.name = "rest", .rule = config::NotConfig{{Draw(75)}}};
  EXPECT_NEAR(Only(Weights({rest}, 1'000)), 4, 1e-9);
  EXPECT_EQ(Only(Weights({{.name = "fine", .rule = config::NotConfig{{kErrors}}}}, 10)), 1);
}

TEST_F(WeightTest, WhatIsDroppedByChanceIsCountedIn) {
  const PolicyConfig half{.name = "half", .rule = config::DropConfig{{Draw(50, "other")}}};
  EXPECT_NEAR(Only(Weights({half, kAll}, 1'000)), 2, 1e-9);
  EXPECT_NEAR(Sum(Weights({half, Draw(10)}, 100'000)), 100'000, 5'000);
  const PolicyConfig errors{.name = "no errors", .rule = config::DropConfig{{kErrors}}};
  EXPECT_EQ(Only(Weights({errors, kAll}, 10)), 1) << "a drop that is certain is no chance";
}

TEST_F(WeightTest, OfALimitIsOneOverTheShareThatItKeepsInTheWindow) {
  between_ns_ = kSecond / 1'000;
  constexpr int kTraces = 60'000;  // a thousand a second, of which a hundred pass
  const std::vector<double> weights = Weights({Limit(100)}, kTraces);
  EXPECT_EQ(weights.front(), 1) << "nothing has been refused yet";
  EXPECT_NEAR(weights[kTraces - 1] + weights[kTraces - 2] + weights[kTraces - 3] + weights[kTraces - 4] +
                  weights[kTraces - 5] + weights[kTraces - 6] + weights[kTraces - 7] + weights[kTraces - 8] +
                  weights[kTraces - 9] + weights[kTraces - 10],
              10, 0.5);
  EXPECT_NEAR(Sum(weights), kTraces, kTraces * 0.06);
  EXPECT_EQ(Only(Weights({Limit(100), kAll}, 1'000)), 1);
}

TEST_F(WeightTest, OfCompositeIsOneOverTheShareOfThePolicyThatDecides) {
  config::CompositeConfig rule;
  rule.max_total_spans_per_second = 100;
  rule.sub_policies = {kErrors, kAll};
  rule.rate_allocation = {{"errors", 50}, {"all", 50}};
  const std::vector<double> weights = Weights({{.name = "composite", .rule = rule}}, 1'000);
  EXPECT_NEAR(weights[0], 1, 1e-9);
  EXPECT_NEAR(weights[49], 1, 1e-9) << "all in one second";
  EXPECT_EQ(Sum(weights), 50) << "no weight goes back to what was kept before the share was known";
}

TEST(KeptShare, IsOfTheRunningPeriodAndTheOneBefore) {
  KeptShare share;
  EXPECT_EQ(share.Get(), 1);
  share.Add(0, 10, true);
  share.Add(0, 30, false);
  EXPECT_EQ(share.Get(), 0.25);
  share.Add(KeptShare::kPeriodNs, 40, true);
  EXPECT_EQ(share.Get(), 50.0 / 80);
  share.Add(2 * KeptShare::kPeriodNs, 10, false);
  EXPECT_EQ(share.Get(), 0.8);
  share.Add(9 * KeptShare::kPeriodNs, 10, false);
  EXPECT_EQ(share.Get(), 0) << "after a pause nothing of before counts";
}

}  // namespace
}  // namespace tailrace
