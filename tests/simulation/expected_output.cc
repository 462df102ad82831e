#include "tests/simulation/expected_output.h"

#include <algorithm>
#include <set>

#include "tests/support/otlp_builder.h"

namespace tailrace::simulation {
namespace {

using testing::BoolValue;
using testing::KeyValue;
using testing::StringValue;
using testing::WireBuilder;

// What a frame and its stamps add at most, for each header.
constexpr uint64_t kFrameBytes = 24;
constexpr uint64_t kStampBytes = 200;

std::string StampedScope(const MadeHeader& header, const ExpectedOutput::Stamps& stamps) {
  if (stamps.policy.empty() && !stamps.cached) return header.scope;
  WireBuilder added;
  if (!stamps.policy.empty()) added.Bytes(3, KeyValue("tailsampling.policy", StringValue(stamps.policy)));
  if (stamps.cached) added.Bytes(3, KeyValue("tailsampling.cached_decision", BoolValue(true)));
  return header.scope_rest + WireBuilder().Bytes(1, header.scope_message + added.Bytes()).Bytes();
}

}  // namespace

void ExpectedOutput::Keep(uint32_t trace, const std::vector<HeldSpan>& spans, const Stamps& stamps, int64_t now_ns,
                          bool decided) {
  uint64_t bytes = 0;
  std::set<const MadeHeader*> headers;
  std::vector<Open>& open = open_[trace];
  for (const HeldSpan& held : spans) {
    bytes += FieldSize(held.span->bytes.size());
    if (headers.insert(held.header).second) {
      bytes += held.header->resource.size() + held.header->scope.size() + kFrameBytes;
      if (!stamps.policy.empty() || stamps.cached) bytes += kStampBytes;
    }
    open.push_back({held.span, held.header, StampedScope(*held.header, stamps), next_group_});
  }
  groups_.push_back({next_group_++, trace, now_ns, spans.size(), bytes <= limits_.bytes_max, decided});
  open_spans_ += spans.size();
}

uint64_t ExpectedOutput::Match(const SentSpan& sent, const SentHeader& header) {
  const int64_t trace = traffic_.NumberOf(sent.trace);
  if (trace < 0) {
    story_->Fail("a span of a trace that nobody sent was kept");
    return 0;
  }
  const auto open = open_.find(static_cast<uint32_t>(trace));
  if (open == open_.end()) {
    story_->Fail("a span of trace " + std::to_string(trace) + " was kept that should not, or twice", trace);
    return 0;
  }
  // Spans under one header keep the order in which they came.
  const auto at = std::find_if(open->second.begin(), open->second.end(), [&](const Open& expected) {
    return expected.scope == header.scope && expected.header->resource == header.resource;
  });
  if (at == open->second.end()) {
    story_->Fail("a span of trace " + std::to_string(trace) + " was kept under a header that is not its own", trace);
    return 0;
  }
  if (at->span->bytes != sent.bytes) {
    story_->Fail("trace " + std::to_string(trace) + ": span " + std::to_string(at->span->number) +
                     " should come now, and other bytes do",
                 trace);
    return 0;
  }
  const uint64_t group = at->group;
  open->second.erase(at);
  if (open->second.empty()) open_.erase(open);
  --open_spans_;
  --GroupOf(group).left;
  return group;
}

void ExpectedOutput::Check(const ExportBatch& batch) {
  if (!ReadPayload(*batch.payload, &sent_)) {
    story_->Fail("a batch was handed on that is no request");
    return;
  }
  if (sent_.spans.size() != batch.spans) story_->Fail("a batch says it has other than its spans");
  std::map<uint64_t, uint64_t> sent_of;  // spans by group
  uint64_t last_group = 0;
  for (const SentSpan& span : sent_.spans) {
    last_group = Match(span, sent_.headers[span.header]);
    if (last_group == 0) return;
    ++sent_of[last_group];
  }
  if (batch.payload->size() > limits_.bytes_max && sent_.spans.size() > 1) story_->Fail("a batch is over its bytes");
  CheckGroups(batch, &sent_of, last_group);
  while (!groups_.empty() && groups_.front().left == 0) groups_.pop_front();
}

void ExpectedOutput::CheckGroups(const ExportBatch& batch, std::map<uint64_t, uint64_t>* sent_of, uint64_t last_group) {
  uint64_t traces = 0;
  bool torn = false;
  for (const auto& [number, spans] : *sent_of) {
    const Group& group = GroupOf(number);
    torn |= !group.whole;
    if (group.decided) ++traces;
    if (group.whole && group.left != 0) {
      story_->Fail("trace " + std::to_string(group.trace) + " was torn though it fits a batch", group.trace);
    }
  }
  if (!torn && traces != batch.traces) story_->Fail("a batch says it has other than its traces");
  const uint64_t before_last = sent_.spans.size() - (*sent_of)[last_group];
  if (!torn && sent_of->size() > 1 && before_last >= limits_.spans_max) story_->Fail("a batch is over its spans");
}

}  // namespace tailrace::simulation
