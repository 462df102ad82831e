// What the request scanner reads of one span, and the same for whoever walks over stored spans later.
//
//   message Span { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; ...
//                  string name = 5; SpanKind kind = 6;
//                  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
//                  ... repeated Event events = 11; repeated Link links = 13; Status status = 15; fixed32 flags = 16; }
//   message Status { string message = 2; StatusCode code = 3; }
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/trace_id.h"
#include "proto/span_facts.h"

namespace tailrace {

enum class ScanError : uint8_t {
  kNone,
  kTruncated,       // a length or a field runs past the end of its message
  kBadTag,          // field number 0, a varint of more than ten bytes, or wire type 3, 4, 6, 7
  kBadWireType,     // a known field with a wire type that is not its own
  kTooDeep,         // attribute values nested deeper than the limit
  kTooLarge,        // more than 4 GiB
  kTooManyHeaders,  // resources repeated for so many scopes that what has to be looked at is much more than the message
  kTooManyRuns,     // more than the caller asked for
};
std::string_view ToString(ScanError error);
// A smaller request may well be taken; the others are broken.
inline bool IsTooLarge(ScanError error) {
  return error == ScanError::kTooManyHeaders || error == ScanError::kTooManyRuns;
}

struct ScannedSpan {
  const char* trace_id = nullptr;  // 16 bytes, where ids_valid
  bool ids_valid = false;          // trace id of 16 bytes, span id of 8, neither all zero
  uint8_t seen = 0;                // SeenBit
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
  std::string_view name;  // within the span, also where it is empty
  uint32_t kind = 0;      // as on the wire: enums are 32 bits wide there
  uint32_t status = 0;    // likewise
};

// `span` is one Span message without its tag and length.
[[nodiscard]] ScanError ScanSpan(std::string_view span, ScannedSpan* result);

// Folds the times of all spans of a run (`bytes` as in SpanRun) one by one in their order, for runs that are not
// ordinary.
void AddSpanTimes(std::string_view run_bytes, TimeSpan* time);

}  // namespace tailrace
