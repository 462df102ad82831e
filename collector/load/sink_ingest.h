// SinkIngest: what stands behind the sink's connections: scans each request and hands its spans to the census.
//
// Single-writer: the sink's thread.
#pragma once

#include <cstdint>

#include "collector/load/trace_census.h"
#include "collector/shard/ingest.h"
#include "proto/request_scanner.h"

namespace tailrace {

class SinkIngest final : public Ingest {
 public:
  // `delay_ms` before each answer: the thread sleeps, as a slow backend would. Of the requests `fail_share` are
  // refused, evenly spread.
  SinkIngest(uint64_t traces_max, double delay_ms, double fail_share)
      : delay_ms_(delay_ms), fail_share_(fail_share), census_(traces_max) {}

  IngestResult Take(const BufferRef& request, uint32_t receiver, Transport transport, uint8_t hops) override;
  BufferPool& buffers() override { return buffers_; }
  void CountRefused(uint32_t, Transport) override { ++requests_refused_; }
  void CountFailed(uint32_t, Transport) override { ++requests_failed_; }
  ConnectionStats& connections() override { return connections_; }

  const TraceCensus& census() const { return census_; }
  const ConnectionStats& connection_stats() const { return connections_; }
  uint64_t requests() const { return requests_; }
  uint64_t requests_refused() const { return requests_refused_; }
  uint64_t requests_failed() const { return requests_failed_; }
  uint64_t rejected_spans() const { return rejected_spans_; }
  uint64_t body_bytes() const { return body_bytes_; }

 private:
  const double delay_ms_;
  const double fail_share_;
  BufferPool buffers_{size_t{1} << 30};
  TraceCensus census_;
  ScannedRequest scanned_;
  ConnectionStats connections_;
  double failures_due_ = 0;
  uint64_t requests_ = 0, requests_refused_ = 0, requests_failed_ = 0, rejected_spans_ = 0, body_bytes_ = 0;
};

}  // namespace tailrace
