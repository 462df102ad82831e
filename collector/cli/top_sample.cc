#include "collector/cli/top_sample.h"

#include <chrono>
#include <utility>

#include "collector/cli/read_answers.h"

namespace tailrace {
namespace {

template <class T>
absl::Status Take(ApiClient* client, const Interruption& interruption, const char* path,
                  absl::StatusOr<T> (*read)(std::string_view), T* out) {
  const auto json = client->GetJson(path, interruption);
  if (!json.ok()) return json.status();
  auto answer = read(*json);
  if (!answer.ok()) return answer.status();
  *out = *std::move(answer);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TopSample> TakeTopSample(ApiClient* client, const Interruption& interruption) {
  TopSample sample;
  absl::Status status = Take(client, interruption, "/api/v1/status", ReadStatus, &sample.status);
  sample.at_s = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  if (status.ok()) status = Take(client, interruption, "/api/v1/flow", ReadFlow, &sample.flow);
  if (status.ok()) status = Take(client, interruption, "/api/v1/policies", ReadPolicies, &sample.policies);
  if (!status.ok()) return status;
  ApiBaselines baselines;
  status = Take(client, interruption, "/api/v1/baselines", ReadBaselines, &baselines);
  if (status.ok()) sample.baselines = std::move(baselines);
  if (absl::IsCancelled(status)) return status;
  return sample;
}

}  // namespace tailrace
