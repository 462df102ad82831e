#include "collector/telemetry/process_stats.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace tailrace {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

ProcessStatsReader::ProcessStatsReader(const Clock& clock) : clock_(clock), start_ns_(clock.MonotonicNs()) {}

ProcessStats ProcessStatsReader::Read() const {
  ProcessStats stats;
  stats.uptime_s = static_cast<double>(clock_.MonotonicNs() - start_ns_) / 1e9;

  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) stats.cpu_s = Seconds(usage.ru_utime) + Seconds(usage.ru_stime);

  // proc(5): statm counts pages; the first two are the address space and what is resident of it.
  std::ifstream statm("/proc/self/statm");
  uint64_t address_pages = 0;
  uint64_t resident_pages = 0;
  if (statm >> address_pages >> resident_pages) {
    const uint64_t page_bytes = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
    stats.address_bytes = address_pages * page_bytes;
    stats.rss_bytes = resident_pages * page_bytes;
  }

  const struct mallinfo2 heap = mallinfo2();
  stats.heap_bytes = heap.uordblks + heap.hblkhd;
  return stats;
}

}  // namespace tailrace
