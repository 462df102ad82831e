// Ingest: what a connection may ask of the shard it lives on. The receivers know this interface and nothing else of
// the shards; tests put a recording one in its place.
//
// Thread: the shard's own, always.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/buffer.h"
#include "collector/telemetry/snapshot.h"

namespace tailrace {

enum class IngestCode : uint8_t {
  kOk,          // taken; rejected_spans of them were refused one by one (bad trace or span id)
  kMalformed,   // not an ExportTraceServiceRequest; nothing taken, a retry cannot help
  kTooLarge,    // more pieces of traces than one request may hold; nothing taken, a retry cannot help
  kOverloaded,  // no room; nothing taken, the client should retry after retry_after_ms
  kLoop,        // routed more often than hops_max; nothing taken, a retry cannot help
};

struct IngestResult {
  IngestCode code = IngestCode::kOk;
  uint32_t accepted_spans = 0;
  uint32_t rejected_spans = 0;
  uint32_t retry_after_ms = 0;
  // Why, in words; a literal. Empty where all went well.
  std::string_view message;
};

class Ingest {
 public:
  virtual ~Ingest() = default;

  // Takes one ExportTraceServiceRequest, protobuf, inflated, whole or not at all. When this returns, every accepted
  // span has its place and may be acknowledged. `receiver` is the index of the receiver in the configuration. Counts
  // the request and its spans in ReceiverStats (requests_ok, requests_refused, requests_failed). `hops`: how often the
  // spans have been routed by exporters that do so; what a client says of itself, so it is trusted with nothing but
  // loops.
  virtual IngestResult Take(const BufferRef& request, uint32_t receiver, Transport transport, uint8_t hops) = 0;

  // Where bodies are read into. Allocate() says 'overloaded' by an empty reference.
  virtual BufferPool& buffers() = 0;

  // A request that ended before Take(): too large, wrong type, cannot be inflated, refused for want of a buffer.
  virtual void CountRefused(uint32_t receiver, Transport transport) = 0;
  virtual void CountFailed(uint32_t receiver, Transport transport) = 0;

  virtual ConnectionStats& connections() = 0;
};

}  // namespace tailrace
