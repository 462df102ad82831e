#include "config/pipelines.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "config/did_you_mean.h"
#include "config/routing_rules.h"

namespace tailrace::config {
namespace {

class PipelineReader {
 public:
  PipelineReader(Catalog* catalog, Config* config, uint64_t* memory_limit_bytes)
      : catalog_(*catalog), config_(*config), memory_limit_bytes_(*memory_limit_bytes) {}

  void Read(const Node::Key& key, const Node& node, const Scope& scope) {
    const absl::StatusOr<ComponentId> id = ParseComponentId(key.text);
    if (!id.ok()) return scope.Fail(key.where, std::string(id.status().message()));
    if (!CheckSignal(*id, key, scope)) return;
    if (!node.IsNull() && !node.IsMap()) {
      return scope.Fail(node.where, absl::StrCat("expected a map, got ", node.Describe()));
    }
    CheckKeys(node, scope);
    if (id->type == "metrics") return ReadMetrics(*id, key, node, scope);
    PipelineConfig pipeline;
    pipeline.id = id->text;
    pipeline.at = key.where.ToLocation();
    pipeline.batch = BatchOptions().Defaults();
    for (const Defined* receiver :
         Resolve(Section::kReceivers, node, key.where, scope, "must have at least one receiver")) {
      UseReceiver(*receiver, node, scope, &pipeline);
    }
    bool batched = false;
    for (const Defined* processor : Resolve(Section::kProcessors, node, key.where, scope, "")) {
      UseProcessor(*processor, node, scope, &batched, &pipeline);
    }
    for (const Defined* exporter :
         Resolve(Section::kExporters, node, key.where, scope, "must have at least one exporter")) {
      UseExporter(*exporter, node, scope, &pipeline);
    }
    config_.pipelines.push_back(std::move(pipeline));
  }

  // After the last pipeline: a connector must have both of its ends.
  void CheckConnectors(const Scope& scope) const {
    CheckRouting(routers_, scope, &config_);
    for (const auto& [connector, index] : connectors_) {
      const auto uses = [index = index](const auto& pipeline) {
        return std::count(pipeline.connectors.begin(), pipeline.connectors.end(), index) > 0;
      };
      const bool fed = std::any_of(config_.pipelines.begin(), config_.pipelines.end(), uses);
      const bool read = std::any_of(config_.metrics_pipelines.begin(), config_.metrics_pipelines.end(), uses);
      const std::string name = absl::StrCat("connector \"", connector->id.text, "\" is used as ");
      if (!read) {
        scope.Fail(connector->where, name + "exporter in a pipeline for traces but not as receiver in one for metrics");
      } else if (!fed) {
        scope.Fail(connector->where, name + "receiver in a pipeline for metrics but not as exporter in one for traces");
      }
    }
  }

 private:
  // Traces, and metrics that a connector makes of them.
  static bool CheckSignal(const ComponentId& id, const Node::Key& key, const Scope& scope) {
    if (id.type == "traces" || id.type == "metrics") return true;
    if (id.type == "logs" || id.type == "profiles") {
      scope.Fail(key.where, absl::StrCat("a pipeline for ", id.type,
                                         " is not supported: Tailrace takes traces only; leave it to a Collector"));
    } else {
      scope.Fail(key.where, absl::StrCat("unknown signal \"", id.type, "\"",
                                         DidYouMean(id.type, {"traces", "metrics", "logs", "profiles"})));
    }
    return false;
  }

  void ReadMetrics(const ComponentId& id, const Node::Key& key, const Node& node, const Scope& scope) {
    MetricsPipelineConfig pipeline;
    pipeline.id = id.text;
    pipeline.at = key.where.ToLocation();
    for (const Defined* receiver :
         Resolve(Section::kReceivers, node, key.where, scope, "must have at least one receiver")) {
      if (std::holds_alternative<SpanMetricsConfig>(receiver->config)) {
        pipeline.connectors.push_back(UseConnector(*receiver));
      } else {
        scope.Fail(node.Find("receivers")->where,
                   absl::StrCat("receiver \"", receiver->id.text,
                                "\" in a pipeline for metrics is not supported: Tailrace takes traces only, and shows "
                                "what a spanmetrics connector makes of them; leave it to a Collector"));
      }
    }
    for (const Defined* processor : Resolve(Section::kProcessors, node, key.where, scope, "")) {
      if (std::holds_alternative<TailSamplingConfig>(processor->config)) {
        scope.Fail(node.Find("processors")->where, "tail_sampling samples traces, and this pipeline carries metrics");
      } else {
        scope.Warn(node.Find("processors")->where,
                   absl::StrCat(processor->id.text, " has no effect here: series are read at each scrape"));
      }
    }
    for (const Defined* exporter :
         Resolve(Section::kExporters, node, key.where, scope, "must have at least one exporter")) {
      UseMetricsExporter(*exporter, node, scope, &pipeline);
    }
    config_.metrics_pipelines.push_back(std::move(pipeline));
  }

