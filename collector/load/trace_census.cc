#include "collector/load/trace_census.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "proto/wire_reader.h"

namespace tailrace {
namespace {

// The span_id of a Span message; 0 where there is none of eight bytes.
uint64_t SpanIdOf(std::string_view span) {
  WireReader reader(span);
  while (reader.Next()) {
    if (reader.tag() != WireTag(2, kLengthDelimited)) {
      reader.Skip();
      continue;
    }
    const std::string_view id = reader.Bytes();
    uint64_t value = 0;
    if (id.size() == sizeof(value)) std::memcpy(&value, id.data(), sizeof(value));
    return value;
  }
  return 0;
}

}  // namespace

void TraceCensus::AddRun(const TraceId& id, std::string_view run_bytes, uint32_t span_count) {
  spans_ += span_count;
  auto found = traces_.find(id);
  if (found == traces_.end()) {
    const std::optional<TraceLabel> label = DecodeTraceId(id);
    if (!label || label->spans == 0) {
      foreign_spans_ += span_count;
      return;
    }
    if (traces_.size() >= traces_max_) {
      untracked_spans_ += span_count;
      return;
    }
    found = traces_.emplace(id, Seen{.expected = label->spans, .trace_class = label->trace_class}).first;
  }
  Seen& seen = found->second;
  WireReader reader(run_bytes);
  while (reader.Next()) {
    const uint32_t index = DecodeSpanIndex(SpanIdOf(reader.Bytes()));
    if (index >= kSpansTold) {
      ++seen.later_spans;
      continue;
    }
    const uint64_t bit = uint64_t{1} << index;
    if ((seen.first_spans & bit) != 0) ++seen.doubled;
    seen.first_spans |= bit;
  }
}

CensusReport TraceCensus::Report() const {
  CensusReport report{.spans = spans_, .foreign_spans = foreign_spans_, .untracked_spans = untracked_spans_};
  for (const auto& [id, seen] : traces_) {
    CensusReport::Class& sum = report.classes[static_cast<size_t>(seen.trace_class)];
    const uint32_t later = seen.expected - std::min<uint32_t>(seen.expected, kSpansTold);
    const uint32_t doubled = seen.doubled + (seen.later_spans > later ? seen.later_spans - later : 0);
    const uint32_t distinct =
        static_cast<uint32_t>(std::popcount(seen.first_spans)) + std::min(seen.later_spans, later);
    sum.doubled_spans += doubled;
    if (distinct < seen.expected) {
      ++sum.broken;
      sum.missing_spans += seen.expected - distinct;
    } else {
      ++(doubled > 0 ? sum.doubled : sum.whole);
    }
  }
  return report;
}

}  // namespace tailrace
