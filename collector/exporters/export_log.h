// ExportLog: what an exporter says in the log, so that a backend that is down for a night does not fill the disk. Each
// kind of trouble is logged when it begins, then at most every ten seconds with the spans that it has cost since; its
// end is logged once.
//
// Guarded: own mutex; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "collector/exporters/sending_queue.h"
#include "collector/telemetry/log.h"
#include "collector/telemetry/snapshot.h"

namespace tailrace {

class ExportLog {
 public:
  static constexpr int64_t kIntervalNs = int64_t{10} * 1000 * 1000 * 1000;

  ExportLog(std::string component, Logger& logger, const Clock& clock);

  void QueueFull(uint64_t spans);
  // After each attempt.
  void Attempt(const SendResult& result, const SendVerdict& verdict, uint64_t spans);
  // A batch was taken in two because the backend would not take it whole.
  void Cut(const SendResult& result, uint64_t spans);
  void DeadLettersFailed(std::string_view error, uint64_t spans);
  // At the end of Stop().
  void Stopped(uint64_t dropped_spans);

 private:
  // One kind of trouble.
  struct Trouble {
    bool on = false;
    int64_t logged_ns = 0;
    uint64_t spans = 0;  // since it was last logged
  };
  enum Kind : size_t { kRetrying = kDropReasons, kCut, kDeadLetters, kKinds };

  void Failed(size_t kind, LogLevel level, std::string_view message, std::string_view error, uint64_t spans);
  // The kinds that a forwarded batch shows to be over.
  void Recovered();

  const std::string component_;
  Logger& logger_;
  const Clock& clock_;

  std::mutex mutex_;
  std::array<Trouble, kKinds> troubles_;  // guarded by mutex_
};

}  // namespace tailrace
