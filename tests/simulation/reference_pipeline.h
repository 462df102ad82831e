// ReferencePipeline: one pipeline's tail_sampling on one shard, in plain maps: what must have become of every span. It
// is given runs of spans and the time, as the Sampler is, but knows what the spans mean instead of reading them.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "collector/shard/service_shares.h"
#include "collector/telemetry/snapshot.h"
#include "tests/simulation/expected_output.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/reference_cache.h"
#include "tests/simulation/reference_policies.h"
#include "tests/simulation/story.h"
#include "tests/simulation/traffic.h"

namespace tailrace::simulation {

// The blocks that all pipelines of a shard share.
struct ReferencePool {
  uint64_t blocks = 0;
  uint64_t used = 0;
  std::function<bool()> make_room;  // decides a trace; false: there is none
};

class ReferencePipeline {
 public:
  ReferencePipeline(const PlannedPipeline& plan, ReferencePolicies* policies, ReferencePool* pool, Story* story,
                    const Traffic& traffic);

  bool samples() const { return plan_.samples; }
  // Of one request, those that belong here.
  void Add(const std::vector<const MadeRun*>& runs, int64_t now_ns);
  // What is due, as much as one turn takes; true where more are due.
  bool DecideTurn(int64_t now_ns);
  bool FreeMemory(int64_t now_ns);
  void Finish(int64_t now_ns);
  void SweepHeaders();

  bool Blocked() const { return plan_.sampling.block_on_overflow && waiting_.size() >= plan_.sampler.traces_max; }
  int64_t OldestArrival() const { return waiting_.empty() ? INT64_MAX : waiting_.begin()->second.arrival_ns; }
  int64_t NextDeadline() const;
  ExpectedOutput& output() { return output_; }
  const ExpectedOutput& output() const { return output_; }
  // All but accepted_spans, in_ring_spans and the histograms.
  PipelineStats Expected() const;
  uint64_t decided_when_due() const { return decided_when_due_; }
  uint64_t judged() const { return judged_; }

 private:
  struct Waiting {
    uint32_t trace = 0;
    TraceId id;
    uint64_t hash = 0;
    uint64_t order = 0;  // of arrival
    int64_t arrival_ns = 0;
    int64_t deadline_ns = 0;
    uint64_t brought_forward = 0;  // by its root: a running number; 0: it was not
    uint32_t record = 0;
    std::vector<HeldSpan> spans;
    uint64_t blocks = 0;
    uint64_t used_of_last = 0;  // bytes
    uint64_t bytes = 0;         // as the Collector sizes its pieces
    uint64_t frame_bytes = 0;
    uint16_t service = 0;  // its place among the shares
    uint32_t runs = 0;
    std::array<bool, 9> passed{};  // by the marks of Eviction
  };
  struct UsedHeader {
    uint64_t bytes;
    int64_t used_ns;
  };
  // A run that has found its place in a trace.
  struct Arrival {
    uint64_t order;
    const MadeRun* run;
  };

  void AddRun(const MadeRun& run, int64_t now_ns);
  bool FollowDecision(const MadeRun& run, int64_t now_ns);
  // reference_room.cc
  bool MakeRoom(const MadeRun& run, bool new_trace, int64_t now_ns);
  bool DecideEarly(Waiting* trace, EarlyReason reason, int64_t now_ns);
  void DecideTooMuch(int64_t now_ns);
  std::optional<EarlyReason> TooMuch(const Waiting& trace) const;
  Worth WorthOf(const Waiting& trace) const;
  uint32_t RankOf(const Waiting& trace, bool memory) const;
  Waiting* Worst(bool memory, int64_t now_ns);
  Waiting* Largest(uint64_t from, uint32_t rank, int64_t now_ns);
  Waiting& Begin(const MadeRun& run, int64_t now_ns);
  void UseHeader(const MadeHeader& header, int64_t now_ns);
  void Store(const MadeRun& run, Waiting* trace);
  void FinishPieces(int64_t now_ns);
  void FinishPiece(const std::vector<const MadeRun*>& runs, Waiting* trace, int64_t now_ns);
  std::vector<Waiting*> DueBy(int64_t deadline_ns);
  void Decide(Waiting* trace, int64_t now_ns);
  void Settle(Waiting* trace, const ReferenceDecision& decision, int64_t now_ns);
  void Remove(Waiting* trace);
  Waiting* Find(uint32_t trace);
  void Tell(uint32_t trace, const char* what) const;

  const PlannedPipeline& plan_;
  ReferencePolicies* const policies_;
  ReferencePool* const pool_;
  Story* const story_;
  const bool ingest_;
  const bool sizes_;
  ReferenceCache decided_;
  ExpectedOutput output_;
  std::map<uint64_t, Waiting> waiting_;              // by order of arrival
  std::unordered_map<uint32_t, uint64_t> order_of_;  // by trace
  std::map<uint32_t, UsedHeader> headers_;           // by number
  uint64_t header_bytes_ = 0;
  uint64_t blocks_ = 0;
  std::vector<uint32_t> free_records_;
  uint32_t fresh_record_ = 0;
  std::vector<Arrival> arrivals_;
  std::vector<uint64_t> too_much_;  // orders of traces
  uint64_t next_order_ = 1;
  uint64_t next_brought_ = 1;
  int64_t last_add_ns_ = 0;
  uint64_t decided_when_due_ = 0;
  uint64_t begun_by_last_turn_ = 0;
  uint64_t judged_ = 0;
  PipelineStats stats_;
};

}  // namespace tailrace::simulation
