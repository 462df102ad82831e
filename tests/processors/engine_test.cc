#include "processors/engine.h"

#include <gtest/gtest.h>

namespace tailrace {
namespace {

config::TailSamplingConfig Policies(std::vector<config::PolicyConfig> policies) {
  config::TailSamplingConfig config;
  config.policies = std::move(policies);
  return config;
}

const config::PolicyConfig kErrors{.name = "errors", .rule = config::StatusCodeConfig{{"ERROR"}}};
const config::PolicyConfig kAll{.name = "all", .rule = config::AlwaysSampleConfig{}};

TraceFacts WithStatus(uint8_t seen) {
  TraceFacts facts;
  facts.seen = seen;
  facts.span_count = 1;
  return facts;
}

TEST(Engine, NoPolicyMatchesMeansNotSampled) {
  Engine engine(Policies({kErrors}));
  const Decision decision = engine.Decide({TraceId(), WithStatus(kSeenStatusOk)});
  EXPECT_EQ(decision.verdict, Verdict::kNotSampled);
  EXPECT_EQ(decision.policy, -1);
  EXPECT_EQ(engine.policies()[0].not_sampled, 1u);
}

TEST(Engine, AnyPolicyKeepsAndTheFirstOneIsNamed) {
  Engine engine(Policies({kErrors, kAll}));
  EXPECT_EQ(engine.Decide({TraceId(), WithStatus(kSeenStatusOk)}).policy, 1);
  EXPECT_EQ(engine.Decide({TraceId(), WithStatus(kSeenStatusError)}).policy, 0);
}

TEST(Engine, EveryPolicyIsAskedUnlessTheFirstMatchIsEnough) {
  config::TailSamplingConfig config = Policies({kErrors, kAll});
  Engine all(config);
  all.Decide({TraceId(), WithStatus(kSeenStatusError)});
  EXPECT_EQ(all.policies()[1].executions(), 1u);

  config.sample_on_first_match = true;
  Engine first(config);
  first.Decide({TraceId(), WithStatus(kSeenStatusError)});
  EXPECT_EQ(first.policies()[0].sampled, 1u);
  EXPECT_EQ(first.policies()[1].executions(), 0u);
}

TEST(Engine, DropPoliciesAreAskedFirstAndEndIt) {
  const config::PolicyConfig drop{.name = "drop", .rule = config::DropConfig{{kErrors}}};
  Engine engine(Policies({kAll, drop}));
  EXPECT_EQ(engine.policies()[0].name, "drop");
  const Decision dropped = engine.Decide({TraceId(), WithStatus(kSeenStatusError)});
  EXPECT_EQ(dropped.verdict, Verdict::kDropped);
  EXPECT_EQ(dropped.policy, 0);
  EXPECT_EQ(engine.policies()[1].executions(), 0u);
  EXPECT_EQ(engine.Decide({TraceId(), WithStatus(kSeenStatusOk)}).policy, 1);
}

uint64_t ticks = 0;
uint64_t CountTicks() { return ticks += 10; }

TEST(Engine, MeasuresOneOfManyDecisionsAndScales) {
  Engine engine(Policies({kErrors, kAll}));
  const TraceId id;
  const TraceFacts facts = WithStatus(kSeenStatusOk);
  const TraceView measured{.id = id, .facts = facts, .ticks = CountTicks};
  for (uint64_t i = 0; i < 2 * Engine::kMeasureEvery; ++i) engine.Decide(measured);
  EXPECT_EQ(ticks, 2u * 2 * 2 * 10) << "two decisions, two policies, two readings";
  EXPECT_EQ(engine.policies()[0].ns, 2 * 10 * Engine::kMeasureEvery);
  EXPECT_EQ(engine.policies()[1].ns, 2 * 10 * Engine::kMeasureEvery);
}

}  // namespace
}  // namespace tailrace
