#include "collector/exporters/balancing/stats_sum.h"

#include <algorithm>

namespace tailrace {

void AddMember(const ExporterStats& member, ExporterStats* sum) {
  sum->received_spans += member.received_spans;
  sum->forwarded_spans += member.forwarded_spans;
  for (size_t i = 0; i < kDropReasons; ++i) sum->dropped_spans[i] += member.dropped_spans[i];
  sum->queued_spans += member.queued_spans;
  sum->in_flight_spans += member.in_flight_spans;
  sum->queue_batches += member.queue_batches;
  sum->queue_bytes += member.queue_bytes;
  sum->queue_capacity += member.queue_capacity;
  sum->queue_full = std::max(sum->queue_full, member.queue_full);
  sum->in_flight_requests += member.in_flight_requests;
  sum->requests_ok += member.requests_ok;
  sum->requests_failed += member.requests_failed;
  sum->retries += member.retries;
  sum->splits += member.splits;
  sum->dead_letter_spans += member.dead_letter_spans;
  sum->dead_letter_failed_spans += member.dead_letter_failed_spans;
  sum->oldest_item_s = std::max(sum->oldest_item_s, member.oldest_item_s);
  if (member.backend_bytes_max != 0) {
    const uint64_t known = sum->backend_bytes_max;
    sum->backend_bytes_max = known == 0 ? member.backend_bytes_max : std::min(known, member.backend_bytes_max);
  }
  if (!member.last_error.empty()) sum->last_error = member.last_error;
}

BackendState StateOf(const std::vector<MemberStats>& members) {
  const auto all = [&members](BackendState state) {
    return std::all_of(members.begin(), members.end(), [state](const MemberStats& m) { return m.state == state; });
  };
  if (members.empty() || all(BackendState::kDown)) return BackendState::kDown;
  return all(BackendState::kHealthy) ? BackendState::kHealthy : BackendState::kProbing;
}

}  // namespace tailrace
