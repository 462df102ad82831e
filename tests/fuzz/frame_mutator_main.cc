// libFuzzer's hook for the target whose inputs are HTTP/2 frames (frame_mutator.h).
#include <cstring>

#include "tests/fuzz/frame_mutator.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t size_max);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  tailrace::testing::Dice dice(seed);
  if (dice.OneIn(5)) return LLVMFuzzerMutate(data, size, size_max);
  const std::string mutated =
      tailrace::testing::MutateFrames(tailrace::testing::AsText(data, size), size_max, &dice, LLVMFuzzerMutate);
  std::memcpy(data, mutated.data(), mutated.size());
  return mutated.size();
}
