#include "collector/spanmetrics/prometheus_page.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"
#include "base/utf8.h"
#include "collector/spanmetrics/metric_names.h"

namespace tailrace {
namespace {

constexpr char kScope[] = "spanmetricsconnector";

const std::string* FindLabel(const SeriesLabels& labels, std::string_view name) {
  for (const auto& [key, value] : labels) {
    if (key == name) return &value;
  }
  return nullptr;
}

// What is no UTF-8 becomes U+FFFD: a scraper would refuse the whole page for one bad byte of one client.
void AppendEscaped(std::string_view text, std::string* out) {
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    if (length == 0) {
      out->append("\xEF\xBF\xBD");
    } else if (text[0] == '\n') {
      out->append("\\n");
    } else {
      if (text[0] == '\\' || text[0] == '"') out->push_back('\\');
      out->append(text.substr(0, length));
    }
    text.remove_prefix(std::max<size_t>(length, 1));
  }
}

// By label name; of two with the same name the first stays, as it is the more specific one.
using LabelMap = std::map<std::string, std::string_view>;

void AddLabels(const SeriesLabels& from, LabelMap* to) {
  for (const auto& [name, value] : from) {
    if (std::string label = LabelName(name); !label.empty()) to->emplace(std::move(label), value);
  }
}

// Where the scraper finds a series: service.namespace/service.name, and service.instance.id.
void AddJob(const CountedResource& resource, LabelMap* to, std::string* job) {
  const std::string* name = FindLabel(resource.attributes, "service.name");
  const std::string* space = FindLabel(resource.attributes, "service.namespace");
  const std::string* instance = FindLabel(resource.attributes, "service.instance.id");
  if (name != nullptr) {
    *job = space == nullptr ? *name : absl::StrCat(*space, "/", *name);
    to->insert_or_assign("job", *job);
  }
  if (instance != nullptr) to->insert_or_assign("instance", *instance);
}

std::string Text(const LabelMap& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    absl::StrAppend(&text, text.empty() ? "" : ",", name, "=\"");
    AppendEscaped(value, &text);
    text += '"';
  }
  return text;
}

// Of several the newest stays.
void Offer(const Exemplar& exemplar, size_t bucket, std::map<size_t, Exemplar>* exemplars) {
  const auto [at, is_new] = exemplars->emplace(bucket, exemplar);
  if (!is_new && at->second.unix_ms < exemplar.unix_ms) at->second = exemplar;
}

// Null where there is none.
const Exemplar* ExemplarAt(const std::map<size_t, Exemplar>& exemplars, size_t bucket) {
  const auto found = exemplars.find(bucket);
  return found == exemplars.end() ? nullptr : &found->second;
}

}  // namespace

PrometheusPage::PrometheusPage(const config::PrometheusExporterConfig& config, int64_t wall_ms)
    : config_(config), wall_ms_(wall_ms) {}

void PrometheusPage::Add(const SpanMetricsPlan& plan, const SpanMetricsSnapshot& snapshot) {
  const config::SpanMetricsConfig& connector = plan.config;
  const std::string space = connector.metrics_namespace.empty() ? "" : connector.metrics_namespace + ".";
  const bool seconds = connector.unit == config::DurationUnit::kSeconds;
  const double divider = seconds ? 1e9 : 1e6;
  const bool suffixes = config_.metric_suffixes;
  Family* calls = nullptr;
  if (plan.calls || plan.events) {
    const char* name = plan.events ? "events" : "calls";
    calls = &families_[MetricName(config_.metrics_namespace, space + name, "", true, suffixes)];
    calls->divider = divider;
  }
  Family* durations = nullptr;
  if (plan.durations) {
    durations =
        &families_[MetricName(config_.metrics_namespace, space + "duration", seconds ? "s" : "ms", false, suffixes)];
    durations->histogram = true;
    durations->divider = divider;
    if (durations->bounds.empty()) {
      for (const uint64_t bound : plan.buckets.bounds_ns()) {
        durations->bounds.push_back(GoFloat(static_cast<double>(bound) / divider));
      }
      durations->bounds.emplace_back("+Inf");
    }
  }
  for (size_t i = 0; i < snapshot.series.size(); ++i) {
    if (snapshot.series[i] == nullptr) continue;
    const uint64_t* words = &snapshot.values[i * plan.words];
    const CountedSeries& series = *snapshot.series[i];
    const std::string labels = LabelText(series);
    const auto exemplars = snapshot.exemplars.find(static_cast<uint32_t>(i));
    if (calls != nullptr) {
      Value& value = ValueOf(calls, labels);
      value.calls += words[0];
      if (exemplars != snapshot.exemplars.end()) Offer(exemplars->second.front(), 0, &value.exemplars);
    }
    AddTarget(*series.resource);
    if (durations == nullptr) continue;
    Value& value = ValueOf(durations, labels);
    value.calls += words[0];
    value.sum += std::bit_cast<double>(words[1]) / divider;
    value.buckets.resize(durations->bounds.size());
    for (size_t bucket = 0; bucket < plan.buckets.count(); ++bucket) {
      value.buckets[std::min(bucket, value.buckets.size() - 1)] += words[2 + bucket];
    }
    if (exemplars == snapshot.exemplars.end()) continue;
    for (const Exemplar& exemplar : exemplars->second) {
      Offer(exemplar, std::min(exemplar.bucket, value.buckets.size() - 1), &value.exemplars);
    }
  }
}

