// SendResult: what one attempt to deliver a batch came to, by the class of the backend's answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "collector/telemetry/snapshot.h"
#include "config/model.h"

namespace tailrace {

struct SendResult {
  enum class Outcome : uint8_t {
    kForwarded,
    kRetry,     // not now: the same bytes again, later
    kTooLarge,  // smaller pieces of it may pass
    kBadData,   // something in it is refused: what, is found by halves
    kDropped,   // no attempt can help
  };
  Outcome outcome = Outcome::kForwarded;
  uint64_t rejected_spans = 0;                        // kForwarded: the backend took the rest
  DropReason reason = DropReason::kRefusedByBackend;  // kDropped
  std::optional<config::Duration> retry_after;        // kRetry: what the backend asks for
  std::string error;                                  // in words, bounded, without secrets; empty: none
};

}  // namespace tailrace
