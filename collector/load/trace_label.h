// TraceLabel: what the load generator writes into a trace id, and what the sink reads out of it again. So the sink
// knows of every trace that it sees to which class it belongs and how many spans it should have, without ever talking
// to the generator; and any sink understands any generator.
//
// The label's 128 bits go through a fixed reversible mixing (a Feistel network), so that ids are spread as evenly as
// random ones: probabilistic policies, shards and hash tables see nothing unusual.
//
// SpanLabel does the same for span ids: the sink sees which spans of a trace are missing and which came twice.
//
// Pure functions; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/trace_id.h"

namespace tailrace {

enum class TraceClass : uint8_t { kNormal, kError, kSlow };
inline constexpr size_t kTraceClasses = 3;
inline constexpr std::array<const char*, kTraceClasses> kTraceClassNames = {"normal", "error", "slow"};

struct TraceLabel {
  uint64_t number = 0;  // of the trace in its generator's thread; below 2^48
  uint32_t seed = 0;    // of the generator: two runs with different seeds share no id
  uint8_t thread = 0;   // of the generator; below 64
  TraceClass trace_class = TraceClass::kNormal;
  uint16_t spans = 0;  // how many the whole trace has

  friend bool operator==(const TraceLabel&, const TraceLabel&) = default;
};
inline constexpr uint32_t kLoadThreadsMax = 64;

TraceId EncodeTraceId(const TraceLabel& label);
// Empty where the id was not made by EncodeTraceId (one in sixteen million foreign ids is mistaken for one).
std::optional<TraceLabel> DecodeTraceId(const TraceId& id);

// The id of span `index` of a trace; `salt` is anything above 0 and below 2^48 and makes ids of different traces
// differ. Never 0.
uint64_t EncodeSpanId(uint16_t index, uint64_t salt);
uint16_t DecodeSpanIndex(uint64_t span_id);

}  // namespace tailrace
