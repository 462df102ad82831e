// KeptBatch: the open batch of one shard and pipeline: whole kept traces, re-framed from the bytes they came in, on
// their way to the exporters. One ResourceSpans for each header of a trace; nothing is decoded.
//
// Single-writer. A batch is handed on when the next trace would pass bytes_max or spans_max, or by Flush() (the
// caller's timer). A trace larger than bytes_max goes out in several batches, split between spans.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/exporters/exporter.h"
#include "collector/shard/span_storage.h"
#include "proto/scanned_runs.h"
#include "proto/scope_stamp.h"

namespace tailrace {

class KeptBatch {
 public:
  struct Limits {
    uint64_t bytes_max;
    uint64_t spans_max;  // a batch is handed on once it holds so many
  };
  using Hand = std::function<void(const ExportBatch&)>;

  KeptBatch(Limits limits, Hand hand) : limits_(limits), hand_(std::move(hand)) {}

  using Stamps = std::span<const ScopeStamp>;

  // All spans of a trace, out of its chain; the chain stays as it is. Every scope gets the stamps. What was written, an
  // ExportTraceServiceRequest of its own, until the batch is touched again; nothing where it had to be split.
  std::string_view AddTrace(const SpanStorage& storage, const SpanChain& chain, uint32_t span_count,
                            Stamps stamps = {});
  // Spans that are on no chain: late ones. `spans` as in SpanRun::bytes.
  void AddRun(std::string_view resource, std::string_view scope, std::string_view spans, uint32_t span_count,
              Stamps stamps = {});

  // The runs `chosen` of a request, indices in rising order, with what is around them, written once for each resource
  // and scope.
  void AddRuns(const ScannedRuns& from, std::span<const uint32_t> chosen);

  void Flush();
  bool empty() const { return payload_.empty(); }
  uint32_t span_count() const { return spans_; }

 private:
  struct Segment {
    uint32_t header;
    uint32_t size;
    uint32_t order;  // in which it came
    SpanChainReader::Position position;
  };
  // Adds the segments of one trace that stand under one header.
  void AddGroup(SpanChainReader* reader, const Segment* begin, const Segment* end, const HeaderStore::Header& header,
                Stamps stamps);
  std::string_view Stamped(std::string_view scope, Stamps stamps);
  void MakeRoom(uint64_t bytes);
  void AddSplit(std::string_view resource, std::string_view scope, std::string_view spans);

  Limits limits_;
  Hand hand_;
  std::string payload_;
  uint32_t spans_ = 0;
  uint32_t traces_ = 0;
  bool split_ = false;             // the trace at hand is larger than a batch
  std::vector<Segment> segments_;  // scratch
  std::string joined_;             // scratch: a segment's spans in one piece
  std::string stamped_;            // scratch: a scope with its stamps
};

}  // namespace tailrace
