#include "config/catalog.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace tailrace::config {
namespace {

// A declaration is made once: a file may define thousands of components.
template <auto Make>
const auto& Made() {
  static const auto& schema = *new auto(Make());
  return schema;
}

template <class T>
T Read(const Schema<T>& schema, const Node& node, const Scope& scope) {
  T object = schema.Defaults();
  schema.Load(node, scope, object);
  return object;
}

template <class T>
T ReadWithId(const Schema<T>& schema, const Node& node, const Scope& scope, const Defined& defined) {
  T object = Read(schema, node, scope);
  object.id = defined.id;
  object.at = defined.where.ToLocation();
  return object;
}

ExporterConfig ReadBalancing(const Schema<LoadBalancingConfig>& schema, const Node& node, const Scope& scope,
                             const Defined& defined, bool is_connector) {
  LoadBalancingConfig balancing = ReadWithId(schema, node, scope, defined);
  balancing.member.id = balancing.id;
  balancing.member.at = balancing.at;
  balancing.is_connector = is_connector;
  return balancing;
}

// One line a component type.
void ReadOptions(Section section, const Node& node, const Scope& scope, Defined* defined) {
  const std::string& type = defined->id.type;
  switch (section) {
    case Section::kReceivers:
      if (type == "otlp") defined->config = ReadWithId(Made<OtlpReceiverOptions>(), node, scope, *defined);
      break;
    case Section::kProcessors:
      if (type == "tail_sampling") defined->config = ReadWithId(Made<TailSamplingOptions>(), node, scope, *defined);
      if (type == "batch") defined->config = Read(Made<BatchOptions>(), node, scope);
      if (type == "memory_limiter") defined->config = Read(Made<MemoryLimiterOptions>(), node, scope);
      break;
    case Section::kExporters: {
      auto& config = defined->config;
      if (type == "otlp") config = ExporterConfig(ReadWithId(Made<OtlpExporterOptions>(), node, scope, *defined));
      if (type == "otlphttp") {
        config = ExporterConfig(ReadWithId(Made<OtlpHttpExporterOptions>(), node, scope, *defined));
      }
      if (type == "loadbalancing") config = ReadBalancing(Made<LoadBalancingOptions>(), node, scope, *defined, false);
      if (type == "file") config = ExporterConfig(ReadWithId(Made<FileExporterOptions>(), node, scope, *defined));
      if (type == "debug") config = ExporterConfig(ReadWithId(Made<DebugExporterOptions>(), node, scope, *defined));
      if (type == "nop") config = ExporterConfig(ReadWithId(Made<NopExporterOptions>(), node, scope, *defined));
      if (type == "prometheus") config = ReadWithId(Made<PrometheusExporterOptions>(), node, scope, *defined);
      break;
    }
    case Section::kExtensions:
      if (type == "health_check") defined->config = Read(Made<HealthCheckOptions>(), node, scope);
      if (type == "pprof") defined->config = Read(Made<PprofOptions>(), node, scope);
      if (type == "file_storage") defined->config = ReadWithId(Made<FileStorageOptions>(), node, scope, *defined);
      if (type == "basicauth") defined->config = Read(Made<BasicAuthOptions>(), node, scope);
      if (type == "bearertokenauth") defined->config = Read(Made<BearerTokenOptions>(), node, scope);
      if (type == "oauth2client") defined->config = Read(Made<OAuth2Options>(), node, scope);
      break;
    case Section::kConnectors:
      if (type == "loadbalancing") {
        defined->config = ReadBalancing(Made<LoadBalancingConnectorOptions>(), node, scope, *defined, true);
      }
      if (type == "spanmetrics") defined->config = ReadWithId(Made<SpanMetricsOptions>(), node, scope, *defined);
      break;
    case Section::kPolicies:
      break;
  }
}

void ReadComponent(Section section, const Node::Key& key, const Node& node, const Scope& scope, Catalog* catalog) {
  absl::StatusOr<ComponentId> id = ParseComponentId(key.text);
  if (!id.ok()) return scope.Fail(key.where, std::string(id.status().message()));
  const std::optional<std::string> canonical = CanonicalType(section, id->type);
  Defined defined;
  defined.where = key.where;
  defined.id = *id;
  if (canonical.has_value()) {
    defined.id.type = *canonical;
  } else if (IsKnown(section, id->type)) {
    defined.collector_only = true;  // a problem only where it is used
  } else {
    scope.Fail(key.where, absl::StrCat("unknown ", SectionWord(section), " type \"", id->type, "\"",
                                       SuggestType(section, id->type)));
  }
  std::map<std::string, Defined>& present = catalog->Of(section);
  const auto [entry, is_new] = present.emplace(CanonicalId(section, key.text), std::move(defined));
  if (!is_new) {
    return scope.Fail(key.where, absl::StrCat("is the same ", SectionWord(section), " as \"", entry->second.id.text,
                                              "\" at line ", entry->second.where.line));
  }
  Node options = node;
  options.where = key.where;  // where a missing option would stand
  if (canonical.has_value()) ReadOptions(section, options, scope, &entry->second);
}

}  // namespace

std::map<std::string, Defined>& Catalog::Of(Section section) {
  switch (section) {
    case Section::kReceivers:
      return receivers;
    case Section::kProcessors:
      return processors;
    case Section::kExporters:
      return exporters;
    case Section::kConnectors:
      return connectors;
    case Section::kExtensions:
    case Section::kPolicies:
      break;
  }
  return extensions;
}

std::string CanonicalId(Section section, const std::string& text) {
  const absl::StatusOr<ComponentId> id = ParseComponentId(text);
  if (!id.ok()) return text;
  const std::string type = CanonicalType(section, id->type).value_or(id->type);
  return id->name.empty() ? type : absl::StrCat(type, "/", id->name);
}

Catalog ReadCatalog(const Node& root, Report* report) {
  Catalog catalog;
  for (const Section section :
       {Section::kReceivers, Section::kProcessors, Section::kExporters, Section::kConnectors, Section::kExtensions}) {
    const Scope scope(report, std::string(SectionKey(section)));
    const Node* map = root.Find(SectionKey(section));
    if (map == nullptr || map->IsNull()) continue;
    if (!map->IsMap()) {
      scope.Fail(map->where, absl::StrCat("expected a map of components, got ", map->Describe()));
      continue;
    }
    for (size_t i = 0; i < map->items.size() && !report->full(); ++i) {
      ReadComponent(section, map->keys[i], map->items[i], scope.Child(map->keys[i].text), &catalog);
    }
  }
  return catalog;
}

}  // namespace tailrace::config
