// GET /api/v1/policies: what each policy of each pipeline voted, and what that cost.
#include "collector/admin/api_answers.h"
#include "config/policy_type.h"

namespace tailrace {
namespace {

// Counts come in the order in which policies are asked, drop policies first; names are unique.
std::string TypeOf(const std::string& name, const std::vector<config::PolicyConfig>& policies) {
  for (const config::PolicyConfig& policy : policies) {
    if (policy.name == name) return config::PolicyTypeName(policy);
  }
  return {};
}

void WritePolicy(const PolicyStats& stats, const std::string& type, JsonWriter* json) {
  json->Object([&] {
    json->Field("name", stats.name);
    json->Field("type", type);
    json->Field("sampled", stats.sampled_traces);
    json->Field("not_sampled", stats.not_sampled_traces);
    json->Field("dropped", stats.dropped_traces);
    json->Field("errors", stats.errors);
    json->Field("cpu_ms", static_cast<double>(stats.execution_time_us) / 1e3);
  });
}

// A row for each policy; null where nobody counts.
void WriteOverlap(const PipelineStats& stats, JsonWriter* json) {
  json->Key("overlap");
  if (stats.policy_overlap.empty()) return json->Value(nullptr);
  json->Array([&] {
    const size_t policies = stats.policies.size();
    for (size_t row = 0; row < policies; ++row) {
      json->Array([&] {
        for (size_t column = 0; column < policies; ++column) json->Value(stats.policy_overlap[row * policies + column]);
      });
    }
  });
}

}  // namespace

std::string PoliciesJson(const Moment& moment, const config::Config& config) {
  JsonWriter json;
  json.Object([&] {
    json.Key("pipelines").Array([&] {
      for (size_t i = 0; i < moment.daemon.pipelines.size(); ++i) {
        const PipelineStats& stats = moment.daemon.pipelines[i];
        if (config.pipelines[i].tail_sampling < 0) continue;
        const auto& sampling = config.tail_samplings[static_cast<size_t>(config.pipelines[i].tail_sampling)];
        json.Object([&] {
          json.Field("pipeline", stats.pipeline);
          json.Field("processor", stats.processor);
          json.Field("decision_wait_ms", static_cast<double>(sampling.decision_wait.count()) / 1e6);
          json.Field("decided_traces", stats.sampled_traces + stats.not_sampled_traces + stats.dropped_traces);
          json.Field("kept_traces", stats.sampled_traces);
          json.Key("policies").Array([&] {
            for (const PolicyStats& policy : stats.policies) {
              WritePolicy(policy, TypeOf(policy.name, sampling.policies), &json);
            }
          });
          WriteOverlap(stats, &json);
        });
      }
    });
  });
  return json.Take();
}

}  // namespace tailrace