PrometheusPage::Value& PrometheusPage::ValueOf(Family* family, const std::string& labels) {
  const auto [entry, is_new] = family->at.emplace(labels, family->series.size());
  if (is_new) family->series.emplace_back(labels, Value());
  return family->series[entry->second].second;
}

std::string PrometheusPage::LabelText(const CountedSeries& series) const {
  LabelMap labels;
  std::string job;
  AddLabels(series.labels, &labels);
  if (config_.resource_labels) AddLabels(series.resource->attributes, &labels);
  if (!config_.without_scope_info) {
    labels.insert_or_assign("otel_scope_name", kScope);
    labels.insert_or_assign("otel_scope_version", "");
    labels.insert_or_assign("otel_scope_schema_url", "");
  }
  AddJob(*series.resource, &labels, &job);
  for (const auto& [name, value] : config_.const_labels) labels.insert_or_assign(name, value);
  return tailrace::Text(labels);
}

void PrometheusPage::AddTarget(const CountedResource& resource) {
  LabelMap labels;
  std::string job;
  for (const auto& [name, value] : resource.attributes) {
    if (name == "service.name" || name == "service.namespace" || name == "service.instance.id") continue;
    if (std::string label = LabelName(name); !label.empty()) labels.emplace(std::move(label), value);
  }
  AddJob(resource, &labels, &job);
  if (labels.contains("job") && labels.contains("instance")) targets_.insert(tailrace::Text(labels));
}

std::string PrometheusPage::Text(MetricsFormat format) const {
  Exposition out(format, config_.send_timestamps ? wall_ms_ : 0);
  if (!targets_.empty()) {
    const std::string name =
        config_.metrics_namespace.empty() ? "target_info" : LabelName(config_.metrics_namespace) + "_target_info";
    out.Describe(name, MetricType::kGauge, "Target metadata");
    for (const std::string& labels : targets_) out.Sample(name, labels, out.Number(1));
  }
  for (const auto& [name, family] : families_) AppendFamily(name, family, &out);
  return out.Finish();
}

void PrometheusPage::AppendFamily(const std::string& name, const Family& family, Exposition* out) {
  if (family.series.empty()) return;
  out->Describe(name, family.histogram ? MetricType::kHistogram : MetricType::kCounter, "");
  for (const auto& [labels, value] : family.series) {
    if (family.histogram) {
      AppendHistogram(name, labels, family, value, out);
      continue;
    }
    out->Sample(name, labels, out->Bound(absl::StrCat(value.calls)), ExemplarAt(value.exemplars, 0), family.divider);
  }
}

void PrometheusPage::AppendHistogram(const std::string& name, const std::string& labels, const Family& family,
                                     const Value& value, Exposition* out) {
  uint64_t count = 0;
  for (size_t i = 0; i < value.buckets.size(); ++i) {
    count += value.buckets[i];
    out->Sample(name + "_bucket",
                absl::StrCat(labels, labels.empty() ? "" : ",", "le=\"", out->Bound(family.bounds[i]), "\""),
                absl::StrCat(count), ExemplarAt(value.exemplars, i), family.divider);
  }
  out->Sample(name + "_sum", labels, out->Number(value.sum));
  out->Sample(name + "_count", labels, absl::StrCat(value.calls));
}

}  // namespace tailrace
