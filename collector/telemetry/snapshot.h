// What the daemon counts, as plain values at one moment: taken from the shards and exporters by a scrape, turned into
// metrics by telemetry/, into the ledger by app/. Immutable once taken.
//
// Counts are in spans unless the name says otherwise, and since the start of the process.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace tailrace {

// Why a span that was accepted did not reach an exporter's backend. A closed list: to add one, add it to
// kDropReasonNames too.
enum class DropReason : uint8_t {
  kTableFull,         // no room for the trace even after deciding others early
  kTraceTooLarge,     // maximum_trace_size_bytes
  kShutdown,          // drop_pending_traces_on_shutdown, or the stop deadline passed
  kQueueFull,         // the exporter's sending queue was at its bound
  kRetriesExhausted,  // retry_on_failure.max_elapsed_time passed
  kRefusedByBackend,  // the backend's answer says that a retry cannot help
  kPartialSuccess,    // the backend took the request but rejected these spans
  kWriteFailed,       // file exporter: the file cannot be written
  kQueueEvicted,      // sending_queue.overflow: drop_oldest, and fresher ones came
  kTooLarge,          // one span is larger than the backend takes
  kStorageFailed,     // the queue's storage could not hold them, or gave back something else
};
inline constexpr size_t kDropReasons = 11;
inline constexpr std::array<const char*, kDropReasons> kDropReasonNames = {
    "table_full",      "trace_too_large", "shutdown",      "queue_full", "retries_exhausted", "refused_by_backend",
    "partial_success", "write_failed",    "queue_evicted", "too_large",  "storage_failed"};
using DropCounts = std::array<uint64_t, kDropReasons>;

// Why a trace was decided before its wait was over. A closed list, as above.
enum class EarlyReason : uint8_t {
  kNumTraces,   // the table held num_traces
  kMemory,      // no block was left for spans
  kHeaders,     // too many distinct resources and scopes
  kTraceSpans,  // the trace itself came to have trace_spans_max spans
  kTraceBytes,  // or trace_mib_max
};
inline constexpr size_t kEarlyReasons = 5;
inline constexpr std::array<const char*, kEarlyReasons> kEarlyReasonNames = {"num_traces", "memory", "headers",
                                                                             "trace_spans", "trace_bytes"};
using EarlyCounts = std::array<uint64_t, kEarlyReasons>;

enum class Transport : uint8_t { kGrpc, kHttp };
inline constexpr size_t kTransports = 2;
inline constexpr std::array<const char*, kTransports> kTransportNames = {"grpc", "http"};

// One receiver, one transport, one shard.
struct ReceiverStats {
  uint64_t accepted_spans = 0;
  uint64_t refused_spans = 0;  // overload: the client may retry
  uint64_t failed_spans = 0;   // spans with a bad id, answered in partial_success
  uint64_t looped_spans = 0;   // refused: routed more often than hops_max
  uint64_t requests_ok = 0;
  uint64_t requests_refused = 0;  // overload
  uint64_t requests_failed = 0;   // malformed, too large, wrong type, ...
  uint64_t body_bytes = 0;        // after inflating
};

// What limits and bad input did to connections; one per shard.
struct ConnectionStats {
  uint64_t open = 0;  // now
  uint64_t opened = 0;
  uint64_t closed_by_limit = 0;  // connections, streams, header list, header/body/idle time-outs
  uint64_t closed_by_error = 0;  // protocol errors
  uint64_t too_large = 0;        // bodies over a size limit, before or after inflating
  uint64_t malformed = 0;        // bodies that are no OTLP
  uint64_t bodies_given_up = 0;  // unfinished ones that made room for others
  uint64_t accept_pauses = 0;    // no more descriptors; of the process, not of a shard
  uint64_t inflate_failed = 0;
  uint64_t wire_bytes_in = 0;
  uint64_t wire_bytes_out = 0;
};

// Buckets as the Collector's; counts per bucket, not cumulative; the last one is +Inf.
struct Histogram {
  std::vector<double> bounds;
  std::vector<uint64_t> counts;
  double sum = 0;
};

