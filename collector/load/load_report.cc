#include "collector/load/load_report.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tailrace {

LoadTotals Sum(const std::vector<const LoadCounters*>& counters) {
  LoadTotals sum;
  for (const LoadCounters* c : counters) {
    sum.requests += c->requests.value();
    sum.request_bytes += c->request_bytes.value();
    sum.sent_spans += c->sent_spans.value();
    sum.acknowledged_spans += c->acknowledged_spans.value();
    sum.rejected_spans += c->rejected_spans.value();
    sum.refused_spans += c->refused_spans.value();
    sum.failed_spans += c->failed_spans.value();
    sum.lost_spans += c->lost_spans.value();
    sum.acknowledged_requests += c->acknowledged_requests.value();
    sum.refused_requests += c->refused_requests.value();
    sum.failed_requests += c->failed_requests.value();
    sum.lost_requests += c->lost_requests.value();
    sum.retries += c->retries.value();
    sum.connection_errors += c->connection_errors.value();
    for (size_t i = 0; i < kTraceClasses; ++i) {
      sum.whole_traces[i] += c->whole_traces[i].value();
      sum.partial_traces[i] += c->partial_traces[i].value();
    }
    for (size_t i = 0; i < kLatencyBuckets; ++i) sum.latency[i] += c->latency[i].value();
  }
  return sum;
}

double LatencyMs(const LatencyCounts& now, const LatencyCounts& before, double share) {
  uint64_t total = 0;
  for (size_t i = 0; i < kLatencyBuckets; ++i) total += now[i] - before[i];
  if (total == 0) return 0;
  const uint64_t wanted = static_cast<uint64_t>(std::ceil(static_cast<double>(total) * share));
  uint64_t seen = 0;
  for (size_t i = 0; i < kLatencyBuckets; ++i) {
    seen += now[i] - before[i];
    if (seen >= wanted) return static_cast<double>(LatencyBucketEnd(i)) / 1000;
  }
  return 0;
}

std::string ProgressLine(const LoadTotals& now, const LoadTotals& before, double seconds) {
  const auto per_second = [&](uint64_t LoadTotals::*member) {
    return static_cast<double>(now.*member - before.*member) / seconds;
  };
  return absl::StrFormat(
      "sent %.0f spans/s, acknowledged %.0f, refused %.0f, failed %.0f, lost %.0f; acknowledgement p50 %.2f ms, p99 "
      "%.2f ms",
      per_second(&LoadTotals::sent_spans), per_second(&LoadTotals::acknowledged_spans),
      per_second(&LoadTotals::refused_spans), per_second(&LoadTotals::failed_spans),
      per_second(&LoadTotals::lost_spans), LatencyMs(now.latency, before.latency, 0.5),
      LatencyMs(now.latency, before.latency, 0.99));
}

std::string ProgressJson(const LoadTotals& totals, double seconds) {
  return absl::StrFormat(
      R"({"seconds": %.6f, "sent": %d, "acknowledged": %d, "refused": %d, "failed": %d, "lost": %d})", seconds,
      totals.sent_spans, totals.acknowledged_spans, totals.refused_spans, totals.failed_spans, totals.lost_spans);
}

std::string ResultJson(const LoadTotals& totals, const LoadOptions& options, double duration_s, double cpu_s) {
  std::string traces;
  for (size_t i = 0; i < kTraceClasses; ++i) {
    absl::StrAppend(&traces, i == 0 ? "" : ", ", "\"", kTraceClassNames[i], "\": {\"whole\": ", totals.whole_traces[i],
                    ", \"partial\": ", totals.partial_traces[i], "}");
  }
  const LatencyCounts none{};
  const auto latency = [&](double share) { return absl::StrFormat("%.3f", LatencyMs(totals.latency, none, share)); };
  return absl::StrCat(
      "{\"duration_seconds\": ", absl::StrFormat("%.3f", duration_s),
      ", \"cpu_seconds\": ", absl::StrFormat("%.3f", cpu_s), ", \"seed\": ", options.shape.seed,
      ",\n \"requests\": {\"sent\": ", totals.requests, ", \"acknowledged\": ", totals.acknowledged_requests,
      ", \"refused\": ", totals.refused_requests, ", \"failed\": ", totals.failed_requests,
      ", \"lost\": ", totals.lost_requests, ", \"retries\": ", totals.retries, ", \"bytes\": ", totals.request_bytes,
      "},\n \"spans\": {\"sent\": ", totals.sent_spans, ", \"acknowledged\": ", totals.acknowledged_spans,
      ", \"rejected\": ", totals.rejected_spans, ", \"refused\": ", totals.refused_spans,
      ", \"failed\": ", totals.failed_spans, ", \"lost\": ", totals.lost_spans, "},\n \"spans_per_second\": ",
      absl::StrFormat("%.0f", static_cast<double>(totals.acknowledged_spans) / std::max(duration_s, 1e-9)),
      ",\n \"traces\": {", traces, "},\n \"connection_errors\": ", totals.connection_errors,
      ",\n \"latency_ms\": {\"p50\": ", latency(0.5), ", \"p90\": ", latency(0.9), ", \"p99\": ", latency(0.99),
      ", \"p999\": ", latency(0.999), ", \"max\": ", latency(1), "}}\n");
}

}  // namespace tailrace
