#include "collector/load/load_main.h"

#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include <cstdio>
#include <future>
#include <memory>
#include <thread>

#include "base/clock.h"
#include "collector/load/load_options.h"
#include "collector/load/load_report.h"
#include "collector/load/load_worker.h"

namespace tailrace {
namespace {

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Progress lines until every worker is done; a signal ends the workers early.
absl::Status Watch(const LoadOptions& options, const Clock& clock, const std::vector<const LoadCounters*>& counters,
                   const std::vector<std::unique_ptr<LoadWorker>>& workers,
                   std::vector<std::future<absl::Status>>* runs) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  LoadTotals before;
  const int64_t start_ns = clock.MonotonicNs();
  int64_t line_ns = start_ns;
  for (;;) {
    bool running = false;
    for (std::future<absl::Status>& run : *runs)
      running |= run.wait_for(std::chrono::seconds(0)) != std::future_status::ready;
    if (!running) break;
    const timespec tick{.tv_sec = 0, .tv_nsec = 50'000'000};
    if (sigtimedwait(&signals, nullptr, &tick) > 0) {
      for (const auto& worker : workers) worker->Stop();
    }
    const int64_t now_ns = clock.MonotonicNs();
    if (options.quiet || now_ns - line_ns < 1'000'000'000) continue;
    const LoadTotals now = Sum(counters);
    const std::string line = options.json_progress
                                 ? ProgressJson(now, static_cast<double>(now_ns - start_ns) / 1e9)
                                 : ProgressLine(now, before, static_cast<double>(now_ns - line_ns) / 1e9);
    std::fprintf(stderr, "%s\n", line.c_str());
    before = now;
    line_ns = now_ns;
  }
  absl::Status result;
  for (std::future<absl::Status>& run : *runs) result.Update(run.get());
  return result;
}

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "tailrace load: %s\n", std::string(status.message()).c_str());
  return 1;
}

}  // namespace

int LoadMain(const std::vector<std::string>& args) {
  const ParsedLoadOptions parsed = ParseLoadOptions(args);
  if (parsed.exit_now) return parsed.exit_code;
  // Before any thread begins, so that only Watch() takes the signals.
  sigset_t signals, before;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, &before);
  const std::shared_ptr<void> restore(nullptr, [&](void*) { pthread_sigmask(SIG_SETMASK, &before, nullptr); });

  const SystemClock clock;
  std::vector<std::unique_ptr<LoadWorker>> workers;
  std::vector<const LoadCounters*> counters;
  for (uint32_t thread = 0; thread < parsed.options.threads; ++thread) {
    workers.push_back(std::make_unique<LoadWorker>(parsed.options, thread, &clock));
    counters.push_back(&workers.back()->counters());
    if (absl::Status status = workers.back()->Start(); !status.ok()) return Fail(status);
  }
  const double cpu_before = CpuSeconds();
  const int64_t start_ns = clock.MonotonicNs();
  std::vector<std::future<absl::Status>> runs;
  for (const auto& worker : workers)
    runs.push_back(std::async(std::launch::async, [&worker] { return worker->Run(); }));
  const absl::Status status = Watch(parsed.options, clock, counters, workers, &runs);
  const double duration_s = static_cast<double>(clock.MonotonicNs() - start_ns) / 1e9;
  std::fputs(ResultJson(Sum(counters), parsed.options, duration_s, CpuSeconds() - cpu_before).c_str(), stdout);
  std::fflush(stdout);
  return status.ok() ? 0 : Fail(status);
}

}  // namespace tailrace
