// What a simulation looks at after each step.
#include <algorithm>
#include <string>
#include <utility>

#include "collector/telemetry/ledger.h"
#include "tests/simulation/compare.h"
#include "tests/simulation/simulation.h"

namespace tailrace::simulation {
namespace {

std::string Since(int64_t at_ns) {
  return at_ns == INT64_MAX ? "never" : std::to_string((at_ns - SimClock::kStartNs) / 1'000'000) + " ms";
}

}  // namespace

void Simulation::Check(uint32_t shard) {
  if (story_->failed()) return;
  CheckSent(shard);
  if (story_->failed()) return;
  CheckCounts(shard);
  CheckTimer(shard);
  CheckLedger();
}

// All exporters of a pipeline are offered the same batches, and these hold what the reference has kept.
void Simulation::CheckSent(uint32_t shard) {
  for (uint32_t i = 0; i < pipelines_.size(); ++i) {
    const std::vector<ExportBatch> offered = pipelines_[i].exporters[0]->TakeOffered();
    for (const ExportBatch& batch : offered) {
      if (!story_->failed()) references_[shard]->pipeline(i).output().Check(batch);
    }
    for (size_t other = 1; other < pipelines_[i].exporters.size(); ++other) {
      const std::vector<ExportBatch> also = pipelines_[i].exporters[other]->TakeOffered();
      const bool same =
          std::equal(offered.begin(), offered.end(), also.begin(), also.end(), [](const auto& a, const auto& b) {
            return a.payload == b.payload && a.spans == b.spans && a.traces == b.traces;
          });
      if (!same) story_->Fail("two exporters of one pipeline are offered different batches");
    }
    for (const auto& exporter : pipelines_[i].exporters) exporter->Check();
  }
}

void Simulation::CheckCounts(uint32_t shard) {
  ReferenceShard& reference = *references_[shard];
  DaemonSnapshot snapshot = EmptySnapshot();
  shards_[shard]->AddTo(&snapshot);
  const std::string where = "shard " + std::to_string(shard) + ": ";
  for (uint32_t i = 0; i < plan_.routes.size(); ++i) {
    const std::string difference = Compare(snapshot.receivers[i].transports[0], reference.receiver(i));
    if (!difference.empty()) story_->Fail(where + "receiver " + std::to_string(i) + ": " + difference);
  }
  for (uint32_t i = 0; i < pipelines_.size(); ++i) {
    const ReferencePipeline& pipeline = reference.pipeline(i);
    PipelineStats expected = pipeline.Expected();
    expected.accepted_spans = reference.AcceptedBy(i);
    expected.in_ring_spans = reference.InRingOf(i);
    if (!pipeline.samples()) expected.policies.clear();
    const uint64_t bytes = snapshot.pipelines[i].in_table_bytes;
    if (plan_.compressed && bytes <= expected.in_table_bytes) expected.in_table_bytes = bytes;
    std::string difference = Compare(snapshot.pipelines[i], expected);
    if (difference.empty() && CountOf(snapshot.pipelines[i].decision_lag_ms) != pipeline.decided_when_due()) {
      difference = "decision_lag_ms has other than the traces that came due";
    }
    if (difference.empty() && CountOf(snapshot.pipelines[i].removal_age_s) != pipeline.judged()) {
      difference = "removal_age_s has other than the traces that were judged";
    }
    if (difference.empty() && pipeline.samples()) {
      const Journal& journal = *shards_[shard]->pipeline(i).sampler()->journal();
      const uint64_t dropped = expected.not_sampled_traces + expected.dropped_traces + expected.too_large_traces;
      if (journal.ring(JournalSide::kKept).end() != expected.sampled_traces ||
          journal.ring(JournalSide::kDropped).end() != dropped) {
        difference = "the journal has other than the traces that were decided";
      }
    }
    if (!difference.empty()) story_->Fail(where + "pipeline " + std::to_string(i) + ": " + difference);
  }
  const uint64_t most = reference.pool().used * BlockPool::kBlockBytes;
  if (plan_.compressed ? snapshot.table_bytes_in_use > most : snapshot.table_bytes_in_use != most) {
    story_->Fail(where + "blocks are held that no trace has, or the other way");
  }
  if (plan_.shards == 1 && snapshot.buffer_bytes_in_use != 0) story_->Fail("a request's buffer is held");
}

// It must go off when the first trace is due, and when the open batch is.
void Simulation::CheckTimer(uint32_t shard) {
  int64_t due_ns = INT64_MAX;
  for (uint32_t i = 0; i < pipelines_.size(); ++i) {
    const ReferencePipeline& pipeline = references_[shard]->pipeline(i);
    due_ns = std::min({due_ns, pipeline.NextDeadline(), pipeline.output().DueNs()});
  }
  if (steppers_[shard].armed_for_ns() > due_ns) {
    story_->Fail("shard " + std::to_string(shard) + ": its timer is set too late, or not at all: for " +
                 Since(steppers_[shard].armed_for_ns()) + ", wanted at " + Since(due_ns));
  }
}

DaemonSnapshot Simulation::EmptySnapshot() const {
  DaemonSnapshot snapshot;
  snapshot.receivers.resize(plan_.routes.size());
  snapshot.pipelines.resize(pipelines_.size());
  for (size_t i = 0; i < pipelines_.size(); ++i) snapshot.pipelines[i].exporters = pipelines_[i].exporter_names;
  return snapshot;
}

void Simulation::CheckLedger() {
  DaemonSnapshot snapshot = EmptySnapshot();
  for (const SimPipeline& pipeline : pipelines_) {
    for (const auto& exporter : pipeline.exporters) snapshot.exporters.push_back(exporter->Stats());
  }
  for (const auto& shard : shards_) shard->AddTo(&snapshot);
  for (const LedgerLine& line : ComputeLedger(snapshot)) {
    if (line.residual != 0) story_->Fail("the ledger of " + line.exporter + " has a residual");
    if (line.in_flight_to_exporter != 0) story_->Fail(line.exporter + " was not given what was handed over");
  }
}

}  // namespace tailrace::simulation
