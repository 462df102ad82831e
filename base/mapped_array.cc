#include "base/mapped_array.h"

#include <sys/mman.h>

namespace tailrace {
namespace {

#ifdef MADV_POPULATE_WRITE
constexpr int kPopulateWrite = MADV_POPULATE_WRITE;
#else
constexpr int kPopulateWrite = 23;
#endif

}  // namespace

void* MapZeroPages(size_t bytes) {
  void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (address == MAP_FAILED) return nullptr;
  // Large tables are walked at random: with pages of 4 KiB every step would miss the TLB, too.
  constexpr size_t kWorthHugePages = size_t{8} << 20;
  if (bytes >= kWorthHugePages) madvise(address, bytes, MADV_HUGEPAGE);
  return address;
}

void UnmapPages(void* address, size_t bytes) { munmap(address, bytes); }

void PopulatePages(void* address, size_t bytes) { madvise(address, bytes, kPopulateWrite); }

}  // namespace tailrace
