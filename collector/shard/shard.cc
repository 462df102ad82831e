#include "collector/shard/shard.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <string>
#include <utility>

#include "base/thread_name.h"

namespace tailrace {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;
constexpr int64_t kSweepEveryNs = 1000 * kNsPerMs;
constexpr uint32_t kRetryAfterMs = 1000;
// Hand-overs taken from one ring in one turn.
constexpr int kHandOversPerTurn = 64;
// More runs in a request are unusual: the arrays that they needed are given back.
constexpr size_t kScratchRuns = 65536;

}  // namespace

struct Shard::Loop {
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  boost::asio::steady_timer timer{io};
};

Shard::Shard(const Options& options, const Clock& clock)
    : buffers_(options.buffer_bytes),
      index_(options.index),
      shard_count_(options.shard_count),
      routes_(options.routes),
      routing_(options.routing.empty() ? std::vector<Routing>(options.receiver_count) : options.routing),
      hasher_(options.hasher),
      ring_slot_bytes_(options.ring_slot_bytes),
      request_runs_max_(options.request_runs_max),
      clock_(clock),
      blocks_(options.block_bytes, options.prefault),
      arrivals_(options.arrivals),
      runs_of_(options.shard_count),
      receivers_(options.receiver_count),
      pushed_(options.routes.size()),
      popped_(options.routes.size()),
      own_spans_(options.routes.size()),
      loop_(std::make_unique<Loop>()) {
  for (const ShardPipeline::Options& pipeline : options.pipelines) {
    pipelines_.push_back(std::make_unique<ShardPipeline>(pipeline, &blocks_, [this] { return FreeMemory(); }));
  }
}

Shard::~Shard() { Stop(); }

boost::asio::io_context& Shard::io() { return loop_->io; }

void Shard::Connect(const std::vector<Shard*>& all) {
  shards_ = all;
  out_.resize(all.size());
  in_.resize(all.size());
  for (uint32_t other = 0; other < all.size(); ++other) {
    if (other == index_) continue;
    out_[other] = std::make_unique<HandOverRing>(ring_slot_bytes_);
    all[other]->in_.resize(all.size());
    all[other]->in_[index_] = out_[other].get();
  }
}

void Shard::Start() {
  thread_ = std::thread([this] {
    NameThisThread("shard-" + std::to_string(index_));
    loop_->io.run();
  });
}

