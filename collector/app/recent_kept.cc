#include "collector/app/recent_kept.h"

#include <algorithm>
#include <utility>

#include "collector/shard/journal_scan.h"

namespace tailrace {
namespace {

constexpr int kTurns = 8;
constexpr int64_t kNsPerMs = 1'000'000;

// One ring's; its shard's thread is asked again and again.
void AddKept(Shard* shard, uint32_t pipeline, int64_t now_ns, std::vector<FoundTrace>* found) {
  JournalCursor cursor{.above = {.decided_ns = INT64_MIN}, .below = {.decided_ns = now_ns}};
  for (int turn = 0; turn < kTurns && !cursor.ended; ++turn) {
    shard->Run([&] {
      const Journal* journal = shard->pipeline(pipeline).sampler()->journal();
      cursor.ended = journal == nullptr;
      ScanBudget budget;
      if (journal != nullptr) ScanJournal(journal->ring(JournalSide::kKept), {}, &cursor, &budget, found);
    });
  }
}

}  // namespace

std::vector<KeptTrace> RecentKept(const config::Config& config, std::span<const std::unique_ptr<Shard>> shards,
                                  const Clock& clock) {
  std::vector<FoundTrace> found;
  const int64_t now_ns = clock.MonotonicNs();
  for (const auto& shard : shards) {
    for (uint32_t i = 0; i < config.pipelines.size(); ++i) {
      if (config.pipelines[i].tail_sampling >= 0) AddKept(shard.get(), i, now_ns, &found);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const FoundTrace& a, const FoundTrace& b) {
    return a.key.decided_ns > b.key.decided_ns;
  });
  const int64_t unix_offset_ns = clock.WallNs() - now_ns;
  std::vector<KeptTrace> kept;
  for (FoundTrace& trace : found) {
    if (trace.spans.empty()) continue;
    kept.push_back({std::move(trace.spans), (trace.key.decided_ns + unix_offset_ns) / kNsPerMs});
  }
  return kept;
}

}  // namespace tailrace
