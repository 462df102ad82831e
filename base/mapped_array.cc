#include "base/mapped_array.h"

#include <sys/mman.h>

namespace tailrace {

void* MapZeroPages(size_t bytes) {
  void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return address == MAP_FAILED ? nullptr : address;
}

void UnmapPages(void* address, size_t bytes) { munmap(address, bytes); }

}  // namespace tailrace
