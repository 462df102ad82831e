#include "collector/profile/cpu_sampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <csignal>
#include <set>
#include <string>
#include <thread>

#include "base/thread_name.h"
#include "collector/profile/address_space.h"
#include "tests/support/wait_for.h"

// Spins until *stop is not 0. Its unwind table is wrong: the frame above is said to be at address 8.
extern "C" void tailrace_test_bad_frame(const char* stop);
#if defined(__x86_64__)
asm(R"(
.text
.globl tailrace_test_bad_frame
.type tailrace_test_bad_frame, @function
tailrace_test_bad_frame:
  .cfi_startproc
  .cfi_def_cfa rax, 8
  xorl %eax, %eax
1:
  pause
  cmpb $0, (%rdi)
  je 1b
  ret
  .cfi_endproc
.size tailrace_test_bad_frame, . - tailrace_test_bad_frame
)");
#elif defined(__aarch64__)
asm(R"(
.text
.globl tailrace_test_bad_frame
.type tailrace_test_bad_frame, @function
tailrace_test_bad_frame:
  .cfi_startproc
  .cfi_def_cfa x9, 8
  .cfi_offset x30, -8
  mov x9, #0
1:
  ldrb w8, [x0]
  cbz w8, 1b
  ret
  .cfi_endproc
.size tailrace_test_bad_frame, . - tailrace_test_bad_frame
)");
#endif

namespace tailrace {

// In a namespace with a name, as the daemon's functions are.
namespace spinning {

[[gnu::noinline]] void Inner(const std::atomic<bool>& stop) {
  while (!stop.load(std::memory_order_relaxed)) {
    asm volatile("" ::: "memory");
  }
}

[[gnu::noinline]] void Outer(const std::atomic<bool>& stop) {
  Inner(stop);
  asm volatile("" ::: "memory");  // no tail call
}

}  // namespace spinning

namespace {

using testing::WaitFor;

struct Seen {
  std::set<std::string> functions;
  std::set<std::string> threads;
  int64_t samples = 0;
};

// Of the stacks whose innermost function's name holds `inner`.
Seen Look(const CpuSampler& sampler, const std::string& inner) {
  AddressSpace addresses;
  Seen seen;
  sampler.stacks().ForEach([&](const StackTable::Slot& slot) {
    if (addresses.FunctionAt(slot.stack()[0]).find(inner) == std::string::npos) return;
    for (const uintptr_t frame : slot.stack()) seen.functions.insert(addresses.FunctionAt(frame));
    seen.threads.insert(sampler.thread_names().at(slot.label));
    seen.samples += slot.counts[0].load();
  });
  return seen;
}

TEST(CpuSamplerTest, NamesTheBusyFunctionItsCallerAndItsThread) {
  std::atomic<bool> stop{false};
  std::atomic<bool> named{false};
  std::thread busy([&] {
    NameThisThread("busy-thread");
    named = true;
    spinning::Outer(stop);
  });
  ASSERT_TRUE(WaitFor([&] { return named.load(); }));
  auto sampler = CpuSampler::Start();
  ASSERT_TRUE(sampler.ok()) << sampler.status();
  ASSERT_TRUE(WaitFor([&] { return Look(**sampler, "spinning::Inner").samples >= 20; }));
  (*sampler)->Stop();
  stop = true;
  busy.join();
  const Seen seen = Look(**sampler, "spinning::Inner");
  EXPECT_THAT(seen.functions, ::testing::Contains(::testing::StartsWith("tailrace::spinning::Outer(")));
  EXPECT_THAT(seen.threads, ::testing::ElementsAre("busy-thread"));
}

TEST(CpuSamplerTest, ThreadsThatBeginLaterAreSeen) {
  auto sampler = CpuSampler::Start();
  ASSERT_TRUE(sampler.ok()) << sampler.status();
  std::atomic<bool> stop{false};
  std::thread busy([&] { spinning::Outer(stop); });
  ASSERT_TRUE(WaitFor([&] {
    (*sampler)->WatchNewThreads();
    return Look(**sampler, "spinning::Inner").samples > 0;
  }));
  stop = true;
  busy.join();
}

TEST(CpuSamplerTest, OneAtATime) {
  {
    auto first = CpuSampler::Start();
    ASSERT_TRUE(first.ok()) << first.status();
    const auto second = CpuSampler::Start();
    EXPECT_EQ(second.status().code(), absl::StatusCode::kResourceExhausted);
  }
  EXPECT_TRUE(CpuSampler::Start().ok()) << "the first is gone";
}

TEST(CpuSamplerTest, SignalsOfOthersAreIgnored) {
  auto sampler = CpuSampler::Start();
  ASSERT_TRUE(sampler.ok()) << sampler.status();
  raise(SIGPROF);
  (*sampler)->Stop();
  raise(SIGPROF);  // the handler stays
}

TEST(CpuSamplerTest, AWrongUnwindTableCostsTheFramesAboveIt) {
  std::atomic<char> stop{0};
  std::thread busy([&] { tailrace_test_bad_frame(reinterpret_cast<const char*>(&stop)); });
  auto sampler = CpuSampler::Start();
  ASSERT_TRUE(sampler.ok()) << sampler.status();
  ASSERT_TRUE(WaitFor([&] {
    (*sampler)->WatchNewThreads();
    return Look(**sampler, "tailrace_test_bad_frame").samples >= 5;
  }));
  (*sampler)->Stop();
  stop = 1;
  busy.join();
  EXPECT_THAT(Look(**sampler, "tailrace_test_bad_frame").functions, ::testing::ElementsAre("tailrace_test_bad_frame"));
}

TEST(FaultGuardDeathTest, OtherFaultsAreWhatTheyWere) {
  EXPECT_EXIT(
      {
        const FaultGuard guard;
        raise(SIGSEGV);
        *static_cast<volatile int*>(nullptr) = 1;
      },
      ::testing::KilledBySignal(SIGSEGV), "");
}

}  // namespace
}  // namespace tailrace
