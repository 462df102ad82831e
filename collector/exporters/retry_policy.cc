#include "collector/exporters/retry_policy.h"

#include <algorithm>
#include <cmath>

namespace tailrace {

std::optional<RetryPolicy::Duration> RetryPolicy::NextDelay(uint32_t retries, Duration elapsed,
                                                            std::optional<Duration> server_delay, double random) const {
  if (!config_.enabled) return std::nullopt;
  // In doubles, so that the power grows to infinity where an integer would overflow.
  const double grown = static_cast<double>(config_.initial_interval.count()) * std::pow(config_.multiplier, retries);
  const double interval = std::min(grown, static_cast<double>(config_.max_interval.count()));
  const double jitter = config_.randomization_factor * (2 * random - 1);
  Duration delay{static_cast<int64_t>(interval * (1 + jitter))};
  if (server_delay.has_value()) delay = std::max(delay, std::min(*server_delay, config_.max_interval));
  delay = std::max(delay, Duration::zero());
  if (config_.max_elapsed_time > Duration::zero() && elapsed + delay > config_.max_elapsed_time) return std::nullopt;
  return delay;
}

}  // namespace tailrace
