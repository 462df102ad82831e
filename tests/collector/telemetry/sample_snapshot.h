// A snapshot made by hand in which every number is different and the ledger balances: two pipelines, three exporters,
// one of them fed by both.
#pragma once

#include "collector/telemetry/metrics.h"
#include "collector/telemetry/snapshot.h"

namespace tailrace::testing {

inline uint64_t& At(DropCounts& counts, DropReason reason) { return counts[static_cast<size_t>(reason)]; }

// accepted 1000 = kept 310 (10 in the open batch) + dropped by policy 600 + dropped 7 + ring 3 + table 80.
inline PipelineStats PipelineA() {
  PipelineStats a{.pipeline = "traces/a", .processor = "tail_sampling/gold", .exporters = {"otlp/jaeger", "file"}};
  a.accepted_spans = 1000;
  a.kept_spans = 310;
  a.dropped_by_policy_spans = 600;
  At(a.dropped_spans, DropReason::kTraceTooLarge) = 7;
  a.in_ring_spans = 3;
  a.in_table_spans = 80;
  a.in_open_batch_spans = 10;
  a.in_table_traces = 8;
  a.in_table_bytes = 40960;
  a.new_traces = 101;
  a.sampled_traces = 31;
  a.not_sampled_traces = 60;
  a.dropped_traces = 2;
  a.early_traces = {5, 4, 3, 2, 1};
  a.too_large_traces = 1;
  a.uncompressed_bytes = 5000;
  a.compressed_bytes = 900;
  a.late_sampled_spans = 4;
  a.late_not_sampled_spans = 6;
  a.policies = {{.name = "errors",
                 .sampled_traces = 21,
                 .not_sampled_traces = 72,
                 .dropped_traces = 28,
                 .executions = 93,
                 .execution_time_us = 11},
                {.name = "slow \"a\\b\"",
                 .sampled_traces = 10,
                 .not_sampled_traces = 83,
                 .dropped_traces = 29,
                 .executions = 92,
                 .execution_time_us = 13}};
  a.estimates = {{"cart", 100, 150}, {"other", 7, 0}};
  a.decision_lag_ms = {.bounds = {1, 5}, .counts = {70, 20, 3}, .sum = 123.5};
  a.removal_age_s = {.bounds = {1, 2.5}, .counts = {0, 93, 0}, .sum = 190};
  return a;
}

// accepted 200 = kept 200 (5 in the open batch); no tail_sampling.
inline PipelineStats PipelineB() {
  PipelineStats b{.pipeline = "traces/b", .exporters = {"otlp/jaeger", "nop"}};
  b.accepted_spans = 200;
  b.kept_spans = 200;
  b.in_open_batch_spans = 5;
  return b;
}

inline DaemonSnapshot SampleSnapshot() {
  DaemonSnapshot s;
  s.receivers = {{"otlp",
                  {{{.accepted_spans = 900,
                     .refused_spans = 50,
                     .failed_spans = 2,
                     .requests_ok = 9,
                     .requests_refused = 3,
                     .requests_failed = 1,
                     .body_bytes = 410400},
                    {.accepted_spans = 300, .requests_ok = 4, .body_bytes = 136800}}}}};
  s.connections = {.open = 12,
                   .opened = 14,
                   .closed_by_limit = 1,
                   .closed_by_error = 15,
                   .too_large = 16,
                   .malformed = 17,
                   .bodies_given_up = 20,
                   .accept_pauses = 21,
                   .inflate_failed = 18,
                   .wire_bytes_in = 550000,
                   .wire_bytes_out = 19};
  s.pipelines = {PipelineA(), PipelineB()};
  // Handed to jaeger: 300 + 195 = 495, of which 40 are on the way; to the file 300; to nop 195.
  ExporterStats jaeger{.exporter = "otlp/jaeger", .server_address = "jaeger", .server_port = "4317"};
  jaeger.received_spans = 455;
  jaeger.forwarded_spans = 400;
  At(jaeger.dropped_spans, DropReason::kQueueFull) = 20;
  At(jaeger.dropped_spans, DropReason::kRetriesExhausted) = 5;
  jaeger.queued_spans = 22;
  jaeger.in_flight_spans = 8;
  jaeger.queue_batches = 2;
  jaeger.queue_bytes = 9000;
  jaeger.queue_capacity = 1000;
  jaeger.in_flight_requests = 1;
  jaeger.requests_ok = 23;
  jaeger.requests_failed = 24;
  jaeger.retries = 25;
  jaeger.splits = 30;
  jaeger.stored_bytes = 4500;
  jaeger.backend_bytes_max = 31000;
  jaeger.dead_letter_spans = 4;
  jaeger.dead_letter_failed_spans = 1;
  jaeger.oldest_item_s = 7.5;
  jaeger.state = BackendState::kProbing;
  ExporterStats file{.exporter = "file", .received_spans = 300, .forwarded_spans = 300, .requests_ok = 26};
  ExporterStats nop{.exporter = "nop", .received_spans = 195, .forwarded_spans = 195, .requests_ok = 27};
  s.exporters = {jaeger, file, nop};
  s.connectors = {{.connector = "spanmetrics", .series = 191, .overflow_spans = 192}};
  s.baseline_overflow_calls = 193;
  s.listeners = {{.listener = "otlp/grpc",
                  .has_tls = true,
                  .has_auth = true,
                  .auth_refused_requests = {41, 42, 43, 44, 45},
                  .tls_handshakes = 46,
                  .tls_handshakes_failed = 47,
                  .tls_reloads = 48,
                  .tls_reloads_failed = 49,
                  .tls_not_after_s = 1900000000},
                 {.listener = "metrics", .has_auth = true}};
  s.memory_budget_bytes = 1 << 30;
  s.table_bytes_in_use = 81920;
  s.buffer_bytes_in_use = 65536;
  s.shards = 2;
  s.AddStress(StressBound::kExporterQueue, 0.5);
  s.AddStress(StressBound::kNumTraces, 0.25);
  s.AddStress(StressBound::kNumTraces, 0.125);
  s.AddStress(StressBound::kBuffers, 1.5);
  return s;
}

inline ProcessStats SampleProcess() {
  return {.uptime_s = 61.5, .cpu_s = 12.25, .rss_bytes = 52428800, .heap_bytes = 1048576, .address_bytes = 2147483648};
}

inline InstanceInfo SampleInstance() {
  return {.service_version = "1.2.3", .service_instance_id = "8a6f", .compiler = "g++"};
}

}  // namespace tailrace::testing
