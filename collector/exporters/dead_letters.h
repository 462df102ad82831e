// DeadLetters: the file of an exporter for what no attempt could deliver: OTLP JSON, one request a line, with what went
// wrong beside it, so that `tailrace replay-dead-letter` can send it again. Bounded: rotated at a size, the oldest file
// goes.
//
// Guarded: own mutex; any thread; Write() waits for the file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "collector/telemetry/snapshot.h"
#include "config/model.h"

namespace tailrace {

struct DeadLetter {
  std::string_view exporter;
  DropReason reason = DropReason::kRefusedByBackend;
  std::string_view error;    // the backend's words, bounded, without secrets
  std::string_view payload;  // a serialized ExportTraceServiceRequest
  uint32_t spans = 0;
};

class DeadLetters {
 public:
  virtual ~DeadLetters() = default;
  // False where it could not be written (also: for want of room); the file's error is in last_error().
  virtual bool Write(const DeadLetter& letter) = 0;
  virtual std::string last_error() const = 0;
};

// The directory must be there and writable.
absl::StatusOr<std::unique_ptr<DeadLetters>> OpenDeadLetters(const config::DeadLetterConfig& config,
                                                             const Clock& clock);

}  // namespace tailrace
