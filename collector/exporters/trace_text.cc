#include "collector/exporters/trace_text.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "collector/exporters/request_view.h"
#include "collector/exporters/value_text.h"
#include "collector/terminal/numbers_text.h"
#include "collector/terminal/span_tree.h"
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

SpanTree TreeOf(const Trace& trace) {
  std::vector<SpanPlace> places;
  places.reserve(trace.size());
  for (const Node& node : trace) places.push_back({node.span->span_id, node.span->parent_id, node.span->start_ns});
  return BuildSpanTree(places);
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

void AppendSpans(const Trace& trace, const SpanTree& tree, std::string* out) {
  const size_t shown = std::min(kSpansShown, tree.rows.size());
  for (size_t i = 0; i < shown; ++i) AppendSpan(trace[tree.rows[i].span], tree.rows[i].level, out);
  if (shown < trace.size()) absl::StrAppend(out, "\n  ... and ", trace.size() - shown, " more spans");
}

std::string TraceText(std::string_view trace_id, const Trace& trace) {
  const SpanTree tree = TreeOf(trace);
  uint64_t start = UINT64_MAX;
  uint64_t end = 0;
  bool error = false;
  for (const Node& node : trace) {
    start = std::min(start, node.span->start_ns);
    end = std::max(end, node.span->end_ns);
    error |= node.span->status_code == kError;
  }
  const Node& root = trace[tree.roots.front()];
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
