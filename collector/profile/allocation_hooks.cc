// operator new and delete of the daemon: the C library's memory, as before, and a word to the HeapSampler. Linked into
// the program itself, so that its libraries allocate here, too; not into a sanitizer's build, which has its own.
// The forms that are not here are the standard library's, which call these.
#include <cstdlib>
#include <new>

#include "collector/profile/heap_sampler.h"

namespace {

// Before main(), while there is one thread.
[[maybe_unused]] const bool told = (tailrace::HeapSampler::HooksAreHere(), true);

template <class Allocate>
void* Allocated(size_t bytes, const void* caller, Allocate allocate) {
  void* address = nullptr;
  while ((address = allocate()) == nullptr) {
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
  tailrace::HeapSampler::Allocated(address, bytes, caller);
  return address;
}

void* Plain(size_t bytes, const void* caller) {
  return Allocated(bytes, caller, [bytes] { return std::malloc(bytes == 0 ? 1 : bytes); });
}

void Free(void* address) {
  tailrace::HeapSampler::Freed(address);
  std::free(address);
}

}  // namespace

void* operator new(size_t bytes) { return Plain(bytes, __builtin_return_address(0)); }

// A form of its own, so that profiles begin with who asked: std::stable_sort for one.
void* operator new(size_t bytes, const std::nothrow_t&) noexcept {
  try {
    return Plain(bytes, __builtin_return_address(0));
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void* operator new(size_t bytes, std::align_val_t alignment) {
  const auto align = static_cast<size_t>(alignment);
  return Allocated(bytes, __builtin_return_address(0),
                   [bytes, align] { return std::aligned_alloc(align, (bytes + align - 1) / align * align); });
}

void operator delete(void* address) noexcept { Free(address); }
void operator delete(void* address, size_t) noexcept { Free(address); }
void operator delete(void* address, std::align_val_t) noexcept { Free(address); }
void operator delete(void* address, size_t, std::align_val_t) noexcept { Free(address); }
