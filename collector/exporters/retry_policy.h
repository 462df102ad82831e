// RetryPolicy: how long a batch waits before it is sent again, or that it is not. The Collector's retry_on_failure:
// exponential back-off with jitter. Immutable; any thread; randomness comes in as an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "config/model.h"

namespace tailrace {

class RetryPolicy {
 public:
  using Duration = config::Duration;
  explicit RetryPolicy(const config::RetryConfig& config) : config_(config) {}

  // Not to be sent again where retries are off, or where the next attempt would begin later than max_elapsed_time after
  // the first. A backend that asks for a pause gets it, but none longer than max_interval. `retries`: how often it was
  // sent again already. `elapsed`: since the first attempt began. `server_delay`: what the backend asked for
  // (RetryInfo), at least. `random`: in [0, 1).
  std::optional<Duration> NextDelay(uint32_t retries, Duration elapsed, std::optional<Duration> server_delay,
                                    double random) const;

 private:
  const config::RetryConfig config_;
};

}  // namespace tailrace
