#include "config/routing_rules.h"

#include <algorithm>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"

namespace tailrace::config {
namespace {

bool Has(const std::vector<uint32_t>& list, uint32_t index) { return std::count(list.begin(), list.end(), index) > 0; }

class RouterRules {
 public:
  RouterRules(const UsedRouter& router, const Scope& scope, const Config& config)
      : defined_(*router.first), index_(router.second), scope_(scope), config_(config) {}

  void Check() const {
    bool fed = false;
    bool read = false;
    for (const PipelineConfig& pipeline : config_.pipelines) {
      read |= Has(pipeline.routers, index_);
      if (!Has(pipeline.exporters, index_)) continue;
      fed = true;
      CheckFeeding(pipeline);
    }
    if (!read) {
      Fail(
          "is used as exporter in a pipeline for traces but not as receiver in another: nothing would take what is "
          "this "
          "process's own. Let the pipeline with tail_sampling receive from it; a router in front of other samplers "
          "declares it under exporters");
    } else if (!fed) {
      Fail("is used as receiver in a pipeline for traces but not as exporter in another");
    }
  }

 private:
  void CheckFeeding(const PipelineConfig& pipeline) const {
    const std::string name = absl::StrCat("is an exporter of \"", pipeline.id, "\", which ");
    if (!pipeline.routers.empty()) Fail(absl::StrCat(name, "receives what was routed already: spans are routed once"));
    if (pipeline.tail_sampling >= 0) {
      Fail(absl::StrCat(name,
                        "samples: traces are routed first. Move tail_sampling to the pipeline that receives from it"));
    }
    if (pipeline.exporters.size() > 1) {
      Fail(absl::StrCat(name, "has other exporters: give them a pipeline of their own, with the same receivers"));
    }
    for (const PipelineConfig& other : config_.pipelines) {
      if (other.id == pipeline.id) continue;
      for (const uint32_t receiver : other.receivers) {
        if (Has(pipeline.receivers, receiver)) CheckBeside(pipeline, other, config_.receivers[receiver].id.text);
      }
    }
  }

  // Two pipelines get the same spans.
  void CheckBeside(const PipelineConfig& pipeline, const PipelineConfig& other, const std::string& receiver) const {
    const std::string both = absl::StrCat("routes what receiver \"", receiver, "\" takes for \"", pipeline.id,
                                          "\", and \"", other.id, "\" ");
    if (other.tail_sampling >= 0) {
      Fail(absl::StrCat(both,
                        "samples all of it, also pieces of traces that are other members': let it receive from the "
                        "connector alone"));
    } else if (Has(other.routers, index_)) {
      Fail(absl::StrCat(both, "would get what is this process's own twice"));
    }
    for (const uint32_t exporter : other.exporters) {
      const auto* balancing = std::get_if<LoadBalancingConfig>(&config_.exporters[exporter]);
      if (balancing != nullptr && balancing->is_connector) Fail(absl::StrCat(both, "routes it, too"));
    }
  }

  void Fail(const std::string& why) const {
    scope_.Fail(defined_.where, absl::StrCat("connector \"", defined_.id.text, "\" ", why));
  }

  const Defined& defined_;
  const uint32_t index_;
  const Scope& scope_;
  const Config& config_;
};

void AddEndpoint(const ListenerConfig& listener, LoadBalancingConfig* balancing) {
  if (listener.enabled) balancing->own_endpoints.push_back({listener.host, listener.port});
}

// The listeners of the pipelines on both sides.
void NoteOwnEndpoints(Config* config) {
  for (uint32_t i = 0; i < config->exporters.size(); ++i) {
    auto* balancing = std::get_if<LoadBalancingConfig>(&config->exporters[i]);
    if (balancing == nullptr) continue;
    for (const PipelineConfig& pipeline : config->pipelines) {
      if (!Has(pipeline.exporters, i) && !Has(pipeline.routers, i)) continue;
      for (const uint32_t receiver : pipeline.receivers) {
        AddEndpoint(config->receivers[receiver].grpc, balancing);
        AddEndpoint(config->receivers[receiver].http, balancing);
      }
    }
  }
}

}  // namespace

void CheckRouting(const std::vector<UsedRouter>& connectors, const Scope& scope, Config* config) {
  for (const UsedRouter& connector : connectors) RouterRules(connector, scope, *config).Check();
  NoteOwnEndpoints(config);
}

}  // namespace tailrace::config
