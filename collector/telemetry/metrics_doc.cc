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
  doc += R"(
## tailrace_estimate_error_ratio

Whoever counts calls in a backend behind a sampler counts each kept trace as many times as it stands for: its weight, one
over the chance that it had to be kept. This gauge says for each service how far such a count is from the truth: 0 where it
is right, -1 where nothing of the service was kept, 0.1 where it says a tenth too much.

What a trace weighs follows from the policies of its pipeline:

| the trace is kept by | it weighs |
|---|---|
| a policy that looks at the trace alone: all but those below, and `and`, `not` of such | 1, whichever others keep it too |
| `probabilistic` | 1 / p |
| `and` | 1 / the product of the chances of its policies |
| `rate_limiting`, `bytes_limiting` | 1 / the share that it kept of the spans that it was asked for |
| `composite` | 1 / the chance of its policy that decides, times that policy's share as above |
| several of these | 1 / the chance that any of them keeps it |

The share of a limit is measured on each shard over the last 10 to 20 seconds. Of several `probabilistic` with one
`hash_salt` the largest counts, as they draw the same number; others are taken as independent.

What a `drop` policy drops by chance is counted in. So a trace that only `probabilistic` keeps beside a `latency` policy
weighs 1 / p, as the slow ones are kept anyway; and where a pipeline has policies that look at the trace alone the ratio
shows, below 0, how much of the traffic they leave out.

Both sides are of the same traces: those of the windows of 30 seconds, by the beginning of a trace, in which every trace is
decided; of these, the last five minutes before the oldest trace that still waits. Undecided traces count on neither side, and
neither do late spans, which follow a decision that is counted. Spans that were lost before a decision (`table_full`,
`trace_too_large`, `shutdown`) count as calls that nothing stands for. Each pipeline has services of its own, 256 at most on a
page; the rest is called `other`. There is no series where nothing was decided, none with `sampling_strategy: span-ingest`, whose
kept traces are decided by their first piece, and none with `service::tailrace::baselines::enabled: false`. A trace that waits
longer than an hour is left out.
)";
  doc += "\n## On the Collector's page but not here\n\n| metric | why |\n|---|---|\n";
  for (const AbsentMetric& absent : AbsentMetrics()) {
    Append(doc, {"| `", absent.name, "` | ", absent.reason, " |\n"});
  }
  return doc;
}

}  // namespace tailrace
