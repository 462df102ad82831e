// Policies on wire bytes say what an evaluation on parsed messages says. --spans=N sets how many spans are judged (ten
// million before a release), --seed=N where the traces start.
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "tests/processors/property/check_policies.h"
#include "tests/processors/property/made_traces.h"
#include "tests/processors/property/message_oracle.h"
#include "tests/support/read_flag.h"

namespace tailrace::testing {
namespace {

uint64_t spans_wanted = 200'000;
uint64_t first_seed = 1;

TEST(PolicyProperty, WireBytesAndMessagesAgree) {
  uint64_t spans = 0;
  for (uint64_t seed = first_seed; spans < spans_wanted; ++seed) {
    Dice dice(seed);
    const std::string problem = CheckPoliciesOnRequest(MadeTraces(&dice), &spans);
    ASSERT_EQ(problem, "") << "--seed=" << seed << " repeats it";
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

int main(int argc, char** argv) {
  using namespace tailrace::testing;
  ::testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    if (!ReadFlag(argv[i], "--spans=", &spans_wanted) && !ReadFlag(argv[i], "--seed=", &first_seed)) {
      std::cerr << argv[i] << ": unknown; known are --spans=N and --seed=N\n";
      return 2;
    }
  }
  return RUN_ALL_TESTS();
}
