// Traffic: made-up requests, each as bytes and as what they mean, so that the reference never has to read bytes.
//
// What it makes lives as long as it does: everything else in a simulation points into it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/trace_id.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/plan.h"

namespace tailrace::simulation {

struct MadeSpan {
  uint32_t trace = 0;  // number of the trace, see Traffic
  uint32_t number = 0;
  std::string bytes;  // the Span message
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
  int status = -1;  // -1: no Status at all
  bool has_parent = false;
  int tenant = -1;      // -1: none
  bool bad_id = false;  // to be rejected
};

// The fields of a ResourceSpans and of one of its ScopeSpans beside what they hold.
struct MadeHeader {
  uint32_t number = 0;
  std::string service;
  std::string resource;        // with tags, as they come in and go out
  std::string scope;           // the same
  std::string scope_message;   // the InstrumentationScope alone
  std::string scope_rest;      // `scope` without it
  uint64_t resource_size = 0;  // of the Resource message
};

// Neighbouring spans of one trace under one header.
struct MadeRun {
  const MadeHeader* header = nullptr;
  uint32_t resource = 0;  // which ResourceSpans of the request
  uint32_t scope = 0;     // which ScopeSpans of the request
  uint32_t trace = 0;
  TraceId id;
  uint64_t hash = 0;
  uint64_t bytes = 0;  // with each span's tag and length
  std::vector<const MadeSpan*> spans;
};

struct MadeRequest {
  std::string bytes;
  std::vector<MadeRun> runs;
  uint32_t spans = 0;     // in runs
  uint32_t rejected = 0;  // with a bad id
  bool malformed = false;
};

class Traffic {
 public:
  Traffic(const PlannedTraffic& plan, TraceIdHasher hasher) : plan_(plan), hasher_(hasher) {}

  // Some spans of some traces, new, waiting or long decided.
  const MadeRequest& Any(Chance* chance);
  // Many spans of one trace; many traces of one span.
  const MadeRequest& Giant(Chance* chance);
  const MadeRequest& Flood(Chance* chance);
  const MadeRequest& Malformed(Chance* chance);

  // -1: no such trace was made.
  int64_t NumberOf(const TraceId& id) const;

 private:
  struct MadeTrace {
    TraceId id;
    uint64_t hash = 0;
    std::vector<const MadeSpan*> spans;
  };
  struct Scope {
    const MadeHeader* header;
    std::vector<const MadeSpan*> spans;
  };

  uint32_t NewTrace(Chance* chance);
  uint32_t ChooseTrace(Chance* chance);
  const MadeSpan* ChooseSpan(Chance* chance, uint32_t trace);
  const MadeSpan* MakeSpan(Chance* chance, uint32_t trace);
  const MadeHeader* ChooseHeader(Chance* chance, uint32_t service);
  const MadeRequest& Make(const std::vector<std::vector<Scope>>& resources);
  void AddRuns(const Scope& scope, uint32_t resource, uint32_t scope_number, MadeRequest* request) const;

  const PlannedTraffic plan_;
  const TraceIdHasher hasher_;
  std::vector<MadeTrace> traces_;
  std::unordered_map<uint64_t, uint32_t> number_of_;  // by the id's first half, which is unique here, and its second
  std::deque<MadeSpan> spans_;
  std::deque<MadeRequest> requests_;
  std::map<uint32_t, MadeHeader> headers_;  // by service and variant
  uint32_t services_made_ = 0;
};

// Bytes of a length-delimited field with a tag of one byte.
inline uint64_t FieldSize(uint64_t bytes) {
  uint64_t size = 2 + bytes;
  for (uint64_t rest = bytes; rest >= 0x80; rest >>= 7) ++size;
  return size;
}

}  // namespace tailrace::simulation
