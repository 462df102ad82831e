// TraceFinder: asks the shards for recent decisions. A search goes over all of them in short turns and merges what they
// find by the time of the decision; what is known of one trace is asked of the one shard that it belongs to.
//
// Immutable; any thread but the shards', which it waits for. What it costs a shard is bounded: see ScanBudget, and
// kTurnsMax turns for one search.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "collector/admin/trace_query.h"
#include "collector/admin/trace_summary.h"
#include "collector/shard/shard.h"
#include "collector/shard/trace_look.h"
#include "config/model.h"

namespace tailrace {

class TraceFinder {
 public:
  static constexpr int kTurnsMax = 16;

  // A pipeline that samples.
  struct Pipeline {
    uint32_t index = 0;  // into Config::pipelines
    std::string id;
    std::vector<const config::PolicyConfig*> policies;  // in the order of the engine
  };
  struct Found {
    JournalKey key;
    const Pipeline* pipeline = nullptr;
    JournalRecord record;
    TraceSummary summary;
    bool has_spans = false;
  };
  struct Page {
    std::vector<Found> traces;       // newest first; after a cursor: oldest first
    std::optional<JournalKey> next;  // for `before`
    JournalKey newest;               // for `after`
    uint64_t searched = 0;           // records that were looked at
    bool truncated = false;          // the search was given up before its end or its limit
  };
  struct Answer {
    const Pipeline* pipeline = nullptr;
    TraceLook look;
  };

  // All outlive it; the shards run.
  TraceFinder(const config::Config& config, std::vector<Shard*> shards, const Clock& clock);

  Page Find(const TraceQuery& query) const;
  // One answer for each pipeline that samples.
  std::vector<Answer> Look(const TraceId& id) const;

  const std::vector<Pipeline>& pipelines() const { return pipelines_; }
  int64_t UnixMs(int64_t steady_ns) const;

 private:
  class Search;

  std::vector<Pipeline> pipelines_;
  std::vector<Shard*> shards_;
  const Clock& clock_;
};

}  // namespace tailrace