  void UseMetricsExporter(const Defined& defined, const Node& pipeline_node, const Scope& scope,
                          MetricsPipelineConfig* pipeline) {
    const auto* prometheus = std::get_if<PrometheusExporterConfig>(&defined.config);
    if (prometheus == nullptr) {
      return scope.Fail(pipeline_node.Find("exporters")->where,
                        absl::StrCat("exporter \"", defined.id.text,
                                     "\" in a pipeline for metrics is not supported; Tailrace has: prometheus"));
    }
    const auto [entry, is_new] =
        exporters_.emplace(&defined, static_cast<uint32_t>(config_.prometheus_exporters.size()));
    if (is_new) config_.prometheus_exporters.push_back(*prometheus);
    pipeline->exporters.push_back(entry->second);
  }

  static void CheckKeys(const Node& node, const Scope& scope) {
    const std::vector<std::string> allowed = {"receivers", "processors", "exporters"};
    for (const Node::Key& key : node.keys) {
      if (std::count(allowed.begin(), allowed.end(), key.text) > 0) continue;
      const std::string near = DidYouMean(key.text, allowed);
      scope.Child(key.text).Fail(
          key.where, absl::StrCat("unknown key", near.empty() ? "; allowed: receivers, processors, exporters" : near));
    }
  }

  // The components that a list of the pipeline names; `none`: what to say where it names none, empty: nothing.
  std::vector<const Defined*> Resolve(Section section, const Node& pipeline, const Where& where, const Scope& scope,
                                      absl::string_view none) {
    std::vector<const Defined*> found;
    const Node* list = pipeline.Find(SectionKey(section));
    if (list == nullptr || list->items.empty()) {
      if (list != nullptr && list->IsScalar()) {
        scope.Child(SectionKey(section))
            .Fail(list->where, absl::StrCat("expected a list of ids, got ", list->Describe()));
      } else if (!none.empty()) {
        scope.Fail(list == nullptr ? where : list->where, std::string(none));
      }
      return found;
    }
    if (!list->IsList()) {
      scope.Child(SectionKey(section))
          .Fail(list->where, absl::StrCat("expected a list of ids, got ", list->Describe()));
      return found;
    }
    absl::flat_hash_set<std::string> seen;
    for (const Node& item : list->items) {
      if (scope.report().full()) break;
      std::string text;
      if (!internal::ReadText(item, scope.Child(SectionKey(section)), &text)) continue;
      if (!seen.insert(CanonicalId(section, text)).second) {
        scope.Fail(item.where, absl::StrCat("references ", SectionWord(section), " \"", text, "\" multiple times"));
        continue;
      }
      if (const Defined* defined = Find(section, text, item.where, scope)) found.push_back(defined);
    }
    return found;
  }

  const Defined* Find(Section section, const std::string& text, const Where& where, const Scope& scope) {
    // A connector is an exporter of one pipeline and a receiver of another.
    if (section != Section::kProcessors && catalog_.connectors.contains(CanonicalId(Section::kConnectors, text))) {
      if (catalog_.Of(section).contains(CanonicalId(section, text))) {
        scope.Fail(where, absl::StrCat("both ", SectionWord(section), " and connector are called \"",
                                       text.substr(0, 80), "\": one of them needs another name"));
        return nullptr;
      }
      section = Section::kConnectors;
    }
    const auto& defined = catalog_.Of(section);
    const auto entry = defined.find(CanonicalId(section, text));
    const std::string reference = absl::StrCat("references ", SectionWord(section), " \"", text.substr(0, 80), "\"");
    if (entry == defined.end()) {
      // A hundred suggestions are enough to see what is wrong; each costs a look at every name.
      constexpr size_t kSuggestionsMax = 100;
      std::vector<std::string> candidates;
      if (scope.report().problems.size() < kSuggestionsMax) {
        for (const auto& [id, component] : defined) candidates.push_back(component.id.text);
      }
      scope.Fail(where, absl::StrCat(reference, " which is not configured", DidYouMean(text, candidates)));
      return nullptr;
    }
    if (entry->second.collector_only) {
      scope.Fail(where, absl::StrCat(reference, ": this ", SectionWord(section), " ", kNotYet));
    }
    return std::holds_alternative<std::monostate>(entry->second.config) ? nullptr : &entry->second;
  }

  void UseReceiver(const Defined& defined, const Node& pipeline_node, const Scope& scope, PipelineConfig* pipeline) {
    if (std::holds_alternative<ExporterConfig>(defined.config)) {
      pipeline->routers.push_back(IndexOf(defined));
      return;
    }
    if (!std::holds_alternative<OtlpReceiverConfig>(defined.config)) {
      return scope.Fail(
          pipeline_node.Find("receivers")->where,
          absl::StrCat("connector \"", defined.id.text, "\" makes metrics, and this pipeline carries traces"));
    }
    const auto [entry, is_new] = receivers_.emplace(&defined, static_cast<uint32_t>(config_.receivers.size()));
    if (is_new) config_.receivers.push_back(std::get<OtlpReceiverConfig>(defined.config));
    pipeline->receivers.push_back(entry->second);
  }

