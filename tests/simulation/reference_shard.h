// ReferenceShard: what a shard must do with a request, a hand-over, a timer and the end; queues in place of rings.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "collector/shard/ingest.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/reference_pipeline.h"
#include "tests/simulation/reference_policies.h"
#include "tests/simulation/story.h"
#include "tests/simulation/traffic.h"

namespace tailrace::simulation {

class ReferenceShard {
 public:
  // `policies`: of each pipeline, the same for all shards.
  ReferenceShard(const Plan& plan, uint32_t index, const std::vector<std::unique_ptr<ReferencePolicies>>& policies,
                 Story* story, const Traffic& traffic);

  // Before anything else: `all` holds every shard by its index.
  void Connect(const std::vector<ReferenceShard*>& all);

  // `held_up`: an exporter asks to wait.
  IngestCode Take(const MadeRequest& request, uint32_t receiver, int64_t now_ns, bool held_up);
  // A request that ended before it was taken.
  void CountRefused(uint32_t receiver) { ++receivers_[receiver].requests_refused; }
  // What the shard has posted to itself, or others to it, and what comes of that.
  void RunPosts(int64_t now_ns);
  void Drain(int64_t now_ns);
  void OnTimer(int64_t now_ns) { Tick(now_ns); }
  void Finish(int64_t now_ns);

  ReferencePipeline& pipeline(uint32_t at) { return *pipelines_[at]; }
  const ReferencePool& pool() const { return pool_; }
  const ReceiverStats& receiver(uint32_t at) const { return receivers_[at]; }
  // Spans that came for a pipeline's receivers here; spans handed out less spans taken from others, may be below zero.
  uint64_t AcceptedBy(uint32_t pipeline) const;
  uint64_t InRingOf(uint32_t pipeline) const;
  bool rings_empty() const;
  uint64_t cut_turns() const { return cut_turns_; }
  uint64_t refused_for_rings() const { return refused_for_rings_; }

 private:
  struct HandedOver {
    std::vector<const MadeRun*> runs;
    uint32_t receiver;
    uint64_t spans;
  };
  enum class Post : uint8_t { kDrain, kTick };

  uint32_t OwnerOf(const MadeRun& run) const;
  void WakeToDrain();
  void Tick(int64_t now_ns);
  void NoteBlocked();
  bool FreeMemory();
  bool Feeds(uint32_t receiver, uint32_t pipeline) const;

  const Plan& plan_;
  const uint32_t index_;
  Story* const story_;
  std::vector<ReferenceShard*> shards_;
  ReferencePool pool_;
  std::vector<std::unique_ptr<ReferencePipeline>> pipelines_;
  std::vector<std::deque<HandedOver>> in_;  // by the shard that they come from
  std::deque<Post> posts_;
  bool wake_pending_ = false;
  bool tick_posted_ = false;
  bool blocked_ = false;
  int64_t swept_ns_ = 0;
  int64_t now_ns_ = 0;
  std::vector<ReceiverStats> receivers_;
  std::vector<uint64_t> handed_;  // by receiver
  std::vector<uint64_t> taken_;
  uint64_t refused_for_rings_ = 0;
  uint64_t cut_turns_ = 0;  // more to do than one turn does
};

}  // namespace tailrace::simulation
