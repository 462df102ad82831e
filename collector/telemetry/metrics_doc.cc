#include <initializer_list>

#include "collector/telemetry/metric_list.h"
#include "collector/telemetry/metrics.h"

namespace tailrace {
namespace {

const char* NameOf(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return "counter";
    case MetricType::kGauge:
      return "gauge";
    case MetricType::kHistogram:
      return "histogram";
  }
  return "";
}

void Append(std::string& doc, std::initializer_list<std::string_view> parts) {
  for (std::string_view part : parts) doc += part;
}

std::string Joined(const std::vector<std::string_view>& labels) {
  std::string joined;
  for (std::string_view label : labels) Append(joined, {joined.empty() ? "" : ", ", label});
  return joined;
}

void AppendTable(std::string& doc, std::string_view prefix, bool with_prefix) {
  doc += "| metric | type | labels | what |\n|---|---|---|---|\n";
  for (const Metric& metric : AllMetrics()) {
    if (metric.name.starts_with(prefix) != with_prefix) continue;
    Append(doc,
           {"| `", metric.name, "` | ", NameOf(metric.type), " | ", Joined(metric.labels), " | ", metric.help, " |\n"});
  }
}

}  // namespace

std::string RenderMetricsDoc() {
  std::string doc = R"(<!-- Made by `ninja metrics_docs` from collector/telemetry/metric_list.cc; do not edit. -->
# Metrics

`GET /metrics` on `service.telemetry.metrics` (127.0.0.1:8888 by default) answers in Prometheus' text format. Names and
labels are the OpenTelemetry Collector's where it has a metric for the thing, without `_total` or unit suffixes, as its
own page shows them; what it has no name for is called `tailrace_*`. Counters start at 0 with the process. A label
without a value is left out.

The ledger (`tailrace_ledger_spans`) holds at every moment: `accepted` is the sum of all the other states, and
`tailrace_ledger_residual_spans` is what is missing from that. It is 0; anything else is a bug in Tailrace.

## The Collector's

)";
  AppendTable(doc, "tailrace_", false);
  doc += "\n## Tailrace's own\n\n";
  AppendTable(doc, "tailrace_", true);
  doc += "\n## On the Collector's page but not here\n\n| metric | why |\n|---|---|\n";
  for (const AbsentMetric& absent : AbsentMetrics()) {
    Append(doc, {"| `", absent.name, "` | ", absent.reason, " |\n"});
  }
  return doc;
}

}  // namespace tailrace
