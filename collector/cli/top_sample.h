// TopSample: all that `tailrace top` asks the daemon at one moment. Rates come from two of them. A value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/cli/api_answers.h"
#include "collector/cli/api_client.h"

namespace tailrace {

struct TopSample {
  double at_s = 0;  // by a clock that never steps back
  ApiStatus status;
  ApiFlow flow;
  std::vector<ApiPolicy> policies;
  std::optional<ApiBaselines> baselines;  // none where the daemon counts none
};

absl::StatusOr<TopSample> TakeTopSample(ApiClient* client, const Interruption& interruption);

}  // namespace tailrace
