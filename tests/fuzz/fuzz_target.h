// What a fuzz target is: one function, LLVMFuzzerTestOneInput, that takes any bytes and aborts where a promise is
// broken. libFuzzer calls it with what it makes up (scripts/fuzz), corpus_replay_test.cc with the files under corpus/.
// Single thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace tailrace::testing {

inline std::string_view AsText(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

// Ends the process, which is how both callers learn of it, unless `holds`.
inline void Require(bool holds, std::string_view promise, std::string_view details = "") {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(promise.size()), promise.data());
  std::fwrite(details.data(), 1, details.size(), stderr);  // with what is no text in it
  std::fputc('\n', stderr);
  std::abort();
}

}  // namespace tailrace::testing
