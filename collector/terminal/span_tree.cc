#include "collector/terminal/span_tree.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace tailrace {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

std::vector<uint32_t> ParentsOf(const std::vector<SpanPlace>& spans) {
  std::unordered_map<std::string_view, uint32_t> by_id;
  for (uint32_t i = 0; i < spans.size(); ++i) by_id.emplace(spans[i].id, i);
  std::vector<uint32_t> parents(spans.size(), kNone);
  for (uint32_t i = 0; i < spans.size(); ++i) {
    if (spans[i].parent_id.empty()) continue;
    const auto parent = by_id.find(spans[i].parent_id);
    if (parent != by_id.end() && parent->second != i) parents[i] = parent->second;
  }
  return parents;
}

// Every span below `root`, as rows. A stack of its own: a chain of spans may be as long as a trace.
void AppendRows(uint32_t root, SpanTree* tree, std::vector<bool>* seen) {
  std::vector<SpanTree::Row> stack = {{root, 0}};
  while (!stack.empty()) {
    const SpanTree::Row row = stack.back();
    stack.pop_back();
    (*seen)[row.span] = true;
    tree->rows.push_back(row);
    const auto& children = tree->children[row.span];
    for (auto child = children.rbegin(); child != children.rend(); ++child) stack.push_back({*child, row.level + 1});
  }
}

}  // namespace

SpanTree BuildSpanTree(const std::vector<SpanPlace>& spans) {
  SpanTree tree;
  tree.children.resize(spans.size());
  tree.rows.reserve(spans.size());
  const std::vector<uint32_t> parents = ParentsOf(spans);
  std::vector<uint32_t> by_start(spans.size());
  std::iota(by_start.begin(), by_start.end(), 0);
  std::stable_sort(by_start.begin(), by_start.end(),
                   [&](uint32_t a, uint32_t b) { return spans[a].start_ns < spans[b].start_ns; });
  for (const uint32_t span : by_start) {
    (parents[span] == kNone ? tree.roots : tree.children[parents[span]]).push_back(span);
  }
  std::vector<bool> seen(spans.size());
  for (const uint32_t root : tree.roots) AppendRows(root, &tree, &seen);
  for (const uint32_t span : by_start) {
    if (seen[span]) continue;
    // Part of a circle, or below one. From here up there is a span that has itself among its ancestors: cut there.
    uint32_t cut = span;
    for (std::unordered_map<uint32_t, bool> passed; !passed[cut]; cut = parents[cut]) passed[cut] = true;
    std::erase(tree.children[parents[cut]], cut);
    tree.roots.push_back(cut);
    AppendRows(cut, &tree, &seen);
  }
  return tree;
}

}  // namespace tailrace