struct PolicyStats {
  std::string name;
  uint64_t sampled_traces = 0;
  uint64_t not_sampled_traces = 0;
  uint64_t dropped_traces = 0;
  uint64_t errors = 0;
  uint64_t executions = 0;
  uint64_t execution_time_us = 0;
};

// What the kept spans of a service, each times its weight, say that its calls were, beside what they were; of traces
// that are decided.
struct ServiceEstimate {
  std::string service;
  uint64_t decided_calls = 0;
  double estimated_calls = 0;
};
// How far the estimate is off: 0 where it is right, -1 where nothing says that there was anything. Some were decided.
inline double ErrorRatio(const ServiceEstimate& estimate) {
  const auto decided = static_cast<double>(estimate.decided_calls);
  return (estimate.estimated_calls - decided) / decided;
}

// One pipeline's sampler (or, without tail_sampling, its pass-through), summed over the shards.
struct PipelineStats {
  std::string pipeline;   // "traces/a"
  std::string processor;  // "tail_sampling/x"; empty without one
  std::vector<std::string> exporters;

  uint64_t accepted_spans = 0;  // entered this pipeline
  uint64_t kept_spans = 0;      // decided to keep; handed to every exporter of the pipeline
  uint64_t dropped_by_policy_spans = 0;
  // Where its exporter is a connector that routes: spans that stayed in this process, for the pipelines that receive
  // from the connector. `kept_spans` are the others.
  bool divides = false;
  uint64_t own_spans = 0;       // this member's own
  uint64_t arrived_spans = 0;   // another member had sent them here
  uint64_t disputed_spans = 0;  // likewise, and by the ring of this one they belong to a third
  DropCounts dropped_spans{};
  uint64_t in_ring_spans = 0;        // between two shards, now
  uint64_t in_table_spans = 0;       // undecided, now
  uint64_t in_open_batch_spans = 0;  // kept, not yet handed to the exporters, now

  uint64_t in_table_traces = 0;  // now
  uint64_t in_table_bytes = 0;   // memory of blocks that hold spans, now
  uint64_t uncompressed_bytes = 0;  // of spans that were put into the table through storage_compression
  uint64_t compressed_bytes = 0;    // what they were stored as
  uint64_t new_traces = 0;
  uint64_t sampled_traces = 0;
  uint64_t not_sampled_traces = 0;
  uint64_t dropped_traces = 0;  // by a drop policy
  EarlyCounts early_traces{};   // decided before their wait was over
  uint64_t too_large_traces = 0;
  uint64_t late_sampled_spans = 0;
  uint64_t late_not_sampled_spans = 0;
  uint64_t policy_errors = 0;
  std::vector<PolicyStats> policies;
  // Row by row: kept traces that the policies i and j, in the order of `policies`, both voted to keep. Empty where
  // there are more than 32 policies.
  std::vector<uint64_t> policy_overlap;
  std::vector<ServiceEstimate> estimates;  // of the last five minutes; see EstimateTable
  Histogram decision_lag_ms;               // deadline to decision
  Histogram removal_age_s;                 // first span to decision
  Histogram late_span_age_s;
};

// How an exporter's backend does.
enum class BackendState : uint8_t {
  kHealthy,
  kProbing,  // it answers again: ramping up, or catching up with what waited
  kDown,     // the last requests failed
};
inline constexpr std::array<const char*, 3> kBackendStateNames = {"healthy", "probing", "down"};

// One of the backends that a load-balancing exporter routes to.
struct MemberStats {
  std::string address;
  uint64_t requests_ok = 0;
  uint64_t requests_failed = 0;
  uint64_t queued_spans = 0;  // now
  BackendState state = BackendState::kHealthy;
};

struct RoutingStats {
  std::string resolver;  // "static", "dns", "k8s"; empty: the exporter does not route
  uint64_t resolutions_ok = 0;
  uint64_t resolutions_failed = 0;
  uint64_t member_updates = 0;  // times that the list of members changed
  uint64_t rerouted_spans = 0;  // waited for a member that left, or for a first one, and were routed again
  std::vector<MemberStats> members;
};

