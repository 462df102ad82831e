// Any bytes as a request: what policies say of its traces, on wire bytes and on messages (tests/processors/property).
#include "tests/fuzz/fuzz_target.h"
#include "tests/processors/property/check_policies.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace::testing;  // NOLINT
  uint64_t spans = 0;
  const std::string problem = CheckPoliciesOnRequest(AsText(data, size), &spans);
  Require(problem.empty(), "wire bytes and messages agree", problem);
  return 0;
}
