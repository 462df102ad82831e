// The stack of the calling thread, by the tables that exceptions unwind with: no frame pointers are needed. Allocates
// nothing and takes no lock (libgcc 12 finds its tables through glibc's _dl_find_object), so a signal handler may call
// it.
//
// Program counters as profile.proto has them: the first is where the thread is, each other one lies within the call.
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace tailrace {

// From the caller of this function on. How many were written.
size_t WalkStack(std::span<uintptr_t> out);

// In a signal handler: the stack that the signal interrupted, of one frame at least. A table that is wrong (assembly
// in a library, say) costs the frames above it, where a FaultGuard stands; the process, where none does.
size_t WalkInterrupted(const ucontext_t& context, std::span<uintptr_t> out);

// While one exists, a fault inside WalkInterrupted() ends that walk; any other fault is what it was before. At most one
// at a time; destroyed when no handler walks any more.
class FaultGuard {
 public:
  FaultGuard();
  ~FaultGuard();
  FaultGuard(const FaultGuard&) = delete;
  FaultGuard& operator=(const FaultGuard&) = delete;
};

}  // namespace tailrace
