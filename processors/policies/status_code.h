// `status_code`: keeps traces in which any span has one of the listed status codes.
#pragma once

#include <string>
#include <vector>

#include "processors/policy.h"

namespace tailrace {

class StatusCodePolicy final : public Policy {
 public:
  // Names as in the configuration: OK, ERROR, UNSET. Others are ignored (the configuration refuses them).
  explicit StatusCodePolicy(const std::vector<std::string>& status_codes) {
    for (const std::string& code : status_codes) {
      if (code == "OK") wanted_ |= kSeenStatusOk;
      if (code == "ERROR") wanted_ |= kSeenStatusError;
      if (code == "UNSET") wanted_ |= kSeenStatusUnset;
    }
  }

  Vote Evaluate(const TraceView& trace) override {
    return (trace.facts.seen & wanted_) != 0 ? Vote::kSampled : Vote::kNotSampled;
  }

 private:
  uint8_t wanted_ = 0;  // SeenBit
};

}  // namespace tailrace