void Shard::Run(const std::function<void()>& work) {
  std::promise<void> done;
  boost::asio::post(loop_->io, [&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

void Shard::Stop() {
  if (!thread_.joinable()) return;
  boost::asio::post(loop_->io, [this] {
    loop_->timer.cancel();
    loop_->work.reset();
    loop_->io.stop();
  });
  thread_.join();
}

IngestResult Shard::Take(const BufferRef& request, uint32_t receiver, Transport transport, uint8_t hops) {
  ReceiverStats& stats = receivers_[receiver][static_cast<size_t>(transport)];
  const int64_t now_ns = clock_.MonotonicNs();
  const Routing& routing = routing_[receiver];
  // What a member sends here has been counted where it came first.
  const bool counts = routing.pipeline < 0 || hops == 0;
  const ScanError error =
      ScanRequest(request->view(), &scanned_,
                  {.runs_max = request_runs_max_, .briefs_max = counts ? arrivals_.BriefsWanted(receiver, now_ns) : 0});
  if (error != ScanError::kNone) {
    ++stats.requests_failed;
    if (!IsTooLarge(error)) return {.code = IngestCode::kMalformed, .message = ToString(error)};
    ReleaseScratch();
    return {.code = IngestCode::kTooLarge, .message = ToString(error)};
  }
  IngestResult result{.accepted_spans = scanned_.span_count, .rejected_spans = scanned_.rejected_spans};
  if (scanned_.rejected_spans > 0)
    result.message = "spans need a trace id of 16 bytes and a span id of 8, not all zero";
  HashRuns();
  NoteBlocked();
  if (hops > routing.hops_max) return RefuseLoop(&stats);
  if (HeldUp()) return Refuse(&stats, "an exporter's queue is full");
  const std::string_view kept_out = routing.pipeline < 0
                                        ? PlaceMeeting(request, {scanned_.runs, hashes_, receiver}, hops, now_ns)
                                        : PlaceDivided(request, routing, receiver, hops, now_ns);
  if (!kept_out.empty()) return Refuse(&stats, kept_out);
  if (counts) arrivals_.Count(request->view(), scanned_, receiver, now_ns);
  ++stats.requests_ok;
  stats.accepted_spans += scanned_.span_count;
  stats.failed_spans += scanned_.rejected_spans;
  stats.body_bytes += request->size();
  if (scanned_.runs.size() > kScratchRuns) ReleaseScratch();
  Arm();
  return result;
}

std::string_view Shard::PlaceMeeting(const BufferRef& request, const Meeting& meeting, uint8_t hops, int64_t now_ns) {
  if (shard_count_ == 1) {
    if (blocked_.load(std::memory_order_relaxed)) return "num_traces is reached";
    Place({request->view(), &scanned_.headers, &scanned_.gathered, meeting.runs, meeting.hashes}, meeting, hops,
          now_ns);
    return {};
  }
  Split(meeting);
  if (AnyBlocked()) return "num_traces is reached";
  if (!RoomElsewhere()) return "another shard is busy";
  HandOverOthers(request, meeting);
  Place({request->view(), &scanned_.headers, &scanned_.gathered, own_runs_, own_hashes_}, meeting, hops, now_ns);
  return {};
}

IngestResult Shard::Refuse(ReceiverStats* stats, std::string_view why) {
  ++stats->requests_refused;
  stats->refused_spans += scanned_.span_count;
  return {.code = IngestCode::kOverloaded, .retry_after_ms = kRetryAfterMs, .message = why};
}

void Shard::ReleaseScratch() {
  divided_runs_ = {};
  divided_hashes_ = {};
  scanned_ = ScannedRequest();
  hashes_ = {};
  runs_of_.assign(shard_count_, {});
  own_runs_ = {};
  own_hashes_ = {};
}

void Shard::NoteBlocked() {
  bool blocked = false;
  for (const auto& pipeline : pipelines_) blocked |= pipeline->sampler() != nullptr && pipeline->sampler()->Blocked();
  blocked_.store(blocked, std::memory_order_relaxed);
}

bool Shard::HeldUp() const {
  return std::any_of(pipelines_.begin(), pipelines_.end(), [](const auto& pipeline) { return pipeline->HeldUp(); });
}

bool Shard::AnyBlocked() const {
  for (uint32_t shard = 0; shard < shard_count_; ++shard) {
    if (!runs_of_[shard].empty() && shards_[shard]->blocked_.load(std::memory_order_relaxed)) return true;
  }
  return false;
}

void Shard::Place(const RunsView& own, const Meeting& all, uint8_t hops, int64_t now_ns) {
  for (uint32_t pipeline : routes_[all.source]) {
    ShardPipeline& to = *pipelines_[pipeline];
    if (to.samples()) {
      to.Add(own, hops, now_ns);
    } else {
      // Nothing has to meet: what does not wait does not change shards.
      to.Add({own.request, own.headers, own.gathered, all.runs, all.hashes}, hops, now_ns);
    }
  }
}

void Shard::Split(const Meeting& meeting) {
  for (std::vector<uint32_t>& runs : runs_of_) runs.clear();
  for (uint32_t i = 0; i < meeting.hashes.size(); ++i) {
    runs_of_[OwnerOf(meeting.hashes[i])].push_back(i);
  }
  PickRuns(meeting.runs, meeting.hashes, runs_of_[index_], &own_runs_, &own_hashes_);
}

void Shard::HashRuns() {
  hashes_.clear();
  for (const SpanRun& run : scanned_.runs) hashes_.push_back(hasher_(run.trace_id));
}

bool Shard::RoomElsewhere() {
  for (uint32_t other = 0; other < shard_count_; ++other) {
    if (other != index_ && !runs_of_[other].empty() && !out_[other]->HasRoom()) return false;
  }
  return true;
}

void Shard::HandOverOthers(const BufferRef& request, const Meeting& meeting) {
  for (uint32_t other = 0; other < shard_count_; ++other) {
    if (other == index_ || runs_of_[other].empty()) continue;
    HandOver& slot = out_[other]->Next();
    slot.request = request;
    slot.source = meeting.source;
    slot.headers.assign(scanned_.headers.begin(), scanned_.headers.end());
    slot.gathered.assign(scanned_.gathered.begin(), scanned_.gathered.end());
    PickRuns(meeting.runs, meeting.hashes, runs_of_[other], &slot.runs, &slot.hashes);
    slot.span_count = static_cast<uint32_t>(SpansOf(slot.runs));
    pushed_[meeting.source] += slot.span_count;
    out_[other]->Push();
    out_[other]->Reclaim();
    shards_[other]->WakeToDrain();
  }
}

void Shard::WakeToDrain() {
  // Acquire-release: whoever finds it true knows that the shard has yet to set it to false, and will drain after that.
  if (wake_pending_.exchange(true, std::memory_order_acq_rel)) return;
  boost::asio::post(loop_->io, [this] { DrainRings(); });
}

bool Shard::DrainRings() {
  // Before the rings are looked at: a push that comes after our look finds false and posts again.
  wake_pending_.exchange(false, std::memory_order_acq_rel);
  const int64_t now_ns = clock_.MonotonicNs();
  bool more = false;
  for (HandOverRing* ring : in_) {
    if (ring == nullptr) continue;
    int taken = 0;
    for (const HandOver* item = ring->Front(); item != nullptr; item = ring->Front()) {
      if (taken++ == kHandOversPerTurn) {
        more = true;
        break;
      }
      const RunsView view{item->request->view(), &item->headers, &item->gathered, item->runs, item->hashes};
      for (uint32_t pipeline : routes_[item->source]) {
        if (pipelines_[pipeline]->samples()) pipelines_[pipeline]->Add(view, 0, now_ns);
      }
      popped_[item->source] += item->span_count;
      ring->Pop();
    }
  }
  if (more) WakeToDrain();
  NoteBlocked();
  Arm();
  bool all_taken = true;
  for (const std::unique_ptr<HandOverRing>& ring : out_) {
    if (ring == nullptr) continue;
    ring->Reclaim();
    all_taken &= ring->AllReclaimed();
  }
  return all_taken && !more;
}

void Shard::Finish() {
  const int64_t now_ns = clock_.MonotonicNs();
  for (const auto& pipeline : pipelines_) pipeline->Finish(now_ns);
}

// In the pipeline that has waited longest.
bool Shard::FreeMemory() {
  ShardPipeline* oldest = nullptr;
  int64_t oldest_ns = INT64_MAX;
  for (const auto& pipeline : pipelines_) {
    if (!pipeline->samples() || pipeline->sampler()->OldestArrival() >= oldest_ns) continue;
    oldest = pipeline.get();
    oldest_ns = pipeline->sampler()->OldestArrival();
  }
  return oldest != nullptr && oldest->FreeMemory(clock_.MonotonicNs());
}

void Shard::Arm() {
  int64_t next_ns = INT64_MAX;
  for (const auto& pipeline : pipelines_) next_ns = std::min(next_ns, pipeline->NextEvent());
  if (next_ns >= armed_for_ns_) return;
  armed_for_ns_ = next_ns;
  using Point = boost::asio::steady_timer::time_point;
  // Not before the next millisecond: many deadlines come due together, and one wake-up serves them all.
  const int64_t at_ns = std::max(next_ns, clock_.MonotonicNs()) + kNsPerMs;
  loop_->timer.expires_at(Point(std::chrono::nanoseconds(at_ns)));
  loop_->timer.async_wait([this](const boost::system::error_code& error) {
    if (!error) OnTimer();
  });
}

void Shard::OnTimer() {
  armed_for_ns_ = INT64_MAX;
  Tick();
  Arm();
}

void Shard::Tick() {
  const int64_t now_ns = clock_.MonotonicNs();
  bool more = false;
  for (const auto& pipeline : pipelines_) more |= pipeline->Tick(now_ns);
  if (now_ns - swept_ns_ > kSweepEveryNs) {
    swept_ns_ = now_ns;
    for (const auto& pipeline : pipelines_) {
      if (pipeline->sampler() != nullptr) pipeline->sampler()->Sweep();
    }
    for (const std::unique_ptr<HandOverRing>& ring : out_) {
      if (ring != nullptr) ring->Reclaim();
    }
  }
  NoteBlocked();
  // The rest after whatever else the thread has to do: once, however many ticks say so, or nothing else would come.
  if (!more || std::exchange(tick_posted_, true)) return;
  boost::asio::post(loop_->io, [this] {
    tick_posted_ = false;
    Tick();
  });
}

void Shard::CountRefused(uint32_t receiver, Transport transport) {
  ++receivers_[receiver][static_cast<size_t>(transport)].requests_refused;
}

void Shard::CountFailed(uint32_t receiver, Transport transport) {
  ++receivers_[receiver][static_cast<size_t>(transport)].requests_failed;
}

void Shard::AddTo(DaemonSnapshot* snapshot) const {
  const auto add = [](ReceiverStats* to, const ReceiverStats& from) {
    to->accepted_spans += from.accepted_spans;
    to->refused_spans += from.refused_spans;
    to->failed_spans += from.failed_spans;
    to->looped_spans += from.looped_spans;
    to->requests_ok += from.requests_ok;
    to->requests_refused += from.requests_refused;
    to->requests_failed += from.requests_failed;
    to->body_bytes += from.body_bytes;
  };
  for (size_t source = 0; source < routes_.size(); ++source) {
    uint64_t accepted = own_spans_[source];
    for (size_t transport = 0; source < receivers_.size() && transport < kTransports; ++transport) {
      add(&snapshot->receivers[source].transports[transport], receivers_[source][transport]);
      accepted += receivers_[source][transport].accepted_spans;
    }
    for (uint32_t pipeline : routes_[source]) {
      PipelineStats& stats = snapshot->pipelines[pipeline];
      stats.accepted_spans += accepted;
      // May wrap below zero for one shard alone; the sum over all shards is what counts.
      if (pipelines_[pipeline]->samples()) stats.in_ring_spans += pushed_[source] - popped_[source];
    }
  }
  for (size_t i = 0; i < pipelines_.size(); ++i) {
    PipelineStats& stats = snapshot->pipelines[i];
    pipelines_[i]->AddTo(&stats);
    if (pipelines_[i]->samples()) pipelines_[i]->sampler()->AddRecentEstimates(clock_.MonotonicNs(), &stats.estimates);
  }
  ConnectionStats& sum = snapshot->connections;
  sum.open += connections_.open;
  sum.opened += connections_.opened;
  sum.closed_by_limit += connections_.closed_by_limit;
  sum.closed_by_error += connections_.closed_by_error;
  sum.too_large += connections_.too_large;
  sum.malformed += connections_.malformed;
  sum.bodies_given_up += connections_.bodies_given_up;
  sum.inflate_failed += connections_.inflate_failed;
  sum.wire_bytes_in += connections_.wire_bytes_in;
  sum.wire_bytes_out += connections_.wire_bytes_out;
  snapshot->baseline_overflow_calls += arrivals_.baselines().overflow_calls();
  snapshot->table_bytes_in_use += uint64_t{blocks_.used_blocks()} * BlockPool::kBlockBytes;
  snapshot->buffer_bytes_in_use += buffers_.bytes_in_use();
  const auto share = [](uint64_t used, uint64_t all) {
    return static_cast<double>(used) / static_cast<double>(std::max<uint64_t>(all, 1));
  };
  for (const auto& pipeline : pipelines_) {
    if (pipeline->samples()) snapshot->AddStress(StressBound::kNumTraces, pipeline->sampler()->Full());
  }
  snapshot->AddStress(StressBound::kSpanMemory, share(blocks_.used_blocks(), blocks_.block_count()));
  snapshot->AddStress(StressBound::kBuffers, share(buffers_.bytes_in_use(), buffers_.bytes_max()));
}

void Shard::AddEstimates(int64_t from_ns, int64_t to_ns, std::vector<ServiceEstimate>* sums) const {
  for (const auto& pipeline : pipelines_) {
    if (pipeline->samples()) pipeline->sampler()->AddEstimates(from_ns, to_ns, sums);
  }
}

}  // namespace tailrace
