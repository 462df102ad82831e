#include "collector/terminal/critical_path.h"

#include <algorithm>

namespace tailrace {
namespace {

struct Piece {
  uint32_t span;
  SpanTimes within;  // the part of the span that was waited for
};

SpanTimes Overlap(const SpanTimes& a, const SpanTimes& b) {
  const uint64_t start = std::max(a.start_ns, b.start_ns);
  return {start, std::max(start, std::min(a.end_ns, b.end_ns))};
}

}  // namespace

std::vector<uint64_t> CriticalTimes(const SpanTree& tree, const std::vector<SpanTimes>& times, uint32_t root) {
  std::vector<uint64_t> own(times.size());
  std::vector<Piece> to_do = {{root, times[root]}};
  std::vector<Piece> children;
  while (!to_do.empty()) {
    const Piece piece = to_do.back();
    to_do.pop_back();
    children.clear();
    for (const uint32_t child : tree.children[piece.span]) {
      const SpanTimes within = Overlap(times[child], piece.within);
      if (within.end_ns > within.start_ns) children.push_back({child, within});
    }
    std::stable_sort(children.begin(), children.end(),
                     [](const Piece& a, const Piece& b) { return a.within.end_ns > b.within.end_ns; });
    uint64_t until = piece.within.end_ns;
    for (const Piece& child : children) {
      if (child.within.end_ns > until) continue;  // ran beside one that ended later
      own[piece.span] += until - child.within.end_ns;
      until = child.within.start_ns;
      to_do.push_back(child);
    }
    own[piece.span] += until - piece.within.start_ns;
  }
  return own;
}

}  // namespace tailrace
