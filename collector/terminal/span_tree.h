// SpanTree: which spans of a trace stand under which. Every span is in it once, whatever the ids say: one whose parent
// is not here, or is itself, starts a tree; where parents go in a circle, one of them does. Of spans with the
// same id the first is their children's parent.
//
// A value, made once, from bytes of strangers: linear in the number of spans but for the sorting, and without
// recursion.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tailrace {

struct SpanPlace {
  std::string_view id;
  std::string_view parent_id;  // empty: none
  uint64_t start_ns = 0;
};

struct SpanTree {
  struct Row {
    uint32_t span;   // its place in what the tree was built from
    uint32_t level;  // 0: a root
  };

  std::vector<uint32_t> roots;                  // by start
  std::vector<std::vector<uint32_t>> children;  // of each span, by start
  std::vector<Row> rows;                        // every span, parents before their children: the order to show them in
};

SpanTree BuildSpanTree(const std::vector<SpanPlace>& spans);

}  // namespace tailrace
