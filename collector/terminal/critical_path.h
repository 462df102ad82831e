// The critical path of a trace: at each moment of the root span, the one span that everything waited for. Found from
// the end: a span waited for the child that ended last, before that for the one that had ended last when that child
// began, and so on; what lies between them is the span's own time.
//
// Children are counted only as far as they lie within their parents: what goes on after the parent has ended (a
// message that somebody picked up later) held nobody up.
#pragma once

#include <cstdint>
#include <vector>

#include "collector/terminal/span_tree.h"

namespace tailrace {

struct SpanTimes {
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;  // not before the start
};

// For each span the nanoseconds of `root` that it, and none of its children, was waited for. They add up to the
// duration of the root.
std::vector<uint64_t> CriticalTimes(const SpanTree& tree, const std::vector<SpanTimes>& times, uint32_t root);

}  // namespace tailrace
