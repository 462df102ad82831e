// Counts what the program takes of the heap: operator new and delete of the whole test. In one of its files only.
#pragma once

#include <atomic>
#include <cstdlib>
#include <new>

namespace tailrace::testing {
inline std::atomic<int> allocations{0};
}  // namespace tailrace::testing

[[gnu::noinline]] void* operator new(size_t size) {
  ++tailrace::testing::allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }
