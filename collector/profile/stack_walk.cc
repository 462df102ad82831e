#include "collector/profile/stack_walk.h"

#include <setjmp.h>
#include <unwind.h>

#include <csignal>

namespace tailrace {
namespace {

uintptr_t ProgramCounter(const ucontext_t& context) {
#if defined(__x86_64__)
  return static_cast<uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return context.uc_mcontext.pc;
#else
#error "where does this architecture keep the program counter of a signal's context?"
#endif
}

struct Walk {
  std::span<uintptr_t> out;
  // Where the signal struck: frames before it are the handler's. 0: there is no signal.
  uintptr_t interrupted = 0;
  volatile size_t depth = 0;  // read after a longjmp
  bool found = false;
  int skip = 0;
};

_Unwind_Reason_Code TakeFrame(_Unwind_Context* context, void* argument) {
  Walk& walk = *static_cast<Walk*>(argument);
  int is_exact = 0;
  const uintptr_t pc = _Unwind_GetIPInfo(context, &is_exact);
  if (pc == 0) return _URC_END_OF_STACK;
  if (walk.interrupted != 0 && !walk.found) {
    walk.found = pc == walk.interrupted;
    return _URC_NO_REASON;  // the frame itself is written already
  }
  if (walk.skip > 0) {
    --walk.skip;
    return _URC_NO_REASON;
  }
  if (walk.depth == walk.out.size()) return _URC_END_OF_STACK;
  walk.out[walk.depth] = is_exact != 0 ? pc : pc - 1;
  walk.depth = walk.depth + 1;
  return _URC_NO_REASON;
}

// Where this thread goes on when its walk faults.
constinit thread_local sigjmp_buf* escape = nullptr;

struct sigaction previous_segv;
struct sigaction previous_bus;

void OnFault(int signal, siginfo_t*, void*) {
  if (escape != nullptr) siglongjmp(*escape, 1);
  // Not ours: with the handler of before in place the instruction faults again.
  sigaction(signal, signal == SIGBUS ? &previous_bus : &previous_segv, nullptr);
}

}  // namespace

size_t WalkStack(std::span<uintptr_t> out) {
  Walk walk{.out = out, .skip = 1};
  _Unwind_Backtrace(TakeFrame, &walk);
  return walk.depth;
}

size_t WalkInterrupted(const ucontext_t& context, std::span<uintptr_t> out) {
  if (out.empty()) return 0;
  Walk walk{.out = out, .interrupted = ProgramCounter(context)};
  out[0] = walk.interrupted;
  walk.depth = 1;
  sigjmp_buf here;
  sigjmp_buf* const outer = escape;
  if (sigsetjmp(here, 0) == 0) {
    escape = &here;
    _Unwind_Backtrace(TakeFrame, &walk);
  }
  escape = outer;
  return walk.depth;
}

FaultGuard::FaultGuard() {
  struct sigaction action = {};
  action.sa_sigaction = OnFault;
  // Not masked: a handler that is left by a jump leaves the mask as it is.
  action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
  sigaction(SIGSEGV, &action, &previous_segv);
  sigaction(SIGBUS, &action, &previous_bus);
}

FaultGuard::~FaultGuard() {
  sigaction(SIGSEGV, &previous_segv, nullptr);
  sigaction(SIGBUS, &previous_bus, nullptr);
}

}  // namespace tailrace
