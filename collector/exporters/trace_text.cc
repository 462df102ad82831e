#include "collector/exporters/trace_text.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "collector/exporters/request_view.h"
#include "collector/exporters/value_text.h"
#include "proto/any_value.h"

namespace tailrace {
namespace {

constexpr size_t kSpansShown = 200;
constexpr size_t kLevelsIndented = 20;
constexpr size_t kAttributesShown = 5;
constexpr size_t kNameBytes = 80;
constexpr size_t kValueBytes = 48;
constexpr int32_t kError = 2;

struct Node {
  const SpanView* span;
  std::string_view service;
};

// The spans of one trace in the order of arrival.
using Trace = std::vector<Node>;

void AppendService(std::string_view service, std::string* out) {
  AppendShortened(service.empty() ? "unknown_service" : service, kNameBytes, out);
}

// Which spans stand under which; those whose parent is not here, or that are their own ancestors, start a tree.
struct Tree {
  std::vector<size_t> roots;
  std::vector<std::vector<size_t>> children;
};

Tree BuildTree(const Trace& trace) {
  Tree tree;
  tree.children.resize(trace.size());
  std::unordered_map<std::string_view, size_t> by_id;
  for (size_t i = 0; i < trace.size(); ++i) by_id.emplace(trace[i].span->span_id, i);
  for (size_t i = 0; i < trace.size(); ++i) {
    const auto parent = by_id.find(trace[i].span->parent_id);
    if (trace[i].span->parent_id.empty() || parent == by_id.end() || parent->second == i) {
      tree.roots.push_back(i);
    } else {
      tree.children[parent->second].push_back(i);
    }
  }
  const auto earlier = [&](size_t a, size_t b) { return trace[a].span->start_ns < trace[b].span->start_ns; };
  std::stable_sort(tree.roots.begin(), tree.roots.end(), earlier);
  for (auto& siblings : tree.children) std::stable_sort(siblings.begin(), siblings.end(), earlier);
  return tree;
}

void AppendAttributes(const std::vector<std::string_view>& attributes, std::string* out) {
  for (size_t i = 0; i < std::min(attributes.size(), kAttributesShown); ++i) {
    const KeyValue pair = ReadKeyValue(attributes[i]);
    absl::StrAppend(out, i == 0 ? "  " : " ");
    AppendShortened(pair.key, kValueBytes, out);
    out->push_back('=');
    std::string value;
    AppendValueText(pair.value, &value);
    AppendShortened(value, kValueBytes, out);
  }
  if (attributes.size() > kAttributesShown) absl::StrAppend(out, " +", attributes.size() - kAttributesShown);
}

void AppendSpan(const Node& node, size_t level, std::string* out) {
  const SpanView& span = *node.span;
  out->push_back('\n');
  out->append(2 * (1 + std::min(level, kLevelsIndented)), ' ');
  AppendShortened(span.name, kNameBytes, out);
  if (span.kind > 1) absl::StrAppend(out, "  ", absl::AsciiStrToLower(SpanKindName(span.kind)));
  absl::StrAppend(out, "  ", DurationText(span.duration_ns()));
  if (span.status_code == kError) {
    out->append("  ERROR");
    if (!span.status_message.empty()) {
      out->append(" '");
      AppendShortened(span.status_message, kNameBytes, out);
      out->push_back('\'');
    }
  }
  out->append("  [");
  AppendService(node.service, out);
  out->push_back(']');
  AppendAttributes(span.attributes, out);
}

// Depth first with a stack of its own: a chain of spans may be as long as a trace.
void AppendSpans(const Trace& trace, const Tree& tree, std::string* out) {
  std::vector<bool> shown(trace.size());
  std::vector<std::pair<size_t, size_t>> stack;  // span, level
  size_t count = 0;
  const auto walk = [&](size_t root) {
    stack.emplace_back(root, 0);
    while (!stack.empty() && count < kSpansShown) {
      const auto [at, level] = stack.back();
      stack.pop_back();
      if (shown[at]) continue;
      shown[at] = true;
      ++count;
      AppendSpan(trace[at], level, out);
      const auto& children = tree.children[at];
      for (auto child = children.rbegin(); child != children.rend(); ++child) stack.emplace_back(*child, level + 1);
    }
    stack.clear();
  };
  for (const size_t root : tree.roots) walk(root);
  for (size_t i = 0; i < trace.size(); ++i) {  // parents in a circle
    if (!shown[i]) walk(i);
  }
  if (count < trace.size()) absl::StrAppend(out, "\n  ... and ", trace.size() - count, " more spans");
}

std::string TraceText(std::string_view trace_id, const Trace& trace) {
  const Tree tree = BuildTree(trace);
  uint64_t start = UINT64_MAX;
  uint64_t end = 0;
  bool error = false;
  for (const Node& node : trace) {
    start = std::min(start, node.span->start_ns);
    end = std::max(end, node.span->end_ns);
    error |= node.span->status_code == kError;
  }
  const Node& root = trace[tree.roots.empty() ? 0 : tree.roots.front()];
  std::string out;
  AppendService(root.service, &out);
  out.append("  ");
  AppendShortened(root.span->name, kNameBytes, &out);
  if (!root.span->parent_id.empty()) out.append(" (root not seen)");
  absl::StrAppend(&out, "  ", DurationText(end > start ? end - start : 0), "  ", trace.size(),
                  trace.size() == 1 ? " span" : " spans", error ? "  ERROR" : "", "  trace ", IdText(trace_id));
  AppendSpans(trace, tree, &out);
  return out;
}

}  // namespace

std::vector<std::string> TraceTexts(std::string_view export_trace_service_request) {
  const RequestView request = ReadRequest(export_trace_service_request);
  std::vector<std::pair<std::string_view, Trace>> traces;  // in the order of arrival
  std::unordered_map<std::string_view, size_t> index;
  for (const ResourceView& resource : request.resources) {
    const std::string_view service = FindString(resource.attributes, "service.name");
    for (const ScopeView& scope : resource.scopes) {
      for (const SpanView& span : scope.spans) {
        const auto [at, is_new] = index.emplace(span.trace_id, traces.size());
        if (is_new) traces.emplace_back(span.trace_id, Trace());
        traces[at->second].second.push_back({&span, service});
      }
    }
  }
  std::vector<std::string> texts;
  texts.reserve(traces.size());
  for (const auto& [trace_id, trace] : traces) texts.push_back(TraceText(trace_id, trace));
  return texts;
}

}  // namespace tailrace
