// TokenBucket: so many tokens a second, and no more than `burst` saved up; starts full. Answers as Go's
// golang.org/x/time/rate does, with which the Collector limits: tokens are fractions, more than `burst` at once never
// passes, and what is missing by less than a nanosecond's gain is not missing.
//
// Guarded by a mutex: one bucket serves the engines of all shards, so that a limit holds for the whole process.
#pragma once

#include <cstdint>
#include <mutex>

namespace tailrace {

class TokenBucket {
 public:
  // `burst` 0 and less: twice the rate. A rate of 0 and less gains nothing.
  TokenBucket(int64_t per_second, int64_t burst);

  // Takes `tokens`, or nothing. `now_ns` is steady; where it lies before an earlier call, no time has passed.
  bool Take(int64_t now_ns, int64_t tokens);

 private:
  const double per_second_;
  const int64_t burst_;
  std::mutex mutex_;
  bool started_ = false;
  int64_t last_ns_ = 0;
  double tokens_;
};

}  // namespace tailrace
