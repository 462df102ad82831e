// Policies on wire bytes say what an evaluation on parsed messages says. TAILRACE_SPANS sets how many spans are judged
// (ten million before a release), TAILRACE_SEED repeats a run.
#include <cstdlib>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "tests/processors/property/check_policies.h"
#include "tests/processors/property/made_traces.h"
#include "tests/processors/property/message_oracle.h"

namespace tailrace::testing {
namespace {

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(PolicyProperty, WireBytesAndMessagesAgree) {
  const uint64_t wanted = FromEnvironment("TAILRACE_SPANS", 200'000);
  const uint64_t first = FromEnvironment("TAILRACE_SEED", std::random_device()());
  std::cout << "seed " << first << "\n";
  uint64_t spans = 0;
  for (uint64_t seed = first; spans < wanted; ++seed) {
    Dice dice(seed);
    const std::string problem = CheckPoliciesOnRequest(MadeTraces(&dice), &spans);
    ASSERT_EQ(problem, "") << "TAILRACE_SEED=" << seed;
  }
  std::cout << spans << " spans\n";
}

// The oracle can tell: each of its policies samples some of the made traces and leaves others.
TEST(PolicyProperty, EveryPolicyIsPutToTheTest) {
  uint64_t spans = 0;
  Dice dice(7);
  std::vector<uint64_t> sampled(OracledPolicies().size());
  uint64_t requests = 0;
  for (; requests < 500; ++requests) {
    opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest message;
    ASSERT_TRUE(message.ParseFromString(MadeTraces(&dice)));
    MessageTrace trace;
    for (const auto& resource_spans : message.resource_spans()) {
      for (const auto& scope_spans : resource_spans.scope_spans()) {
        trace.push_back({&resource_spans.resource(), &scope_spans.scope(), &scope_spans.spans(0)});
      }
    }
    const std::vector<OracledPolicy> policies = OracledPolicies();
    for (size_t i = 0; i < policies.size(); ++i) sampled[i] += policies[i].samples(trace) ? 1 : 0;
    spans += trace.size();
  }
  for (size_t i = 0; i < sampled.size(); ++i) {
    EXPECT_GT(sampled[i], 5u) << OracledPolicies()[i].policy.name;
    EXPECT_LT(sampled[i], requests - 5) << OracledPolicies()[i].policy.name;
  }
}

}  // namespace
}  // namespace tailrace::testing