struct ExporterStats {
  std::string exporter;  // "otlp/jaeger"
  std::string server_address;
  std::string server_port;
  uint64_t received_spans = 0;   // offered by the pipelines
  uint64_t recovered_spans = 0;  // found in the queue's storage at start
  uint64_t forwarded_spans = 0;  // acknowledged by the backend
  DropCounts dropped_spans{};
  uint64_t queued_spans = 0;     // now
  uint64_t in_flight_spans = 0;  // now
  uint64_t queue_batches = 0;    // now
  uint64_t queue_bytes = 0;      // now
  uint64_t queue_capacity = 0;   // in the queue's sizer's unit
  double queue_full = 0;         // share of what it may hold, by its capacity or by memory
  uint64_t in_flight_requests = 0;
  uint64_t requests_ok = 0;
  uint64_t requests_failed = 0;
  uint64_t retries = 0;
  uint64_t splits = 0;                    // batches taken in two: too large, or something in them refused
  uint64_t dead_letter_spans = 0;         // of the dropped: written to the dead letters
  uint64_t dead_letter_failed_spans = 0;  // of the dropped: the dead letters could not be written
  uint64_t stored_bytes = 0;              // now, of the queue: on disk
  uint64_t backend_bytes_max = 0;         // largest request that the backend is known to take; 0: not known
  double oldest_item_s = 0;               // how long the oldest batch has been waiting
  BackendState state = BackendState::kHealthy;
  std::string last_error;
  RoutingStats routing;
};

// One listener with TLS or an authenticator.
inline constexpr size_t kAuthRefusals = 5;
inline constexpr std::array<const char*, kAuthRefusals> kAuthRefusalNames = {"missing", "malformed", "doubled", "wrong",
                                                                             "busy"};
struct ListenerStats {
  std::string listener;  // "otlp/grpc", "metrics", "health_check"
  bool has_tls = false;
  bool has_auth = false;
  std::array<uint64_t, kAuthRefusals> auth_refused_requests{};
  uint64_t tls_handshakes = 0;
  uint64_t tls_handshakes_failed = 0;
  uint64_t tls_reloads = 0;
  uint64_t tls_reloads_failed = 0;
  int64_t tls_not_after_s = 0;  // of the certificate, Unix time
};

// The bounds of the daemon, in the order in which it gives way: a queue that is full loses what is fresh (or holds the
// pipeline up, as configured), a table or memory that is full decides traces early, buffers that are full refuse.
enum class StressBound : uint8_t { kExporterQueue, kNumTraces, kSpanMemory, kBuffers };
inline constexpr size_t kStressBounds = 4;
inline constexpr std::array<const char*, kStressBounds> kStressBoundNames = {"exporter_queue", "num_traces",
                                                                             "span_memory", "buffers"};
using Stress = std::array<double, kStressBounds>;  // 0 to 1, by StressBound

// One spanmetrics connector.
struct ConnectorStats {
  std::string connector;        // "spanmetrics"
  uint64_t series = 0;          // overflow series, too
  uint64_t overflow_spans = 0;  // counted in one of those
};

struct DaemonSnapshot {
  struct Receiver {
    std::string name;  // "otlp"
    std::array<ReceiverStats, kTransports> transports;
  };
  std::vector<Receiver> receivers;
  ConnectionStats connections;
  std::vector<PipelineStats> pipelines;
  std::vector<ExporterStats> exporters;
  std::vector<ListenerStats> listeners;
  std::vector<ConnectorStats> connectors;
  uint64_t baseline_overflow_calls = 0;  // of operations that the baselines have no row for
  uint64_t memory_budget_bytes = 0;
  uint64_t table_bytes_in_use = 0;
  uint64_t buffer_bytes_in_use = 0;
  uint64_t shards = 0;
  Stress stress{};  // how full the fullest is: of the shards, pipelines, exporters

  void AddStress(StressBound bound, double full) {
    double& most = stress[static_cast<size_t>(bound)];
    most = std::max(most, std::min(full, 1.0));
  }
};

}  // namespace tailrace
