// TraceCensus: what arrived at the sink, trace by trace. A trace that our load generator made says in its id how many
// spans it has and in its span ids which of them each one is, so that missing and doubled spans are told apart (in
// traces of more than 64 spans a missing one and a doubled one among the later ones cancel out).
//
// Single-writer: every call on the sink's thread. Memory is bounded by `traces_max`: spans of further traces are
// counted as untracked, and the report says so.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "base/hash.h"
#include "base/trace_id.h"
#include "collector/load/trace_label.h"

namespace tailrace {

struct CensusReport {
  struct Class {
    uint64_t whole = 0;    // every span once
    uint64_t broken = 0;   // spans are missing
    uint64_t doubled = 0;  // none is missing, some came more than once
    uint64_t missing_spans = 0;
    uint64_t doubled_spans = 0;
  };
  std::array<Class, kTraceClasses> classes;
  uint64_t spans = 0;
  uint64_t foreign_spans = 0;    // of traces that no generator of ours made
  uint64_t untracked_spans = 0;  // beyond traces_max
};

class TraceCensus {
 public:
  explicit TraceCensus(uint64_t traces_max) : traces_max_(traces_max) {}

  // Neighbouring spans of one trace, as SpanRun::bytes.
  void AddRun(const TraceId& id, std::string_view run_bytes, uint32_t span_count);

  // Walks over all traces.
  CensusReport Report() const;
  uint64_t spans() const { return spans_; }
  uint64_t traces() const { return traces_.size(); }

 private:
  static constexpr uint32_t kSpansTold = 64;
  struct Seen {
    uint64_t first_spans = 0;  // a bit for each span below kSpansTold
    uint32_t later_spans = 0;  // the others are only counted
    uint32_t doubled = 0;      // of those below kSpansTold
    uint16_t expected = 0;
    TraceClass trace_class = TraceClass::kNormal;
  };

  const uint64_t traces_max_;
  absl::flat_hash_map<TraceId, Seen, TraceIdHasher> traces_;
  uint64_t spans_ = 0, foreign_spans_ = 0, untracked_spans_ = 0;
};

}  // namespace tailrace
