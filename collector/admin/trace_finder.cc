#include "collector/admin/trace_finder.h"

#include <algorithm>
#include <utility>

#include "processors/engine.h"

namespace tailrace {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;
constexpr JournalKey kFirst{.decided_ns = INT64_MIN};

// Greater than the key of any decision before `ns`, less than those from `ns` on.
JournalKey JustBefore(int64_t ns) { return {.decided_ns = ns - 1, .source = UINT32_MAX, .number = UINT64_MAX}; }

}  // namespace

// One search: a cursor for each ring of each shard, and what they have found so far.
class TraceFinder::Search {
 public:
  Search(const TraceFinder& finder, const TraceQuery& query)
      : finder_(finder), query_(query), newest_first_(!query.after.has_value()) {
    // Whatever is decided from now on is later than this on every shard: below it nothing can be missed.
    horizon_ = JustBefore(finder.clock_.MonotonicNs());
    for (uint32_t shard = 0; shard < finder.shards_.size(); ++shard) {
      for (const Pipeline& pipeline : finder.pipelines_) {
        if (query.kept) AddSource(shard, pipeline, JournalSide::kKept);
        if (query.dropped) AddSource(shard, pipeline, JournalSide::kDropped);
      }
    }
  }

  Page Run() {
    for (int turn = 0; turn < kTurnsMax && !Enough(); ++turn) {
      for (uint32_t shard = 0; shard < finder_.shards_.size(); ++shard) Turn(shard);
    }
    return Result();
  }

 private:
  struct Source {
    uint32_t shard;
    const Pipeline* pipeline;
    JournalSide side;
    JournalFilter filter;
    JournalCursor cursor;
    uint32_t found = 0;  // that match
  };

  // Ones that the query cannot mean are left out, but keep their number.
  void AddSource(uint32_t shard, const Pipeline& pipeline, JournalSide side) {
    if (query_.pipeline.has_value() && *query_.pipeline != pipeline.id) return;
    Source source{.shard = shard, .pipeline = &pipeline, .side = side, .filter = query_.record};
    if (query_.policy.has_value()) {
      const auto named = std::find_if(pipeline.policies.begin(), pipeline.policies.end(),
                                      [&](const auto* policy) { return policy->name == *query_.policy; });
      if (named == pipeline.policies.end()) return;
      source.filter.policy = static_cast<uint32_t>(named - pipeline.policies.begin());
    }
    const uint32_t pipelines = static_cast<uint32_t>(finder_.pipelines_.size());
    const auto place = static_cast<uint32_t>(&pipeline - finder_.pipelines_.data());
    source.cursor.source = (shard * pipelines + place) * kJournalSides + static_cast<uint32_t>(side);
    source.cursor.newest_first = newest_first_;
    source.cursor.above = query_.after.value_or(kFirst);
    source.cursor.below = horizon_;
    if (query_.before.has_value()) source.cursor.below = std::min(horizon_, *query_.before);
    sources_.push_back(std::move(source));
  }

  static bool Open(const Source& source) { return !source.cursor.ended; }
  bool Wanted(const Source& source) const { return Open(source) && source.found < query_.limit; }

  void Turn(uint32_t shard) {
    std::vector<Source*> wanted;
    for (Source& source : sources_) {
      if (source.shard == shard && Wanted(source)) wanted.push_back(&source);
    }
    if (wanted.empty()) return;
    std::vector<std::vector<FoundTrace>> found(wanted.size());
    uint64_t looked_at = 0;
    finder_.shards_[shard]->Run([&] {
      const auto count = static_cast<uint32_t>(wanted.size());
      const ScanBudget share{.records = ScanBudget().records / count + 1, .bytes = ScanBudget().bytes / count + 1};
      for (size_t i = 0; i < wanted.size(); ++i) {
        Source& source = *wanted[i];
        ScanBudget budget = share;
        budget.found = query_.limit - source.found;
        const Sampler* sampler = finder_.shards_[shard]->pipeline(source.pipeline->index).sampler();
        if (sampler->journal() == nullptr) {
          source.cursor.ended = true;
          continue;
        }
        ScanJournal(sampler->journal()->ring(source.side), source.filter, &source.cursor, &budget, &found[i]);
        looked_at += share.records - budget.records;
      }
    });
    searched_ += looked_at;
    for (size_t i = 0; i < wanted.size(); ++i) {
      for (FoundTrace& trace : found[i]) Take(wanted[i], std::move(trace));
    }
  }

