// Every file of a target's corpus through the target, in the ordinary build: what fuzzing once found stays found.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"
#include "tests/fuzz/fuzz_target.h"

namespace tailrace {
namespace {

void Replay(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

TEST(CorpusReplay, EveryFileHoldsItsPromises) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TAILRACE_CORPUS)) {
    std::cerr << entry.path() << std::endl;  // a broken promise ends the process: this says where
    std::ifstream file(entry.path(), std::ios::binary);
    ASSERT_TRUE(file) << entry.path();
    const std::string input((std::istreambuf_iterator<char>(file)), {});
    Replay(input);
    // And cut short: most of what clients do wrong.
    for (size_t size = 0; size < input.size(); size += 1 + input.size() / 64) Replay(input.substr(0, size));
    ++files;
  }
  EXPECT_GE(files, 5) << "the corpus of this target is missing: " << TAILRACE_CORPUS;
}

}  // namespace
}  // namespace tailrace
