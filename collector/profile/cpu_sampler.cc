#include "collector/profile/cpu_sampler.h"

#include <dirent.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tailrace {
namespace {

constinit std::atomic<bool> taken{false};
// What the handlers count in. Sequentially consistent with handlers_running: a handler says that it runs, then looks
// here; Stop() takes it away from here, then waits for those that run.
constinit std::atomic<StackTable*> target{nullptr};
constinit std::atomic<int> handlers_running{0};

// The kernel's name for the CPU clock of a thread of this process, which pthread_getcpuclockid gives for pthreads only.
clockid_t CpuClockOf(int thread_id) {
  constexpr int kPerThread = 4;
  constexpr int kScheduled = 2;
  return static_cast<clockid_t>(~static_cast<unsigned>(thread_id) << 3 | kPerThread | kScheduled);
}

std::vector<int> ThreadIds() {
  std::vector<int> ids;
  DIR* const directory = opendir("/proc/self/task");
  if (directory == nullptr) return ids;
  while (const dirent* entry = readdir(directory)) {
    int id = 0;
    if (absl::SimpleAtoi(entry->d_name, &id)) ids.push_back(id);
  }
  closedir(directory);
  return ids;
}

std::string NameOf(int thread_id) {
  std::ifstream file(absl::StrCat("/proc/self/task/", thread_id, "/comm"));
  std::string name;
  std::getline(file, name);
  return name;
}

void OnTimer(int, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  handlers_running.fetch_add(1);
  StackTable* const stacks = target.load();
  if (stacks != nullptr && info->si_code == SI_TIMER) {
    uintptr_t frames[StackTable::kFramesMax];
    const size_t depth = WalkInterrupted(*static_cast<const ucontext_t*>(context), frames);
    StackTable::Slot* const slot = stacks->Find({frames, depth}, static_cast<uint32_t>(info->si_value.sival_int));
    // A late signal stands for the periods that passed meanwhile, too.
    const int periods = 1 + std::max(0, info->si_overrun);
    if (slot != nullptr) slot->counts[0].fetch_add(periods, std::memory_order_relaxed);
  }
  handlers_running.fetch_sub(1);
  errno = saved_errno;
}

}  // namespace

absl::StatusOr<std::unique_ptr<CpuSampler>> CpuSampler::Start() {
  if (taken.exchange(true)) return absl::ResourceExhaustedError("the CPU is being profiled already");
  std::unique_ptr<CpuSampler> sampler(new CpuSampler());
  if (sampler->stacks_.size() == 0) return absl::UnavailableError("there is no memory for a profile");
  struct sigaction action = {};
  action.sa_sigaction = OnTimer;
  action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  sigfillset(&action.sa_mask);
  for (const int fault : {SIGSEGV, SIGBUS}) sigdelset(&action.sa_mask, fault);
  sigaction(SIGPROF, &action, nullptr);
  uintptr_t frames[1];
  WalkStack(frames);  // what the unwinder sets up once, it does now and not in a handler
  target.store(&sampler->stacks_);
  if (absl::Status status = sampler->Watch(gettid(), NameOf(gettid())); !status.ok()) return status;
  sampler->WatchNewThreads();
  return sampler;
}

CpuSampler::CpuSampler() { guard_.emplace(); }

CpuSampler::~CpuSampler() {
  Stop();
  guard_.reset();
  taken.store(false);
}

absl::Status CpuSampler::Watch(int thread_id, std::string name) {
  sigevent event = {};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGPROF;
  event.sigev_value.sival_int = static_cast<int>(thread_names_.size());
  event._sigev_un._tid = thread_id;
  timer_t timer;
  if (timer_create(CpuClockOf(thread_id), &event, &timer) != 0) {
    return absl::UnavailableError(absl::StrCat("the system gives no timer for a thread: error ", errno));
  }
  thread_names_.push_back(std::move(name));
  timers_.push_back({thread_id, timer});
  const itimerspec period = {.it_interval = {0, kPeriodNs}, .it_value = {0, kPeriodNs}};
  timer_settime(timer, 0, &period, nullptr);
  return absl::OkStatus();
}

void CpuSampler::WatchNewThreads() {
  for (const int id : ThreadIds()) {
    if (timers_.size() >= kThreadsMax) return;
    const auto is_same = [id](const Timer& timer) { return timer.thread_id == id; };
    if (std::any_of(timers_.begin(), timers_.end(), is_same)) continue;
    Watch(id, NameOf(id)).IgnoreError();  // it has ended meanwhile
  }
}

void CpuSampler::Stop() {
  if (target.load() != &stacks_) return;
  for (size_t i = 0; i < timers_.size(); ++i) {
    timer_delete(timers_[i].timer);
    // A thread may have taken its name after it was first seen; one that has ended keeps what it had.
    if (std::string name = NameOf(timers_[i].thread_id); !name.empty()) thread_names_[i] = std::move(name);
  }
  target.store(nullptr);
  while (handlers_running.load() != 0) std::this_thread::yield();  // each ends by itself, within microseconds
}

}  // namespace tailrace