  void Take(Source* source, FoundTrace trace) {
    if (query_.AsksSpans() && (trace.spans.empty() || !SpansMatch(query_, trace.spans))) return;
    ++source->found;
    matches_.push_back({.key = trace.key,
                        .pipeline = source->pipeline,
                        .record = trace.record,
                        .summary = Summarize(trace.spans),
                        .has_spans = !trace.spans.empty()});
  }

  bool Before(const JournalKey& a, const JournalKey& b) const { return newest_first_ ? b < a : a < b; }

  // Everything that comes no later than this in the order of the answer has been looked at; nothing: everything has.
  std::optional<JournalKey> Frontier() const {
    std::optional<JournalKey> frontier;
    for (const Source& source : sources_) {
      if (!Open(source)) continue;
      const JournalKey start = newest_first_ ? source.cursor.below : source.cursor.above;
      const JournalKey reached = source.cursor.looked ? source.cursor.reached : start;
      if (!frontier.has_value() || Before(reached, *frontier)) frontier = reached;
    }
    return frontier;
  }

  bool Enough() const {
    const std::optional<JournalKey> frontier = Frontier();
    if (!frontier.has_value()) return true;
    const auto in_order = std::count_if(matches_.begin(), matches_.end(),
                                        [&](const Found& match) { return !Before(*frontier, match.key); });
    return static_cast<uint64_t>(in_order) >= query_.limit;
  }

  Page Result() {
    Page page;
    const std::optional<JournalKey> frontier = Frontier();
    std::sort(matches_.begin(), matches_.end(), [&](const Found& a, const Found& b) { return Before(a.key, b.key); });
    for (Found& match : matches_) {
      if (page.traces.size() == query_.limit || (frontier.has_value() && Before(*frontier, match.key))) break;
      page.traces.push_back(std::move(match));
    }
    page.searched = searched_;
    std::optional<JournalKey> stopped = frontier;
    if (page.traces.size() == query_.limit) {
      stopped = page.traces.back().key;
    } else {
      page.truncated = frontier.has_value();
    }
    if (newest_first_) page.next = stopped;
    page.newest = newest_first_ ? horizon_ : stopped.value_or(horizon_);
    return page;
  }

  const TraceFinder& finder_;
  const TraceQuery& query_;
  const bool newest_first_;
  JournalKey horizon_;
  std::vector<Source> sources_;
  std::vector<Found> matches_;
  uint64_t searched_ = 0;
};

TraceFinder::TraceFinder(const config::Config& config, std::vector<Shard*> shards, const Clock& clock)
    : shards_(std::move(shards)), clock_(clock) {
  for (uint32_t i = 0; i < config.pipelines.size(); ++i) {
    const config::PipelineConfig& pipeline = config.pipelines[i];
    if (pipeline.tail_sampling < 0) continue;
    pipelines_.push_back(
        {.index = i,
         .id = pipeline.id,
         .policies = PoliciesAsAsked(config.tail_samplings[static_cast<size_t>(pipeline.tail_sampling)])});
  }
}

TraceFinder::Page TraceFinder::Find(const TraceQuery& query) const { return Search(*this, query).Run(); }

std::vector<TraceFinder::Answer> TraceFinder::Look(const TraceId& id) const {
  std::vector<Answer> answers;
  for (const Pipeline& pipeline : pipelines_) answers.push_back({.pipeline = &pipeline});
  const uint64_t hash = shards_.front()->HashOf(id);
  Shard* const owner = shards_[shards_.front()->OwnerOf(hash)];
  owner->Run([&] {
    for (Answer& answer : answers) answer.look = owner->pipeline(answer.pipeline->index).sampler()->Look(id, hash);
  });
  return answers;
}

int64_t TraceFinder::UnixMs(int64_t steady_ns) const {
  return (steady_ns + clock_.WallNs() - clock_.MonotonicNs()) / kNsPerMs;
}

}  // namespace tailrace
