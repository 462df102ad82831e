// libFuzzer's hook for the targets whose inputs are requests (request_mutator.h).
#include <cstring>

#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/request_mutator.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t size_max);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  tailrace::testing::Dice dice(seed);
  // Broken lengths are worth something too.
  if (dice.OneIn(3)) return LLVMFuzzerMutate(data, size, size_max);
  const std::string mutated =
      tailrace::testing::MutateRequest(tailrace::testing::AsText(data, size), size_max, &dice, LLVMFuzzerMutate);
  std::memcpy(data, mutated.data(), mutated.size());
  return mutated.size();
}
