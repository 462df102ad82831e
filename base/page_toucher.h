// PageToucher: brings memory that was only reserved (MapZeroPages) into being, on a thread of its own, so that who
// works in it takes no page fault. For tables that are walked at random: each of their pages is touched soon after the
// first.
//
// Start() and the destructor belong to one thread. What the pages hold is not changed, so the tables may be in use.
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace tailrace {

class PageToucher {
 public:
  struct Range {
    const void* address;
    size_t bytes;
  };

  PageToucher() = default;
  ~PageToucher();
  PageToucher(const PageToucher&) = delete;
  PageToucher& operator=(const PageToucher&) = delete;

  // Once. The ranges must outlive this object.
  void Start(std::vector<Range> ranges);

 private:
  void Run(const std::vector<Range>& ranges);

  std::atomic<bool> stop_{false};  // lock-free: only ends the thread's loop early
  std::thread thread_;
};

}  // namespace tailrace
