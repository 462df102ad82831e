// Sink: an OTLP server (gRPC and HTTP, both on every port) that counts whole, broken and doubled traces instead of
// keeping them. It is the daemon's own receiver with another Ingest behind it.
//
// Single-writer: one thread makes it and calls Run(); everything happens there. Stop() may be called from any thread,
// and report() when Run() has returned.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "collector/load/trace_census.h"

namespace tailrace {

struct SinkOptions {
  std::vector<std::string> listen = {"127.0.0.1:4317"};  // host:port, port 0 for any free one
  std::string report;                                    // host:port of GET /report; empty: none
  uint64_t traces_max = 10'000'000;
  double delay_ms = 0;    // before each answer: a slow backend
  double fail_share = 0;  // of the requests are refused as overload
  bool progress = false;  // a line each second on standard error
};

class Sink {
 public:
  explicit Sink(const SinkOptions& options);
  ~Sink();

  // Listens. An error names the address and the reason.
  [[nodiscard]] absl::Status Start();
  // The ports that are listened on, in the order of SinkOptions::listen, then the report's.
  std::vector<uint16_t> ports() const;
  // Until Stop(), or SIGTERM or SIGINT where `signals` says so.
  void Run(bool signals);
  void Stop();

  // {"requests": .., "spans": .., "traces": {"error": {"whole": .., ...}, ...}, ...}
  std::string ReportJson() const;
  CensusReport report() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tailrace
