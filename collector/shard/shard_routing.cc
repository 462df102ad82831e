// Shard's part in routing: which spans of a request stay in this process, where a connector that routes says so, and
// what comes back from its exporter. See exporters/balancing/load_balancing_exporter.h.
#include "collector/shard/shard.h"

namespace tailrace {

IngestResult Shard::RefuseLoop(ReceiverStats* stats) {
  ++stats->requests_failed;
  stats->looped_spans += scanned_.span_count;
  return {.code = IngestCode::kLoop,
          .message = "the spans have been routed more often than hops_max: members send them round in a circle"};
}

std::string_view Shard::PlaceDivided(const BufferRef& request, const Routing& routing, uint32_t receiver, uint8_t hops,
                                     int64_t now_ns) {
  const bool arrived = hops > 0;
  ShardPipeline& router = *pipelines_[static_cast<size_t>(routing.pipeline)];
  router.Divide(scanned_.runs, arrived, &divided_);
  PickRuns(scanned_.runs, hashes_, divided_, &divided_runs_, &divided_hashes_);
  if (!divided_.empty()) {
    const Meeting own{divided_runs_, divided_hashes_, routing.source};
    if (const std::string_view kept_out = PlaceMeeting(request, own, hops, now_ns); !kept_out.empty()) return kept_out;
    own_spans_[routing.source] += SpansOf(divided_runs_);
  }
  const RunsView all{request->view(), &scanned_.headers, &scanned_.gathered, scanned_.runs, hashes_};
  for (const uint32_t pipeline : routes_[receiver]) {
    // None of them samples: a configuration in which one does is refused.
    if (pipeline == static_cast<uint32_t>(routing.pipeline)) {
      router.AddDivided(all, arrived, now_ns);
    } else {
      pipelines_[pipeline]->Add(all, hops, now_ns);
    }
  }
  return {};
}

IngestResult Shard::TakeOwn(std::string_view batch, uint32_t source) {
  constexpr uint32_t kRetryAfterMs = 100;
  const auto refused = [](std::string_view why) {
    return IngestResult{.code = IngestCode::kOverloaded, .retry_after_ms = kRetryAfterMs, .message = why};
  };
  const BufferRef request = buffers_.Allocate(batch.size());
  if (!request) return refused("no buffer is free");
  request->Append(batch);
  if (const ScanError error = ScanRequest(request->view(), &scanned_, {.runs_max = request_runs_max_});
      error != ScanError::kNone) {
    ReleaseScratch();
    return {.code = IsTooLarge(error) ? IngestCode::kTooLarge : IngestCode::kMalformed, .message = ToString(error)};
  }
  HashRuns();
  NoteBlocked();
  const std::string_view kept_out =
      PlaceMeeting(request, {scanned_.runs, hashes_, source}, /*hops=*/1, clock_.MonotonicNs());
  if (!kept_out.empty()) return refused(kept_out);
  own_spans_[source] += scanned_.span_count;
  Arm();
  return {.accepted_spans = scanned_.span_count};
}

void Shard::FlushThrough() {
  for (const auto& pipeline : pipelines_) {
    if (!pipeline->samples()) pipeline->Finish(clock_.MonotonicNs());
  }
}

}  // namespace tailrace
