#include "collector/telemetry/ledger.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tailrace {
namespace {

void AddDropped(DropCounts& sum, const DropCounts& more) {
  for (size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
}

LedgerLine LineOf(const ExporterStats& exporter, const std::vector<PipelineStats>& pipelines) {
  LedgerLine line{.exporter = exporter.exporter,
                  .recovered = exporter.recovered_spans,
                  .forwarded = exporter.forwarded_spans,
                  .dropped = exporter.dropped_spans,
                  .queued = exporter.queued_spans,
                  .in_flight = exporter.in_flight_spans};
  int64_t handed = 0;
  for (const PipelineStats& pipeline : pipelines) {
    // An exporter that a pipeline lists twice gets its spans twice.
    for (const std::string& name : pipeline.exporters) {
      if (name != exporter.exporter) continue;
      line.accepted += pipeline.accepted_spans;
      line.own += pipeline.own_spans + pipeline.arrived_spans + pipeline.disputed_spans;
      line.dropped_by_policy += pipeline.dropped_by_policy_spans;
      AddDropped(line.dropped, pipeline.dropped_spans);
      line.in_ring += pipeline.in_ring_spans;
      line.in_table += pipeline.in_table_spans;
      line.in_open_batch += pipeline.in_open_batch_spans;
      handed += static_cast<int64_t>(pipeline.kept_spans - pipeline.in_open_batch_spans);
    }
  }
  line.in_flight_to_exporter =
      static_cast<uint64_t>(std::max<int64_t>(0, handed - static_cast<int64_t>(exporter.received_spans)));
  const uint64_t accounted = line.forwarded + line.own + line.dropped_by_policy + line.dropped_total() + line.in_ring +
                             line.in_table + line.in_open_batch + line.in_flight_to_exporter + line.queued +
                             line.in_flight;
  line.residual = static_cast<int64_t>(line.accepted + line.recovered - accounted);
  return line;
}

}  // namespace

uint64_t LedgerLine::dropped_total() const { return std::accumulate(dropped.begin(), dropped.end(), uint64_t{0}); }

std::vector<LedgerLine> ComputeLedger(const DaemonSnapshot& snapshot) {
  std::vector<LedgerLine> ledger;
  ledger.reserve(snapshot.exporters.size());
  for (const ExporterStats& exporter : snapshot.exporters) ledger.push_back(LineOf(exporter, snapshot.pipelines));
  return ledger;
}

std::string FormatLedger(const std::vector<LedgerLine>& ledger) {
  std::string text;
  const auto row = [&](const std::string& what, auto spans) {
    absl::StrAppendFormat(&text, "  %-28s %15d\n", what, spans);
  };
  const auto row_if = [&](const std::string& what, uint64_t spans) {
    if (spans != 0) row(what, spans);
  };
  for (const LedgerLine& line : ledger) {
    absl::StrAppend(&text, "Ledger of ", line.exporter, ", in spans:\n");
    row("accepted", line.accepted);
    row_if("recovered from storage", line.recovered);
    row("forwarded", line.forwarded);
    row_if("kept for this process", line.own);
    row("dropped by policy", line.dropped_by_policy);
    for (size_t i = 0; i < line.dropped.size(); ++i)
      row_if(absl::StrCat("dropped, ", kDropReasonNames[i]), line.dropped[i]);
    row_if("between shards", line.in_ring);
    row_if("waiting for a decision", line.in_table);
    row_if("in an open batch", line.in_open_batch);
    row_if("on the way to the exporter", line.in_flight_to_exporter);
    row_if("in the exporter's queue", line.queued);
    row_if("in flight", line.in_flight);
    row("residual", line.residual);
  }
  return text;
}

}  // namespace tailrace
