#include "tests/simulation/reference_shard.h"

#include <algorithm>
#include <utility>

#include "collector/shard/block_pool.h"
#include "collector/shard/hand_over.h"

namespace tailrace::simulation {
namespace {

constexpr uint64_t kHandOversPerTurn = 64;
constexpr int64_t kSweepEveryNs = 1'000'000'000;

}  // namespace

ReferenceShard::ReferenceShard(const Plan& plan, uint32_t index,
                               const std::vector<std::unique_ptr<ReferencePolicies>>& policies, Story* story,
                               const Traffic& traffic)
    : plan_(plan),
      index_(index),
      story_(story),
      in_(plan.shards),
      receivers_(plan.routes.size()),
      handed_(plan.routes.size()),
      taken_(plan.routes.size()) {
  pool_.blocks = plan.block_bytes / BlockPool::kBlockBytes;
  pool_.make_room = [this] { return FreeMemory(); };
  for (size_t i = 0; i < plan.pipelines.size(); ++i) {
    pipelines_.push_back(
        std::make_unique<ReferencePipeline>(plan.pipelines[i], policies[i].get(), &pool_, story, traffic));
  }
}

void ReferenceShard::Connect(const std::vector<ReferenceShard*>& all) { shards_ = all; }

// The upper bits of the hash choose the shard.
uint32_t ReferenceShard::OwnerOf(const MadeRun& run) const {
  return static_cast<uint32_t>((run.hash >> 32) * plan_.shards >> 32);
}

IngestCode ReferenceShard::Take(const MadeRequest& request, uint32_t receiver, int64_t now_ns, bool held_up) {
  now_ns_ = now_ns;
  ReceiverStats& stats = receivers_[receiver];
  if (request.malformed) {
    ++stats.requests_failed;
    return IngestCode::kMalformed;
  }
  std::vector<std::vector<const MadeRun*>> runs_of(plan_.shards);
  std::vector<const MadeRun*> all;
  for (const MadeRun& run : request.runs) {
    runs_of[OwnerOf(run)].push_back(&run);
    all.push_back(&run);
  }
  NoteBlocked();
  bool refused = held_up;
  for (uint32_t shard = 0; shard < plan_.shards; ++shard) {
    // A request for nobody is for the only shard.
    if (runs_of[shard].empty() && plan_.shards > 1) continue;
    refused |= shards_[shard]->blocked_;
    const bool no_room = shard != index_ && shards_[shard]->in_[index_].size() >= HandOverRing::kSlots;
    refused_for_rings_ += !refused && no_room ? 1 : 0;
    refused |= no_room;
  }
  if (refused) {
    ++stats.requests_refused;
    stats.refused_spans += request.spans;
    return IngestCode::kOverloaded;
  }
  for (uint32_t shard = 0; shard < plan_.shards; ++shard) {
    if (shard == index_ || runs_of[shard].empty()) continue;
    uint64_t spans = 0;
    for (const MadeRun* run : runs_of[shard]) spans += run->spans.size();
    handed_[receiver] += spans;
    shards_[shard]->in_[index_].push_back({runs_of[shard], receiver, spans});
    shards_[shard]->WakeToDrain();
  }
  for (uint32_t pipeline : plan_.routes[receiver]) {
    pipelines_[pipeline]->Add(pipelines_[pipeline]->samples() ? runs_of[index_] : all, now_ns);
  }
  ++stats.requests_ok;
  stats.accepted_spans += request.spans;
  stats.failed_spans += request.rejected;
  stats.body_bytes += request.bytes.size();
  return IngestCode::kOk;
}

void ReferenceShard::WakeToDrain() {
  if (!std::exchange(wake_pending_, true)) posts_.push_back(Post::kDrain);
}

void ReferenceShard::RunPosts(int64_t now_ns) {
  while (!posts_.empty()) {
    const Post post = posts_.front();
    posts_.pop_front();
    if (post == Post::kDrain) {
      Drain(now_ns);
    } else {
      tick_posted_ = false;
      Tick(now_ns);
    }
  }
}

void ReferenceShard::Drain(int64_t now_ns) {
  now_ns_ = now_ns;
  wake_pending_ = false;
  bool more = false;
  for (std::deque<HandedOver>& ring : in_) {
    for (uint64_t left = kHandOversPerTurn; left > 0 && !ring.empty(); --left) {
      const HandedOver item = std::move(ring.front());
      ring.pop_front();
      for (uint32_t pipeline : plan_.routes[item.receiver]) {
        if (pipelines_[pipeline]->samples()) pipelines_[pipeline]->Add(item.runs, now_ns);
      }
      taken_[item.receiver] += item.spans;
    }
    more |= !ring.empty();
  }
  if (more) WakeToDrain();
  cut_turns_ += more ? 1 : 0;
  NoteBlocked();
}

void ReferenceShard::Tick(int64_t now_ns) {
  now_ns_ = now_ns;
  bool more = false;
  for (const auto& pipeline : pipelines_) more |= pipeline->samples() && pipeline->DecideTurn(now_ns);
  if (now_ns - swept_ns_ > kSweepEveryNs) {
    swept_ns_ = now_ns;
    for (const auto& pipeline : pipelines_) pipeline->SweepHeaders();
  }
  NoteBlocked();
  if (more && !std::exchange(tick_posted_, true)) posts_.push_back(Post::kTick);
  cut_turns_ += more ? 1 : 0;
}

void ReferenceShard::Finish(int64_t now_ns) {
  now_ns_ = now_ns;
  for (const auto& pipeline : pipelines_) pipeline->Finish(now_ns);
}

void ReferenceShard::NoteBlocked() {
  blocked_ = std::any_of(pipelines_.begin(), pipelines_.end(),
                         [](const auto& pipeline) { return pipeline->samples() && pipeline->Blocked(); });
}

bool ReferenceShard::FreeMemory() {
  const auto oldest = std::min_element(pipelines_.begin(), pipelines_.end(), [](const auto& a, const auto& b) {
    return a->OldestArrival() < b->OldestArrival();
  });
  return (*oldest)->FreeMemory(now_ns_);
}

bool ReferenceShard::Feeds(uint32_t receiver, uint32_t pipeline) const {
  const std::vector<uint32_t>& fed = plan_.routes[receiver];
  return std::find(fed.begin(), fed.end(), pipeline) != fed.end();
}

uint64_t ReferenceShard::AcceptedBy(uint32_t pipeline) const {
  uint64_t spans = 0;
  for (uint32_t at = 0; at < receivers_.size(); ++at) spans += Feeds(at, pipeline) ? receivers_[at].accepted_spans : 0;
  return spans;
}

uint64_t ReferenceShard::InRingOf(uint32_t pipeline) const {
  if (!plan_.pipelines[pipeline].samples) return 0;
  uint64_t spans = 0;
  for (uint32_t at = 0; at < receivers_.size(); ++at) spans += Feeds(at, pipeline) ? handed_[at] - taken_[at] : 0;
  return spans;
}

bool ReferenceShard::rings_empty() const {
  return std::all_of(in_.begin(), in_.end(), [](const auto& ring) { return ring.empty(); });
}

}  // namespace tailrace::simulation
