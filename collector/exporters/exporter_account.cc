#include "collector/exporters/exporter_account.h"

#include <algorithm>

namespace tailrace {

void ExporterAccount::Refuse(uint64_t spans, DropReason reason) {
  received_ += spans;
  dropped(reason) += spans;
}

void ExporterAccount::Enqueue(uint64_t spans) {
  received_ += spans;
  queued_ += spans;
}

void ExporterAccount::Withdraw(uint64_t spans) {
  received_ -= spans;
  queued_ -= spans;
}

void ExporterAccount::Recover(uint64_t spans) {
  recovered_ += spans;
  queued_ += spans;
}

void ExporterAccount::Start(uint64_t spans) {
  queued_ -= spans;
  in_flight_ += spans;
  ++in_flight_requests_;
}

void ExporterAccount::Requeue(uint64_t spans) {
  in_flight_ -= spans;
  queued_ += spans;
  --in_flight_requests_;
  ++requests_failed_;
  ++retries_;
}

void ExporterAccount::Split(uint64_t spans, bool was_sent) {
  in_flight_ -= spans;
  queued_ += spans;
  --in_flight_requests_;
  if (was_sent) ++requests_failed_;
  ++splits_;
}

void ExporterAccount::Forward(uint64_t spans, uint64_t rejected) {
  rejected = std::min(rejected, spans);
  in_flight_ -= spans;
  forwarded_ += spans - rejected;
  dropped(DropReason::kPartialSuccess) += rejected;
  --in_flight_requests_;
  ++requests_ok_;
}

void ExporterAccount::Drop(uint64_t spans, DropReason reason) {
  in_flight_ -= spans;
  dropped(reason) += spans;
  --in_flight_requests_;
  ++requests_failed_;
}

void ExporterAccount::DropQueued(uint64_t spans, DropReason reason) {
  queued_ -= spans;
  dropped(reason) += spans;
}

void ExporterAccount::Fill(ExporterStats* stats) const {
  stats->received_spans = received_;
  stats->recovered_spans = recovered_;
  stats->forwarded_spans = forwarded_;
  stats->dropped_spans = dropped_;
  stats->queued_spans = queued_;
  stats->in_flight_spans = in_flight_;
  stats->in_flight_requests = in_flight_requests_;
  stats->requests_ok = requests_ok_;
  stats->requests_failed = requests_failed_;
  stats->retries = retries_;
  stats->splits = splits_;
}

}  // namespace tailrace
