#include "collector/spanmetrics/exemplars.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/escaping.h"
#include "collector/spanmetrics/span_counter.h"
#include "proto/request_scanner.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr uint32_t kNone = SeriesRegistry::kNone;

std::string Hex(std::string_view id) { return absl::BytesToHexString(absl::string_view(id.data(), id.size())); }

Exemplar ExemplarOf(std::string_view span, uint64_t duration_ns, int64_t unix_ms) {
  Exemplar exemplar{.duration_ns = duration_ns, .unix_ms = unix_ms};
  WireReader reader(span);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kLengthDelimited):
        exemplar.trace_id = Hex(reader.Bytes());
        break;
      case WireTag(2, kLengthDelimited):
        exemplar.span_id = Hex(reader.Bytes());
        break;
      default:
        reader.Skip();
    }
  }
  return exemplar;
}

// A trace that is older than those before it.
void AddTrace(const SpanMetricsPlan& plan, const SeriesRegistry& registry, const KeptTrace& trace,
              Exemplars* exemplars) {
  ScannedRequest scanned;
  if (ScanRequest(trace.spans, &scanned, {.briefs_max = UINT32_MAX}) != ScanError::kNone) return;
  std::vector<uint32_t> resources;  // by header
  for (const ScopeHeader& header : scanned.headers) {
    resources.push_back(registry.KnownResource(scanned.Resource(trace.spans, header)));
  }
  std::string scratch;
  ForEachBrief(trace.spans, scanned, [&](const SpanBrief& brief) {
    const uint32_t resource = resources[brief.header];
    if (resource == kNone) return;
    const std::string_view resource_bytes = scanned.Resource(trace.spans, scanned.headers[brief.header]);
    const uint32_t series =
        registry.KnownSeries(plan.KeyOf(plan.SeedOf(resource), brief, trace.spans, resource_bytes, &scratch));
    if (series == kNone) return;
    std::vector<Exemplar>& found = (*exemplars)[series];
    const size_t bucket = plan.buckets.Find(brief.duration_ns);
    const bool has_bucket = std::any_of(found.begin(), found.end(), [&](const Exemplar& other) {
      return plan.buckets.Find(other.duration_ns) == bucket;
    });
    if (has_bucket || found.size() >= plan.config.exemplars_max) return;
    found.push_back(ExemplarOf(brief.span(trace.spans), brief.duration_ns, trace.unix_ms));
  });
}

}  // namespace

Exemplars FindExemplars(const SpanMetricsPlan& plan, const SeriesRegistry& registry,
                        std::span<const KeptTrace> newest_first) {
  Exemplars exemplars;
  if (plan.config.exemplars_max == 0) return exemplars;
  for (const KeptTrace& trace : newest_first) AddTrace(plan, registry, trace, &exemplars);
  return exemplars;
}

}  // namespace tailrace
