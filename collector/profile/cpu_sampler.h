// CpuSampler: where the process's threads spend their CPU time, while one exists. Every thread has a timer on its own
// CPU clock that interrupts it a hundred times a CPU second; the handler counts the stack. A thread that sleeps costs
// nothing, and threads beyond the number of processors are seen as well as any.
//
// Thread safety: one thread makes it, watches for new threads, finishes and destroys it. The handler runs on every
// thread and meets it in the StackTable alone. One at a time in a process; the handler stays installed afterwards and
// ignores what comes late.
#pragma once

#include <time.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/profile/stack_table.h"
#include "collector/profile/stack_walk.h"

namespace tailrace {

class CpuSampler {
 public:
  static constexpr int64_t kPeriodNs = 10'000'000;  // of CPU time, between two samples of a thread

  // ResourceExhausted: one exists already. Unavailable: the system gives no timers.
  static absl::StatusOr<std::unique_ptr<CpuSampler>> Start();
  ~CpuSampler();
  CpuSampler(const CpuSampler&) = delete;
  CpuSampler& operator=(const CpuSampler&) = delete;

  // Threads that began since the last call are sampled from now on; call it about once a second.
  void WatchNewThreads();

  // Ends the sampling. Again: nothing happens.
  void Stop();

  // After Stop(). counts[0] of a slot: samples; its label is the place of its thread's name in thread_names().
  const StackTable& stacks() const { return stacks_; }
  const std::vector<std::string>& thread_names() const { return thread_names_; }

 private:
  struct Timer {
    int thread_id;
    timer_t timer;
  };

  CpuSampler();
  absl::Status Watch(int thread_id, std::string name);

  static constexpr size_t kStacksMax = 8192;
  static constexpr size_t kThreadsMax = 1024;  // more are not sampled

  StackTable stacks_{kStacksMax};
  std::optional<FaultGuard> guard_;
  std::vector<Timer> timers_;
  std::vector<std::string> thread_names_;
};

}  // namespace tailrace
