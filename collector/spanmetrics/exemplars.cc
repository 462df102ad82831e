#include "collector/spanmetrics/exemplars.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "collector/spanmetrics/dimension_values.h"
#include "collector/spanmetrics/span_metrics_plan.h"
#include "proto/request_scanner.h"
#include "proto/span_events.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr uint32_t kNone = SeriesRegistry::kNone;

std::string Hex(std::string_view id) { return absl::BytesToHexString(absl::string_view(id.data(), id.size())); }

// With the ids of a Span message.
Exemplar WithIds(std::string_view span, Exemplar exemplar) {
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

// Exemplars of one connector's metric; traces come newest first.
class Finder {
 public:
  Finder(const SpanMetricsPlan& plan, const SeriesRegistry& registry)
      : plan_(plan), registry_(registry), values_(plan.dimensions, plan.hash_key) {}

  void Add(const KeptTrace& trace) {
    const std::string_view request = trace.spans;
    if (ScanRequest(request, &scanned_, {.briefs_max = UINT32_MAX}) != ScanError::kNone) return;
    uint32_t resource_spans = kNone, resource = kNone;
    ForEachBrief(request, scanned_, [&](const SpanBrief& brief) {
      const ScopeHeader& header = scanned_.headers[brief.header];
      if (std::exchange(resource_spans, header.resource_spans) != header.resource_spans) {
        const std::string_view bytes = scanned_.Resource(request, header);
        resource = registry_.KnownResource(bytes);
        values_.SetResource(bytes);
      }
      if (resource == kNone) return;
      values_.SetSpan(brief.span(request));
      const uint64_t operation = plan_.OperationKey(plan_.SeedOf(resource), brief, request);
      if (!plan_.events) return Offer(operation, brief, trace);
      ForEachEvent(brief.span(request), [&](std::string_view event) {
        values_.SetEvent(event);
        Offer(operation, brief, trace);
      });
    });
  }
  Exemplars Take() { return std::move(found_); }

 private:
  // The values are those of the span, or of an event of it.
  void Offer(uint64_t operation, const SpanBrief& brief, const KeptTrace& trace) {
    const uint32_t series = registry_.KnownSeries(values_.KeyOf(operation));
    if (series == kNone) return;
    std::vector<Exemplar>& found = found_[series];
    const size_t bucket = plan_.buckets.Find(brief.duration_ns);
    const bool has_bucket =
        std::any_of(found.begin(), found.end(), [&](const Exemplar& other) { return other.bucket == bucket; });
    if (has_bucket || found.size() >= plan_.config.exemplars_max) return;
    found.push_back(WithIds(brief.span(trace.spans),
                            {.duration_ns = brief.duration_ns, .bucket = bucket, .unix_ms = trace.unix_ms}));
  }

  const SpanMetricsPlan& plan_;
  const SeriesRegistry& registry_;
  DimensionValues values_;
  ScannedRequest scanned_;
  Exemplars found_;
};

}  // namespace

Exemplars FindExemplars(const SpanMetricsPlan& plan, const SeriesRegistry& registry,
                        std::span<const KeptTrace> newest_first) {
  if (plan.config.exemplars_max == 0) return {};
  Finder finder(plan, registry);
  for (const KeptTrace& trace : newest_first) finder.Add(trace);
  return finder.Take();
}

}  // namespace tailrace
