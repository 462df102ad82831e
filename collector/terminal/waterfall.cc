#include "collector/terminal/waterfall.h"

#include <algorithm>

#include "collector/terminal/critical_path.h"
#include "collector/terminal/span_tree.h"

namespace tailrace {
namespace {

constexpr int32_t kServer = 2;
constexpr int32_t kClient = 3;

uint64_t DurationOf(const SpanTimes& times) { return times.end_ns - times.start_ns; }

// How far the span must be moved to lie in the middle of the one that called it; 0 where it lies within, or need not.
int64_t Skew(const WaterfallSpan& parent, const SpanTimes& caller, const WaterfallSpan& child,
             const SpanTimes& callee) {
  if (parent.kind != kClient || child.kind != kServer || DurationOf(callee) > DurationOf(caller)) return 0;
  if (callee.start_ns >= caller.start_ns && callee.end_ns <= caller.end_ns) return 0;
  const uint64_t middle = caller.start_ns + (DurationOf(caller) - DurationOf(callee)) / 2;
  return static_cast<int64_t>(middle - callee.start_ns);
}

// Whatever strangers write into their times, none passes zero or the end of numbers.
SpanTimes Shifted(const SpanTimes& times, int64_t by) {
  const uint64_t distance = by < 0 ? -static_cast<uint64_t>(by) : static_cast<uint64_t>(by);
  if (by < 0 && times.start_ns < distance) return {0, DurationOf(times)};
  if (by >= 0 && times.end_ns > UINT64_MAX - distance) return times;
  return {times.start_ns + static_cast<uint64_t>(by), times.end_ns + static_cast<uint64_t>(by)};
}

// The spans' times with the skew of clocks taken out; parents stand before their children in `tree.rows`.
std::vector<SpanTimes> AlignedTimes(const std::vector<WaterfallSpan>& spans, const SpanTree& tree, uint32_t* moved) {
  std::vector<int64_t> shifts(spans.size());
  std::vector<SpanTimes> times(spans.size());
  for (size_t i = 0; i < spans.size(); ++i) {
    times[i] = {spans[i].start_ns, std::max(spans[i].start_ns, spans[i].end_ns)};
  }
  const auto shift = [&](uint32_t span, int64_t by) {
    times[span] = Shifted(times[span], by);
    shifts[span] = static_cast<int64_t>(static_cast<uint64_t>(shifts[span]) + static_cast<uint64_t>(by));
  };
  for (const SpanTree::Row& row : tree.rows) {
    for (const uint32_t child : tree.children[row.span]) {
      shift(child, shifts[row.span]);
      const int64_t skew = Skew(spans[row.span], times[row.span], spans[child], times[child]);
      if (skew != 0) shift(child, skew);
      *moved += skew != 0 ? 1 : 0;
    }
  }
  return times;
}

uint32_t LongestRoot(const SpanTree& tree, const std::vector<SpanTimes>& times) {
  return *std::max_element(tree.roots.begin(), tree.roots.end(),
                           [&](uint32_t a, uint32_t b) { return DurationOf(times[a]) < DurationOf(times[b]); });
}

std::optional<uint32_t> CauseOf(const std::vector<WaterfallSpan>& spans, const SpanTree& tree,
                                const std::vector<SpanTimes>& times) {
  std::vector<bool> failed_below(spans.size());
  std::optional<uint32_t> cause;
  for (auto row = tree.rows.rbegin(); row != tree.rows.rend(); ++row) {  // children before their parents
    const auto& children = tree.children[row->span];
    failed_below[row->span] = std::any_of(children.begin(), children.end(),
                                          [&](uint32_t child) { return spans[child].error || failed_below[child]; });
    if (!spans[row->span].error || failed_below[row->span]) continue;
    if (!cause.has_value() || times[row->span].start_ns <= times[*cause].start_ns) cause = row->span;
  }
  return cause;
}

}  // namespace

Waterfall LayOut(const std::vector<WaterfallSpan>& spans) {
  Waterfall waterfall;
  if (spans.empty()) return waterfall;
  std::vector<SpanPlace> places;
  places.reserve(spans.size());
  for (const WaterfallSpan& span : spans) places.push_back({span.id, span.parent_id, span.start_ns});
  const SpanTree tree = BuildSpanTree(places);
  const std::vector<SpanTimes> times = AlignedTimes(spans, tree, &waterfall.moved);
  waterfall.root = LongestRoot(tree, times);
  waterfall.root_seen = spans[waterfall.root].parent_id.empty();
  waterfall.root_duration_ns = DurationOf(times[waterfall.root]);
  waterfall.cause = CauseOf(spans, tree, times);
  const std::vector<uint64_t> critical = CriticalTimes(tree, times, waterfall.root);
  uint64_t start = UINT64_MAX;
  uint64_t end = 0;
  for (const SpanTimes& span : times) {
    start = std::min(start, span.start_ns);
    end = std::max(end, span.end_ns);
  }
  waterfall.duration_ns = end - start;
  for (const SpanTree::Row& row : tree.rows) {
    waterfall.rows.push_back(
        {row.span, row.level, times[row.span].start_ns - start, DurationOf(times[row.span]), critical[row.span]});
    if (critical[row.span] > waterfall.bottleneck_ns) {
      waterfall.bottleneck = row.span;
      waterfall.bottleneck_ns = critical[row.span];
    }
  }
  return waterfall;
}

}  // namespace tailrace
