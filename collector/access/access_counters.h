// AccessCounters: what happened at one listener's TLS and authentication.
//
// Ownership: lock-free; written by the shards and the keeper's thread, read by a scrape. Relaxed everywhere: numbers
// for people, nothing is published through them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "collector/access/server_authenticator.h"

namespace tailrace {

struct AccessCounters {
  std::array<std::atomic<uint64_t>, kAuthOutcomes> requests{};
  std::atomic<uint64_t> handshakes_ok{0};
  std::atomic<uint64_t> handshakes_failed{0};
  std::atomic<uint64_t> reloads_ok{0};
  std::atomic<uint64_t> reloads_failed{0};
  std::atomic<int64_t> not_after_s{0};  // of the certificate, Unix time

  static void Count(std::atomic<uint64_t>& counter) { counter.fetch_add(1, std::memory_order_relaxed); }
};

}  // namespace tailrace
