// What a Sampler notes of how well what it keeps stands for what there was; see EstimateTable.
#include <algorithm>

#include "collector/shard/sampler.h"
#include "proto/service_name.h"

namespace tailrace {
namespace {

// What /metrics shows.
constexpr int64_t kShownNs = int64_t{300} * 1'000'000'000;

}  // namespace

void Sampler::CountLost(const RunsView& view, const SpanRun& run, int64_t now_ns) {
  if (!estimates_.enabled()) return;
  estimates_.Arrived(estimates_.RowOf(ServiceNameOf(view.resource(run.header))), run.span_count, now_ns);
}

void Sampler::CountKept(const TraceRecord& trace, double weight) {
  if (!estimates_.enabled()) return;
  constexpr uint32_t kNone = UINT32_MAX;
  uint32_t row = kNone;
  bool one_service = true;
  SpanChainReader reader = storage_.Reader(trace.spans);
  for (SpanSegment segment; one_service && reader.Next(&segment); reader.Skip(segment.size)) {
    const uint32_t next = headers_.RowIn(&estimates_, segment.header);
    one_service = row == kNone || row == next;
    row = next;
  }
  if (one_service) return estimates_.Kept(row, weight * trace.facts.span_count, trace.arrival_ns);
  chain_spans_.Set(&trace.spans);
  chain_spans_.Rewind();
  row = kNone;
  uint64_t calls = 0;
  for (StoredSpan span; chain_spans_.Next(&span); ++calls) {
    const uint32_t next = headers_.RowIn(&estimates_, static_cast<uint32_t>(span.header));
    if (next == row) continue;
    if (calls != 0) estimates_.Kept(row, weight * static_cast<double>(calls), trace.arrival_ns);
    row = next;
    calls = 0;
  }
  estimates_.Kept(row, weight * static_cast<double>(calls), trace.arrival_ns);
}

void Sampler::AddEstimates(int64_t from_ns, int64_t to_ns, std::vector<ServiceEstimate>* sums) {
  estimates_.AddTo(from_ns, to_ns, OldestArrival(), sums);
}

void Sampler::AddRecentEstimates(int64_t now_ns, std::vector<ServiceEstimate>* sums) {
  const int64_t to_ns = std::min(now_ns, OldestArrival());
  AddEstimates(to_ns - kShownNs, to_ns, sums);
}

}  // namespace tailrace
