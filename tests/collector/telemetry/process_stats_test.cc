#include "collector/telemetry/process_stats.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>

#include "tests/support/manual_clock.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using testing::ManualClock;

TEST(ProcessStats, UptimeCountsFromConstruction) {
  ManualClock clock;
  ProcessStatsReader reader(clock);
  EXPECT_EQ(reader.Read().uptime_s, 0);
  clock.Advance(std::chrono::milliseconds(2500));
  EXPECT_EQ(reader.Read().uptime_s, 2.5);
}

TEST(ProcessStats, MemoryThatIsTouchedIsResident) {
  ManualClock clock;
  ProcessStatsReader reader(clock);
  const ProcessStats before = reader.Read();
  constexpr size_t kBytes = size_t{64} << 20;
  auto memory = std::make_unique<char[]>(kBytes);
  std::memset(memory.get(), 1, kBytes);
  asm volatile("" : : "r"(memory.get()) : "memory");  // or the compiler leaves both out
  const ProcessStats after = reader.Read();
  EXPECT_GT(before.rss_bytes, 0u);
  EXPECT_GE(after.rss_bytes, before.rss_bytes + kBytes / 2);
  EXPECT_GE(after.address_bytes, after.rss_bytes);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // their malloc is not the C library's
  EXPECT_GE(after.heap_bytes, before.heap_bytes + kBytes);
#endif
}

TEST(ProcessStats, CpuTimeGrowsWithWork) {
  ManualClock clock;
  ProcessStatsReader reader(clock);
  const double before = reader.Read().cpu_s;
  EXPECT_TRUE(testing::WaitFor([&] {
    for (int i = 0; i < 100; ++i) reader.Read();  // work
    return reader.Read().cpu_s >= before + 0.02;
  }));
}

}  // namespace
}  // namespace tailrace
