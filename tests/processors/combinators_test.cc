// and, not, drop, composite.
#include <gtest/gtest.h>

#include "processors/engine.h"
#include "processors/policies/and.h"
#include "processors/policies/composite.h"
#include "processors/policies/drop.h"
#include "processors/policies/make_policy.h"
#include "processors/policies/not.h"

namespace tailrace {
namespace {

class Says final : public Policy {
 public:
  explicit Says(Vote vote) : vote_(vote) {}
  Vote Evaluate(const TraceView&) override { return vote_; }

 private:
  Vote vote_;
};

std::vector<std::unique_ptr<Policy>> Saying(std::initializer_list<Vote> votes) {
  std::vector<std::unique_ptr<Policy>> policies;
  for (const Vote vote : votes) policies.push_back(std::make_unique<Says>(vote));
  return policies;
}

Vote Judge(Policy&& policy) {
  const TraceFacts facts;
  return policy.Evaluate({.id = TraceId(), .facts = facts});
}

constexpr Vote kYes = Vote::kSampled, kNo = Vote::kNotSampled, kError = Vote::kError;

TEST(Combinators, And) {
  EXPECT_EQ(Judge(AndPolicy(Saying({kYes, kYes}))), kYes);
  EXPECT_EQ(Judge(AndPolicy(Saying({kYes, kNo, kError}))), kNo);
  EXPECT_EQ(Judge(AndPolicy(Saying({kYes, kError, kNo}))), kError);
}

TEST(Combinators, Not) {
  EXPECT_EQ(Judge(NotPolicy(std::make_unique<Says>(kYes))), kNo);
  EXPECT_EQ(Judge(NotPolicy(std::make_unique<Says>(kNo))), kYes);
  EXPECT_EQ(Judge(NotPolicy(std::make_unique<Says>(kError))), kError);
}

TEST(Combinators, Drop) {
  EXPECT_EQ(Judge(DropPolicy(Saying({kYes, kYes}))), Vote::kDropped);
  EXPECT_EQ(Judge(DropPolicy(Saying({kYes, kNo}))), kNo);
  EXPECT_EQ(Judge(DropPolicy(Saying({kYes, kError}))), kError);
}

const config::PolicyConfig kErrors{.name = "errors", .rule = config::StatusCodeConfig{{"ERROR"}}};
const config::PolicyConfig kAll{.name = "all", .rule = config::AlwaysSampleConfig{}};

config::TailSamplingConfig Composite(int64_t max, std::vector<config::RateAllocation> shares, bool borrow = false) {
  config::CompositeConfig rule;
  rule.max_total_spans_per_second = max;
  rule.sub_policies = {kErrors, kAll};
  rule.rate_allocation = std::move(shares);
  rule.borrow = borrow;
  config::TailSamplingConfig config;
  config.policies = {{.name = "c", .rule = rule}};
  return config;
}

// Asks of `count` traces with one span each and says how many are kept.
int Kept(Engine* engine, int count, bool error, int64_t second, int32_t* child = nullptr) {
  int kept = 0;
  TraceFacts facts;
  facts.span_count = 1;
  facts.seen = error ? kSeenStatusError : kSeenStatusOk;
  for (int i = 0; i < count; ++i) {
    const Decision decision = engine->Decide({.id = TraceId(), .facts = facts, .unix_s = second});
    if (decision.verdict != Verdict::kSampled) continue;
    ++kept;
    if (child != nullptr) *child = decision.composite_child;
  }
  return kept;
}

TEST(Composite, SharesHoldForEachSecondOfTheClock) {
  Engine engine(Composite(10, {{"errors", 50}, {"all", 30}}));
  int32_t child = -1;
  EXPECT_EQ(Kept(&engine, 20, true, 100, &child), 5);
  EXPECT_EQ(child, 0);
  EXPECT_EQ(Kept(&engine, 20, false, 100, &child), 3);
  EXPECT_EQ(child, 1);
  EXPECT_EQ(Kept(&engine, 20, true, 101), 5);
  EXPECT_EQ(Kept(&engine, 20, true, 100), 5) << "a clock that was set back is another second";
  EXPECT_EQ(engine.policies()[0].children, (std::vector<std::string>{"errors", "all"}));
}

TEST(Composite, SharesThatAreNotGivenAreEqual) {
  config::CompositeConfig rule = std::get<config::CompositeConfig>(Composite(1000, {}).policies[0].rule);
  EXPECT_EQ(CompositeBudget(rule).share(1), 500);
  rule.rate_allocation = {{"errors", 25}, {"all", 0}, {"nobody", 90}};
  EXPECT_EQ(CompositeBudget(rule).share(0), 250);
  EXPECT_EQ(CompositeBudget(rule).share(1), 500);
  rule.max_total_spans_per_second = 3;
  EXPECT_EQ(CompositeBudget(rule).share(0), 0) << "cut to a whole number";
  rule.max_total_spans_per_second = INT64_MAX;
  rule.rate_allocation = {{"errors", INT64_MAX}};
  EXPECT_GT(CompositeBudget(rule).share(0), INT64_MAX / 2);
}

TEST(Composite, SharesTogetherMayExceedTheTotalAsInTheCollector) {
  Engine engine(Composite(10, {{"errors", 200}, {"all", 200}}));
  EXPECT_EQ(Kept(&engine, 30, true, 1), 10);
  EXPECT_EQ(Kept(&engine, 30, false, 1), 10);
}

TEST(Composite, TheFirstThatKeepsDecides) {
  Engine engine(Composite(3, {{"errors", 34}, {"all", 34}}));
  EXPECT_EQ(Kept(&engine, 2, true, 1), 1) << "the second error is not handed on to `all`";
  EXPECT_EQ(Kept(&engine, 1, false, 1), 1);
}

TEST(Composite, BorrowedSpansAreThoseThatAreLeft) {
  Engine engine(Composite(10, {{"errors", 50}, {"all", 50}}, true));
  EXPECT_EQ(Kept(&engine, 2, false, 1), 2);
  EXPECT_EQ(Kept(&engine, 20, true, 1), 8) << "5 of its own, 3 borrowed";
  EXPECT_EQ(Kept(&engine, 20, false, 1), 3) << "its own share is not taken away";
  EXPECT_EQ(Kept(&engine, 20, true, 2), 10);
}

TEST(Composite, ATraceThatDoesNotFitLeavesTheShareAlone) {
  Engine engine(Composite(10, {{"errors", 50}, {"all", 50}}));
  TraceFacts facts;
  facts.span_count = 6;
  facts.seen = kSeenStatusError;
  EXPECT_EQ(engine.Decide({.id = TraceId(), .facts = facts, .unix_s = 1}).verdict, Verdict::kNotSampled);
  EXPECT_EQ(Kept(&engine, 20, true, 1), 5);
}

TEST(IsStateful, AsTheCollectorSays) {
  const auto stateful = [](auto rule) { return IsStateful({.name = "p", .rule = rule}); };
  const config::PolicyConfig limit{.name = "r", .rule = config::RateLimitingConfig{}};
  EXPECT_TRUE(IsStateful(limit));
  EXPECT_TRUE(stateful(config::BytesLimitingConfig{}));
  EXPECT_TRUE(stateful(config::LatencyConfig{.upper_threshold_ms = 5}));
  EXPECT_FALSE(stateful(config::LatencyConfig{.threshold_ms = 5}));
  EXPECT_TRUE(stateful(config::SpanCountConfig{.max_spans = 5}));
  EXPECT_FALSE(stateful(config::SpanCountConfig{.min_spans = 5}));
  EXPECT_FALSE(stateful(config::CompositeConfig{.sub_policies = {kAll}}));
  EXPECT_TRUE(stateful(config::CompositeConfig{.sub_policies = {kAll, limit}}));
  EXPECT_TRUE(stateful(config::AndConfig{{limit}}));
  EXPECT_TRUE(stateful(config::NotConfig{{limit}}));
  EXPECT_TRUE(stateful(config::DropConfig{{limit}}));
}

}  // namespace
}  // namespace tailrace
