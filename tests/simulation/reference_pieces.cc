// What arrives of a trace in one ResourceSpans: a piece, sized as the Collector sizes it, and with span-ingest judged
// by itself.
#include <map>
#include <utility>
#include <vector>

#include "tests/simulation/reference_pipeline.h"

namespace tailrace::simulation {
namespace {

// A span as the Collector would write it: with a parent's id and a status even where they are empty.
uint64_t SizeOf(const MadeSpan& span) {
  return FieldSize(span.bytes.size() + (span.has_parent ? 0 : 2) + (span.status >= 0 ? 0 : 2));
}

}  // namespace

void ReferencePipeline::FinishPieces(int64_t now_ns) {
  std::map<uint32_t, std::pair<uint64_t, std::vector<const MadeRun*>>> pieces;  // by record, as the table has them
  for (const Arrival& arrival : std::exchange(arrivals_, {})) {
    const auto at = waiting_.find(arrival.order);
    if (at == waiting_.end()) continue;  // decided meanwhile, to make room
    auto& [order, runs] = pieces[at->second.record];
    order = arrival.order;
    runs.push_back(arrival.run);
  }
  if (!ingest_ && !sizes_) return;
  for (const auto& [record, piece] : pieces) FinishPiece(piece.second, &waiting_.at(piece.first), now_ns);
}

void ReferencePipeline::FinishPiece(const std::vector<const MadeRun*>& runs, Waiting* trace, int64_t now_ns) {
  std::vector<const MadeSpan*> spans;
  std::map<uint32_t, uint64_t> in_scope;
  for (const MadeRun* run : runs) {
    uint64_t& bytes = in_scope.emplace(run->scope, FieldSize(run->header->scope_message.size())).first->second;
    for (const MadeSpan* span : run->spans) {
      bytes += SizeOf(*span);
      spans.push_back(span);
    }
  }
  if (sizes_) {
    uint64_t bytes = FieldSize(runs.front()->header->resource_size);
    for (const auto& [scope, size] : in_scope) bytes += FieldSize(size);
    trace->bytes += bytes;
    trace->frame_bytes += FieldSize(bytes) - bytes;
    const uint64_t bytes_max = plan_.sampling.maximum_trace_size_bytes;
    if (bytes_max != 0 && trace->bytes > bytes_max) {
      Tell(trace->trace, "is too large");
      ++stats_.too_large_traces;
      stats_.dropped_spans[static_cast<size_t>(DropReason::kTraceTooLarge)] += trace->spans.size();
      decided_.Remember(trace->hash, {});
      Remove(trace);
      return;
    }
  }
  if (!ingest_) return;
  const auto decision = policies_->DecidePiece({spans, trace->spans.size(), 0}, now_ns, &stats_.policies);
  if (decision.has_value()) Settle(trace, *decision, now_ns);
}

}  // namespace tailrace::simulation
