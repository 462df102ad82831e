// The line of loading: sources -> one tree -> expanded -> components -> pipelines and service -> Config.
#include "config/load.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "config/catalog.h"
#include "config/did_you_mean.h"
#include "config/expand.h"
#include "config/join_extensions.h"
#include "config/memory_total.h"
#include "config/options/options.h"
#include "config/pipelines.h"
#include "config/sources.h"

namespace tailrace::config {
namespace {

void CheckKeys(const Node& map, const std::vector<std::string>& allowed, const Scope& scope) {
  for (const Node::Key& key : map.keys) {
    if (scope.report().full()) return;
    if (std::count(allowed.begin(), allowed.end(), key.text) > 0) continue;
    const std::string near = DidYouMean(key.text, allowed);
    scope.Child(key.text).Fail(
        key.where, absl::StrCat("unknown key", near.empty() ? "; allowed: " + internal::Join(allowed) : near));
  }
}

// For what the file lacks: its name, no line.
Where TopOf(const Node& root) {
  Where where;
  if (!root.keys.empty()) where.file = root.keys[0].where.file;
  return where;
}

void ReadExtensions(const Node& list, const Scope& scope, Catalog* catalog, Config* config) {
  if (list.IsNull()) return;
  if (!list.IsList()) return scope.Fail(list.where, absl::StrCat("expected a list of ids, got ", list.Describe()));
  for (const Node& item : list.items) {
    if (scope.report().full()) return;
    std::string text;
    if (!internal::ReadText(item, scope, &text)) continue;
    const auto entry = catalog->extensions.find(CanonicalId(Section::kExtensions, text));
    const std::string reference = absl::StrCat("references extension \"", text.substr(0, 80), "\"");
    if (entry == catalog->extensions.end()) {
      std::vector<std::string> candidates;
      for (const auto& [id, component] : catalog->extensions) candidates.push_back(component.id.text);
      scope.Fail(item.where, absl::StrCat(reference, " which is not configured", DidYouMean(text, candidates)));
    } else if (entry->second.collector_only) {
      scope.Fail(item.where, absl::StrCat(reference, ": this extension ", kNotYet));
    }
    if (entry != catalog->extensions.end()) entry->second.is_listed = true;
    if (entry == catalog->extensions.end() || entry->second.collector_only) continue;
    if (const auto* health = std::get_if<HealthCheckConfig>(&entry->second.config)) {
      if (config->health_check.enabled) scope.Fail(item.where, "more than one health_check");
      config->health_check = *health;
      config->health_check.enabled = true;
    }
    if (const auto* pprof = std::get_if<PprofConfig>(&entry->second.config)) {
      if (config->pprof.enabled) scope.Fail(item.where, "more than one pprof");
      config->pprof = *pprof;
      config->pprof.enabled = true;
    }
  }
}

// One budget for the process: service::tailrace first, then the least memory_limiter. Likewise the shards.
void MapLimits(uint64_t memory_limit_bytes, const Where& where, Report* report, Config* config) {
  EngineConfig& engine = config->engine;
  if (memory_limit_bytes != 0) {
    const bool overridden = engine.memory_budget_bytes != 0;
    if (!overridden) engine.memory_budget_bytes = memory_limit_bytes;
    const uint64_t budget = engine.memory_budget_bytes >> 20;
    report->AddWarning(where, "processors::memory_limiter",
                       overridden ? absl::StrCat("has no effect: service::tailrace sets the budget, ", budget, " MiB")
                                  : absl::StrCat("mapped to service::tailrace::memory_budget_mib: ", budget));
  }
  for (const TailSamplingConfig& sampling : config->tail_samplings) {
    if (sampling.num_shards <= 1 || engine.shards != 0) continue;
    engine.shards = sampling.num_shards;
    report->AddWarning(where, absl::StrCat("processors::", sampling.id.text, "::num_shards"),
                       absl::StrCat("mapped to service::tailrace::shards: ", engine.shards));
  }
}

void ReadService(const Node& root, Catalog* catalog, Report* report, Config* config) {
  const Scope scope(report, "service");
  Node empty;
  const Node* found = root.Find("service");
  const Node& service = found == nullptr ? empty : *found;
  if (!service.IsNull() && !service.IsMap()) {
    return scope.Fail(service.where, absl::StrCat("expected a map, got ", service.Describe()));
  }
  empty.where = found == nullptr ? TopOf(root) : service.where;
  const auto child = [&](absl::string_view key) -> const Node& {
    const Node* node = service.Find(key);
    return node == nullptr ? empty : *node;
  };
  CheckKeys(service, {"extensions", "pipelines", "telemetry", "tailrace"}, scope);
  Telemetry telemetry = TelemetryOptions().Defaults();
  TelemetryOptions().Load(child("telemetry"), scope.Child("telemetry"), telemetry);
  config->logs = telemetry.logs;
  config->metrics = telemetry.metrics;
  config->engine = EngineOptions().Defaults();
  EngineOptions().Load(child("tailrace"), scope.Child("tailrace"), config->engine);
  ReadExtensions(child("extensions"), scope.Child("extensions"), catalog, config);
  uint64_t memory_limit_bytes = 0;
  ReadPipelines(child("pipelines"), scope.Child("pipelines"), catalog, config, &memory_limit_bytes);
  JoinExtensions(*catalog, report, config);
  MapLimits(memory_limit_bytes, service.where, report, config);
}

// What a file defines and nothing runs is fine, as in the Collector; only what could never run is worth a word.
void WarnOfUnused(Catalog* catalog, Report* report) {
  for (const Section section :
       {Section::kReceivers, Section::kProcessors, Section::kExporters, Section::kConnectors, Section::kExtensions}) {
    for (const auto& [id, defined] : catalog->Of(section)) {
      if (!defined.collector_only) continue;
      report->AddWarning(defined.where, absl::StrCat(SectionKey(section), "::", defined.id.text),
                         absl::StrCat("ignored: this ", SectionWord(section), " ", kNotYet));
    }
  }
}

void CheckSections(const Node& root, Report* report) {
  CheckKeys(root, {"receivers", "processors", "exporters", "connectors", "extensions", "service"}, Scope(report, ""));
  const auto is_empty = [&root](absl::string_view section) {
    const Node* node = root.Find(section);
    return node == nullptr || (node->items.empty() && !node->IsScalar());
  };
  const Where where = TopOf(root);
  if (is_empty("receivers")) report->AddProblem(where, "", "no receiver configuration specified in config");
  if (is_empty("exporters")) report->AddProblem(where, "", "no exporter configuration specified in config");
}

// By file in the order of --config, then by line.
void Sort(const std::vector<std::string>& files, std::vector<Problem>* problems) {
  const auto rank = [&files](const Problem& problem) {
    return std::find(files.begin(), files.end(), problem.at.file) - files.begin();
  };
  std::stable_sort(problems->begin(), problems->end(), [&rank](const Problem& a, const Problem& b) {
    return std::pair(rank(a), a.at.line) < std::pair(rank(b), b.at.line);
  });
}

}  // namespace

LoadResult Load(const LoadInput& input) {
  LoadResult result;
  Report report;
  report.memory_total_bytes = input.memory_total_bytes != 0 ? input.memory_total_bytes : MemoryTotalBytes();
  Node root = ReadSources(input, &report);
  // A source that could not be read would only give problems that follow from it.
  const bool unreadable = !report.problems.empty() && root.items.empty();
  if (!unreadable && root.items.empty()) {
    const std::string name = input.configs.empty() ? "" : input.configs[0];
    report.AddProblem({std::make_shared<const std::string>(name), 0}, "", "empty configuration file");
  } else if (!unreadable) {
    Expand(input, &report, &root);
    CheckSections(root, &report);
    Catalog catalog = ReadCatalog(root, &report);
    ReadService(root, &catalog, &report, &result.config);
    if (report.problems.empty()) WarnOfUnused(&catalog, &report);
  }
  result.problems = std::move(report.problems);
  Sort(input.configs, &result.problems);
  result.config.warnings = std::move(report.warnings);
  return result;
}

}  // namespace tailrace::config