  void UseExporter(const Defined& defined, const Node& pipeline_node, const Scope& scope, PipelineConfig* pipeline) {
    const Where& where = pipeline_node.Find("exporters")->where;
    if (std::holds_alternative<SpanMetricsConfig>(defined.config)) {
      pipeline->connectors.push_back(UseConnector(defined));
      if (pipeline->tail_sampling < 0) return;
      return scope.Warn(where, absl::StrCat("connector \"", defined.id.text,
                                            "\" counts every span at its arrival, before tail_sampling; a Collector "
                                            "would count what was kept"));
    }
    if (!std::holds_alternative<ExporterConfig>(defined.config)) {
      return scope.Fail(where, absl::StrCat("exporter \"", defined.id.text,
                                            "\" shows metrics, and this pipeline carries traces: put a spanmetrics "
                                            "connector between the two"));
    }
    pipeline->exporters.push_back(IndexOf(defined));
  }

  // Of an exporter, or of a connector that routes.
  uint32_t IndexOf(const Defined& defined) {
    const auto [entry, is_new] = exporters_.emplace(&defined, static_cast<uint32_t>(config_.exporters.size()));
    if (!is_new) return entry->second;
    config_.exporters.push_back(std::get<ExporterConfig>(defined.config));
    const auto* balancing = std::get_if<LoadBalancingConfig>(&config_.exporters.back());
    if (balancing != nullptr && balancing->is_connector) routers_.emplace_back(&defined, entry->second);
    return entry->second;
  }

  // One instance, whatever the number of pipelines on either side of it.
  uint32_t UseConnector(const Defined& defined) {
    const auto [entry, is_new] = connectors_.emplace(&defined, static_cast<uint32_t>(config_.span_metrics.size()));
    if (is_new) config_.span_metrics.push_back(std::get<SpanMetricsConfig>(defined.config));
    return entry->second;
  }

  void UseProcessor(const Defined& defined, const Node& pipeline_node, const Scope& scope, bool* batched,
                    PipelineConfig* pipeline) {
    const Where& where = pipeline_node.Find("processors")->where;
    if (const auto* sampling = std::get_if<TailSamplingConfig>(&defined.config)) {
      if (pipeline->tail_sampling >= 0) {
        return scope.Fail(where, absl::StrCat("two tail_sampling processors in one pipeline (the second is \"",
                                              defined.id.text, "\"); use one pipeline for each"));
      }
      if (*batched) scope.Warn(where, "batch stands before tail_sampling: Tailrace batches kept traces only");
      pipeline->tail_sampling = static_cast<int32_t>(config_.tail_samplings.size());
      config_.tail_samplings.push_back(*sampling);  // an instance of its own for each pipeline
    } else if (const auto* batch = std::get_if<BatchConfig>(&defined.config)) {
      if (*batched) scope.Warn(where, absl::StrCat("more than one batch: \"", defined.id.text, "\" is the one used"));
      pipeline->batch = *batch;
      *batched = true;
    } else if (const auto* limiter = std::get_if<MemoryLimiter>(&defined.config)) {
      const uint64_t limit = limiter->limit_bytes != 0
                                 ? limiter->limit_bytes
                                 : ShareOfMemory(limiter->limit_percentage, scope.report().memory_total_bytes);
      if (memory_limit_bytes_ == 0 || limit < memory_limit_bytes_) memory_limit_bytes_ = limit;
    }
  }

  Catalog& catalog_;
  Config& config_;
  uint64_t& memory_limit_bytes_;
  absl::flat_hash_map<const Defined*, uint32_t> receivers_;  // to the index in the config
  absl::flat_hash_map<const Defined*, uint32_t> exporters_;
  absl::flat_hash_map<const Defined*, uint32_t> connectors_;
  std::vector<UsedRouter> routers_;
};

}  // namespace

void ReadPipelines(const Node& pipelines, const Scope& scope, Catalog* catalog, Config* config,
                   uint64_t* memory_limit_bytes) {
  if (!pipelines.IsNull() && !pipelines.IsMap()) {
    return scope.Fail(pipelines.where, absl::StrCat("expected a map of pipelines, got ", pipelines.Describe()));
  }
  if (pipelines.items.empty()) return scope.Fail(pipelines.where, "service must have at least one pipeline");
  PipelineReader reader(catalog, config, memory_limit_bytes);
  for (size_t i = 0; i < pipelines.items.size() && !scope.report().full(); ++i) {
    reader.Read(pipelines.keys[i], pipelines.items[i], scope.Child(pipelines.keys[i].text));
  }
  reader.CheckConnectors(scope);
}

}  // namespace tailrace::config
