// What the operating system says about this process, for the otelcol_process_* metrics. Read by a scrape; beside the
// straight line. Immutable after construction; any thread.
#pragma once

#include <cstdint>

#include "base/clock.h"

namespace tailrace {

struct ProcessStats {
  double uptime_s = 0;
  double cpu_s = 0;            // user and system, all threads
  uint64_t rss_bytes = 0;      // resident now
  uint64_t heap_bytes = 0;     // handed out by malloc now; the trace table is not part of it
  uint64_t address_bytes = 0;  // address space taken from the system, touched or not
};

class ProcessStatsReader {
 public:
  // Uptime counts from here. `clock` outlives the reader.
  explicit ProcessStatsReader(const Clock& clock);
  // A value that cannot be read is 0.
  ProcessStats Read() const;

 private:
  const Clock& clock_;
  const int64_t start_ns_;
};

}  // namespace tailrace
