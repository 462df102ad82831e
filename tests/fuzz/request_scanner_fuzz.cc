// Any bytes as a request: the scanner and libprotobuf must agree (tests/proto/scan_check.h).
#include "tests/fuzz/fuzz_target.h"
#include "tests/proto/scan_check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace::testing;  // NOLINT
  const std::string problem = CheckScan(AsText(data, size));
  Require(problem.empty(), "scanner and libprotobuf agree", problem);
  return 0;
}
