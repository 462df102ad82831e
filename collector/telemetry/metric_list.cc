// The one list of all metrics. The Collector's come first, in the order of its own page by subject, then Tailrace's.
#include "collector/telemetry/metric_list.h"

#include <algorithm>
#include <numeric>

#include "collector/telemetry/exporter_readers.h"
#include "collector/telemetry/metric_readers.h"
#include "collector/telemetry/routing_readers.h"

namespace tailrace {
namespace {

using namespace metric_readers;  // NOLINT: the list reads better without the qualifier

using E = ExporterStats;
using P = PipelineStats;
using R = ReceiverStats;
using C = ConnectionStats;
constexpr auto kCounter = MetricType::kCounter;
constexpr auto kGauge = MetricType::kGauge;
constexpr auto kHistogram = MetricType::kHistogram;

void PolicyVotes(const Scrape& scrape, Series& series) {
  for (const P& p : scrape.snapshot.pipelines) {
    for (const PolicyStats& policy : p.policies) {
      series.Add({PolicyLabel(p, policy), "true", "sampled"}, Number(policy.sampled_traces));
      series.Add({PolicyLabel(p, policy), "false", "not_sampled"}, Number(policy.not_sampled_traces));
      series.Add({PolicyLabel(p, policy), "false", "dropped"}, Number(policy.dropped_traces));
    }
  }
}

void GlobalDecisions(const Scrape& scrape, Series& series) {
  for (const P& p : scrape.snapshot.pipelines) {
    if (p.processor.empty()) continue;
    series.Add({"true", "sampled"}, Number(p.sampled_traces));
    series.Add({"false", "not_sampled"}, Number(p.not_sampled_traces));
    series.Add({"false", "dropped"}, Number(p.dropped_traces));
  }
}

void EarlyReleases(const Scrape& scrape, Series& series) {
  for (const P& p : scrape.snapshot.pipelines) {
    if (p.processor.empty()) continue;
    series.Add({"true"}, Number(p.late_sampled_spans));
    series.Add({"false"}, Number(p.late_not_sampled_spans));
  }
}

void TargetInfo(const Scrape& scrape, Series& series) {
  const InstanceInfo& i = scrape.instance;
  series.Add({i.service_instance_id, i.service_name, i.service_version}, 1);
}

void BuildInfo(const Scrape& scrape, Series& series) {
  series.Add({scrape.instance.service_version, scrape.instance.compiler}, 1);
}

void LedgerSpans(const Scrape& scrape, Series& series) {
  for (const LedgerLine& line : scrape.ledger) {
    const auto add = [&](const char* state, uint64_t spans) { series.Add({line.exporter, state}, Number(spans)); };
    add("accepted", line.accepted);
    add("forwarded", line.forwarded);
    if (line.own > 0) add("own", line.own);
    if (line.recovered > 0) add("recovered", line.recovered);
    add("dropped_by_policy", line.dropped_by_policy);
    add("dropped", line.dropped_total());
    add("in_ring", line.in_ring);
    add("in_table", line.in_table);
    add("in_open_batch", line.in_open_batch);
    add("handing_over", line.in_flight_to_exporter);
    add("queued", line.queued);
    add("in_flight", line.in_flight);
  }
}

void LedgerResidual(const Scrape& scrape, Series& series) {
  for (const LedgerLine& line : scrape.ledger) series.Add({line.exporter}, Number(line.residual));
}

// Reasons that cannot occur at a place make no series there, so that the page stays short: those of the table stand
// before kShutdown, those of the exporters after it. Should one occur all the same, it shows.
void DroppedSpans(const Scrape& scrape, Series& series) {
  constexpr auto kShutdown = static_cast<size_t>(DropReason::kShutdown);
  for (size_t i = 0; i < kDropReasons; ++i) {
    for (const P& p : scrape.snapshot.pipelines) {
      if (i > kShutdown && p.dropped_spans[i] == 0) continue;
      series.Add({p.pipeline, "", kDropReasonNames[i]}, Number(p.dropped_spans[i]));
    }
    for (const E& e : scrape.snapshot.exporters) {
      if (i < kShutdown && e.dropped_spans[i] == 0) continue;
      series.Add({"", e.exporter, kDropReasonNames[i]}, Number(e.dropped_spans[i]));
    }
  }
}

void DecidedTraces(const Scrape& scrape, Series& series) {
  for (const P& p : scrape.snapshot.pipelines) {
    series.Add({p.pipeline, "sampled"}, Number(p.sampled_traces));
    series.Add({p.pipeline, "not_sampled"}, Number(p.not_sampled_traces));
    series.Add({p.pipeline, "dropped"}, Number(p.dropped_traces));
  }
}

void EarlyDecisions(const Scrape& scrape, Series& series) {
  for (const P& p : scrape.snapshot.pipelines) {
    if (p.processor.empty()) continue;
    for (size_t i = 0; i < kEarlyReasons; ++i) {
      series.Add({p.pipeline, kEarlyReasonNames[i]}, Number(p.early_traces[i]));
    }
  }
}

// No label, as the Collector.
void EarlyTraces(const Scrape& scrape, Series& series) {
  for (const P& p : scrape.snapshot.pipelines) {
    if (p.processor.empty()) continue;
    series.Add({}, Number(std::accumulate(p.early_traces.begin(), p.early_traces.end(), uint64_t{0})));
  }
}

void StressOfBounds(const Scrape& scrape, Series& series) {
  for (size_t i = 0; i < kStressBounds; ++i) series.Add({kStressBoundNames[i]}, scrape.snapshot.stress[i]);
}

void LateSpans(const Scrape& scrape, Series& series) {
  for (const P& p : scrape.snapshot.pipelines) {
    series.Add({p.pipeline, "sampled"}, Number(p.late_sampled_spans));
    series.Add({p.pipeline, "not_sampled"}, Number(p.late_not_sampled_spans));
  }
}

void StorageBytes(const Scrape& scrape, Series& series) {
  for (const P& p : scrape.snapshot.pipelines) {
    series.Add({p.pipeline, "uncompressed"}, Number(p.uncompressed_bytes));
    series.Add({p.pipeline, "compressed"}, Number(p.compressed_bytes));
  }
}

void ReceiverRequests(const Scrape& scrape, Series& series) {
  for (const DaemonSnapshot::Receiver& receiver : scrape.snapshot.receivers) {
    for (size_t i = 0; i < kTransports; ++i) {
      const R& r = receiver.transports[i];
      series.Add({receiver.name, kTransportNames[i], "ok"}, Number(r.requests_ok));
      series.Add({receiver.name, kTransportNames[i], "refused"}, Number(r.requests_refused));
      series.Add({receiver.name, kTransportNames[i], "failed"}, Number(r.requests_failed));
    }
  }
}

void EstimateErrors(const Scrape& scrape, Series& series) {
  for (const P& p : scrape.snapshot.pipelines) {
    for (const ServiceEstimate& e : p.estimates) series.Add({p.pipeline, e.service}, ErrorRatio(e));
  }
}

void AuthRefusals(const Scrape& scrape, Series& series) {
  for (const ListenerStats& listener : scrape.snapshot.listeners) {
    for (size_t i = 0; listener.has_auth && i < kAuthRefusals; ++i) {
      series.Add({listener.listener, kAuthRefusalNames[i]}, Number(listener.auth_refused_requests[i]));
    }
  }
}

// Labels listener, outcome: ok, failed.
template <auto kOk, auto kFailed>
void TlsOutcomes(const Scrape& scrape, Series& series) {
  for (const ListenerStats& listener : scrape.snapshot.listeners) {
    if (!listener.has_tls) continue;
    series.Add({listener.listener, "ok"}, Number(listener.*kOk));
    series.Add({listener.listener, "failed"}, Number(listener.*kFailed));
  }
}

void CertificateEnds(const Scrape& scrape, Series& series) {
  for (const ListenerStats& listener : scrape.snapshot.listeners) {
    if (listener.has_tls) series.Add({listener.listener}, Number(listener.tls_not_after_s));
  }
}

// One field of each connector.
template <auto kField>
void PerConnector(const Scrape& scrape, Series& series) {
  for (const ConnectorStats& c : scrape.snapshot.connectors) series.Add({c.connector}, Number(c.*kField));
}

#define TS "otelcol_processor_tail_sampling_"  // keeps the names below on one line and greppable by their last words

// Two or three lines each: name, type, labels; the sentence and the reader.
// clang-format off
const Metric kMetrics[] = {
    {"otelcol_receiver_accepted_spans", kCounter, {"receiver", "transport"},
     "Spans taken into a pipeline and acknowledged.", PerTransport<&R::accepted_spans>},
    {"otelcol_receiver_refused_spans", kCounter, {"receiver", "transport"},
     "Spans refused for want of room; the client may send them again.", PerTransport<&R::refused_spans>},
    {"otelcol_receiver_failed_spans", kCounter, {"receiver", "transport"},
     "Spans rejected for an invalid trace or span id.", PerTransport<&R::failed_spans>},
    {"otelcol_exporter_sent_spans", kCounter, {"exporter", "server_address", "server_port"},
     "Spans acknowledged by the backend.", SentSpans},
    {"otelcol_exporter_send_failed_spans", kCounter, {"exporter", "server_address", "server_port"},
     "Spans that the exporter gave up after taking them; tailrace_dropped_spans says why.", SendFailedSpans},
    {"otelcol_exporter_enqueue_failed_spans", kCounter, {"data_type", "exporter"},
     "Spans that found the exporter's queue full.", EnqueueFailedSpans},
    {"otelcol_exporter_queue_size", kGauge, {"data_type", "exporter"},
     "Batches in the exporter's queue.", PerTracesExporter<&E::queue_batches>},
    {"otelcol_exporter_queue_capacity", kGauge, {"data_type", "exporter"},
     "Bound of the exporter's queue, in the unit of sending_queue.sizer.", PerTracesExporter<&E::queue_capacity>},
    {"otelcol_exporter_in_flight_requests", kGauge, {"data_type", "exporter"},
     "Requests that await the backend's answer.", PerTracesExporter<&E::in_flight_requests>},
    {"otelcol_loadbalancer_num_resolutions", kCounter, {"resolver", "success"},
     "Look-ups of the members of load-balancing exporters; after one that failed the last list stands.", Resolutions},
    {"otelcol_loadbalancer_num_backends", kGauge, {"resolver"}, "Members in use.", Members},
    {"otelcol_loadbalancer_num_backend_updates", kCounter, {"resolver"},
     "Times that the list of members changed.", MemberUpdates},
    {"otelcol_loadbalancer_backend_outcome", kCounter, {"endpoint", "success"},
     "Requests to each member that were answered ok, or failed.", MemberOutcomes},
    {TS "count_traces_sampled", kCounter, {"policy", "sampled", "decision"},
     "Votes of each policy; policies of a named processor are called name.policy.", PolicyVotes},
    {TS "global_count_traces_sampled", kCounter, {"sampled", "decision"},
     "Decided traces, by outcome.", GlobalDecisions},
    {TS "new_trace_id_received", kCounter, {}, "Traces begun.", AllSamplers<&P::new_traces>},
    {TS "early_releases_from_cache_decision", kCounter, {"sampled"},
     "Late spans that followed a remembered decision.", EarlyReleases},
    {TS "sampling_traces_on_memory", kGauge, {}, "Traces that await their decision.", AllSamplers<&P::in_table_traces>},
    {TS "sampling_trace_dropped_too_early", kCounter, {},
     "Traces decided before their wait was over; tailrace_early_decisions says why.", EarlyTraces},
    {TS "traces_dropped_too_large", kCounter, {},
     "Traces over maximum_trace_size_bytes.", AllSamplers<&P::too_large_traces>},
    {TS "sampling_policy_evaluation_error", kCounter, {},
     "Policies that could not be evaluated.", AllSamplers<&P::policy_errors>},
    {TS "sampling_policy_execution_count", kCounter, {"policy"},
     "Evaluations of each policy.", PerPolicy<&PolicyStats::executions>},
    {TS "sampling_policy_execution_time_sum", kCounter, {"policy"},
     "Time spent in each policy, in microseconds.", PerPolicy<&PolicyStats::execution_time_us>},
    {TS "sampling_decision_timer_latency", kHistogram, {},
     "Time from a trace's deadline to its decision, in milliseconds (the Collector: length of a tick).",
     AllSamplers<&P::decision_lag_ms>},
    {TS "sampling_trace_removal_age", kHistogram, {},
     "Age of traces at their decision, in seconds.", AllSamplers<&P::removal_age_s>},
    {TS "sampling_late_span_age", kHistogram, {},
     "Time from a decision to a late span of its trace, in seconds.", AllSamplers<&P::late_span_age_s>},
    {"otelcol_process_uptime", kCounter, {}, "Seconds since the start.", OfProcess<&ProcessStats::uptime_s>},
    {"otelcol_process_cpu_seconds", kCounter, {},
     "CPU time, user and system, in seconds.", OfProcess<&ProcessStats::cpu_s>},
    {"otelcol_process_memory_rss", kGauge, {}, "Resident memory, in bytes.", OfProcess<&ProcessStats::rss_bytes>},
    {"otelcol_process_runtime_heap_alloc_bytes", kGauge, {},
     "Bytes handed out by malloc; the trace table is not part of it.", OfProcess<&ProcessStats::heap_bytes>},
    {"otelcol_process_runtime_total_sys_memory_bytes", kGauge, {},
     "Address space taken from the system, touched or not, in bytes.", OfProcess<&ProcessStats::address_bytes>},
    {"target_info", kGauge, {"service_instance_id", "service_name", "service_version"},
     "Who this process is; always 1.", TargetInfo},

    {"tailrace_build_info", kGauge, {"version", "compiler"}, "What this program is; always 1.", BuildInfo},
    {"tailrace_shards", kGauge, {}, "Threads that receive and decide.", Of<&DaemonSnapshot::shards>},
    {"tailrace_ledger_spans", kGauge, {"exporter", "state"},
     "Where every accepted span is, seen from each exporter.", LedgerSpans},
    {"tailrace_ledger_residual_spans", kGauge, {"exporter"},
     "Accepted spans that the other states of the ledger do not account for; 0 in a right program.", LedgerResidual},
    {"tailrace_dropped_spans", kCounter, {"pipeline", "exporter", "reason"},
     "Accepted spans that were lost, by where (a pipeline or an exporter) and why.", DroppedSpans},
    {"tailrace_pipeline_accepted_spans", kCounter, {"pipeline"},
     "Spans that entered the pipeline.", PerPipeline<&P::accepted_spans>},
    {"tailrace_pipeline_kept_spans", kCounter, {"pipeline"},
     "Spans of sampled traces, for every exporter of the pipeline.", PerPipeline<&P::kept_spans>},
    {"tailrace_pipeline_dropped_by_policy_spans", kCounter, {"pipeline"},
     "Spans of traces that the policies did not sample.", PerPipeline<&P::dropped_by_policy_spans>},
    {"tailrace_routed_spans", kCounter, {"pipeline", "way"},
     "Spans of a pipeline that a connector `loadbalancing` divides: own (kept in this process), forwarded (to other "
     "members), arrived (another member had sent them here) and disputed (likewise, but the ring of this member gives "
     "them to a third; they are kept).", RoutedSpans},
    {"tailrace_routing_loop_spans", kCounter, {"receiver", "transport"},
     "Spans refused because they had been routed more often than hops_max.", PerTransport<&R::looped_spans>},
    {"tailrace_new_traces", kCounter, {"pipeline"}, "Traces begun.", PerPipeline<&P::new_traces>},
    {"tailrace_decided_traces", kCounter, {"pipeline", "decision"}, "Decided traces, by outcome.", DecidedTraces},
    {"tailrace_early_decisions", kCounter, {"pipeline", "reason"},
     "Traces decided before their wait was over: num_traces was met, the memory for spans (memory) or for distinct "
     "resources and scopes (headers) was full, or the trace itself reached a bound (trace_spans, trace_bytes).",
     EarlyDecisions},
    {"tailrace_too_large_traces", kCounter, {"pipeline"},
     "Traces over maximum_trace_size_bytes.", PerPipeline<&P::too_large_traces>},
    {"tailrace_late_spans", kCounter, {"pipeline", "decision"},
     "Spans that came after the decision of their trace and followed it.", LateSpans},
    {"tailrace_decision_lag_ms", kHistogram, {"pipeline"},
     "Time from a trace's deadline to its decision, in milliseconds.", PerPipeline<&P::decision_lag_ms>},
    {"tailrace_in_table_traces", kGauge, {"pipeline"}, "Undecided traces.", PerPipeline<&P::in_table_traces>},
    {"tailrace_in_table_spans", kGauge, {"pipeline"}, "Undecided spans.", PerPipeline<&P::in_table_spans>},
    {"tailrace_in_table_bytes", kGauge, {"pipeline"},
     "Memory that holds undecided spans, in bytes.", PerPipeline<&P::in_table_bytes>},
    {"tailrace_storage_bytes", kCounter, {"pipeline", "form"},
     "Bytes of the spans that storage_compression has stored, as they came and as they were stored. 0 without it.",
     StorageBytes},
    {"tailrace_memory_budget_bytes", kGauge, {},
     "The bound of all memory for spans, in bytes.", Of<&DaemonSnapshot::memory_budget_bytes>},
    {"tailrace_table_bytes", kGauge, {},
     "Of the budget: in use by the trace tables, in bytes.", Of<&DaemonSnapshot::table_bytes_in_use>},
    {"tailrace_buffer_bytes", kGauge, {},
     "Of the budget: in use by received bodies, in bytes.", Of<&DaemonSnapshot::buffer_bytes_in_use>},
    {"tailrace_stress", kGauge, {"bound"},
     "How near each bound is, 0 to 1, where it is nearest. At 1: exporter_queue loses or holds up what was kept, "
     "num_traces and span_memory decide traces early, buffers refuses requests.", StressOfBounds},
    {"tailrace_receiver_requests", kCounter, {"receiver", "transport", "outcome"},
     "Requests: ok, refused (overload) or failed (malformed, too large, wrong type).", ReceiverRequests},
    {"tailrace_receiver_body_bytes", kCounter, {"receiver", "transport"},
     "Bytes of request bodies, after inflating.", PerTransport<&R::body_bytes>},
    {"tailrace_connections_open", kGauge, {}, "Open client connections.", OfConnections<&C::open>},
    {"tailrace_connections_opened", kCounter, {}, "Client connections taken.", OfConnections<&C::opened>},
    {"tailrace_connections_closed_by_limit", kCounter, {},
     "Connections cut by a limit: connections, streams, header list, overhead frames, a time-out.", OfConnections<&C::closed_by_limit>},
    {"tailrace_connections_closed_by_error", kCounter, {},
     "Connections cut for a protocol error.", OfConnections<&C::closed_by_error>},
    {"tailrace_accept_pauses", kCounter, {},
     "Times that no client could be taken for a tenth of a second, because the process had no more file descriptors.",
     OfConnections<&C::accept_pauses>},
    {"tailrace_bodies_too_large", kCounter, {},
     "Bodies over a size limit, before or after inflating.", OfConnections<&C::too_large>},
    {"tailrace_bodies_malformed", kCounter, {}, "Bodies that are no OTLP.", OfConnections<&C::malformed>},
    {"tailrace_bodies_given_up", kCounter, {},
     "Bodies that took long to arrive and made room for others; their clients may send them again.",
     OfConnections<&C::bodies_given_up>},
    {"tailrace_bodies_inflate_failed", kCounter, {},
     "Bodies that could not be inflated.", OfConnections<&C::inflate_failed>},
    {"tailrace_wire_bytes_in", kCounter, {}, "Bytes read from clients' sockets.", OfConnections<&C::wire_bytes_in>},
    {"tailrace_wire_bytes_out", kCounter, {}, "Bytes written to clients' sockets.", OfConnections<&C::wire_bytes_out>},
    {"tailrace_spanmetrics_series", kGauge, {"connector"},
     "Series that the connector has.", PerConnector<&ConnectorStats::series>},
    {"tailrace_spanmetrics_overflow_spans", kCounter, {"connector"},
     "Spans counted in an overflow series: aggregation_cardinality_limit, resource_metrics_cache_size or the memory "
     "for series was met.", PerConnector<&ConnectorStats::overflow_spans>},
    {"tailrace_baseline_overflow_calls", kCounter, {},
     "Calls of operations that the baselines had no row for; they are counted together.",
     Of<&DaemonSnapshot::baseline_overflow_calls>},
    {"tailrace_estimate_error_ratio", kGauge, {"pipeline", "service"},
     "How far the calls that the kept spans stand for, each times its trace's weight, are from the calls that came: "
     "(estimate - calls) / calls; docs/METRICS.md says more.", EstimateErrors},
    {"tailrace_listener_auth_refused_requests", kCounter, {"listener", "reason"},
     "Requests without good credentials, by what they had: missing (none), malformed, doubled (more than one), wrong; "
     "busy: too many were being checked, the client may try again.", AuthRefusals},
    {"tailrace_listener_tls_handshakes", kCounter, {"listener", "outcome"},
     "TLS handshakes: ok or failed (a time-out, too).",
     TlsOutcomes<&ListenerStats::tls_handshakes, &ListenerStats::tls_handshakes_failed>},
    {"tailrace_listener_tls_reloads", kCounter, {"listener", "outcome"},
     "Certificates that changed: taken (ok), or left aside for the last good ones (failed).",
     TlsOutcomes<&ListenerStats::tls_reloads, &ListenerStats::tls_reloads_failed>},
    {"tailrace_listener_tls_certificate_not_after_seconds", kGauge, {"listener"},
     "When the listener's certificate ends, in seconds since 1970.", CertificateEnds},
    {"tailrace_exporter_requests", kCounter, {"exporter", "outcome"},
     "Requests to the backend that were answered ok, or failed.", ExporterRequests},
    {"tailrace_exporter_retries", kCounter, {"exporter"}, "Requests sent again.", PerExporter<&E::retries>},
    {"tailrace_exporter_splits", kCounter, {"exporter"},
     "Batches taken in two: too large for the backend, or something in them refused.", PerExporter<&E::splits>},
    {"tailrace_exporter_state", kGauge, {"exporter", "state"},
     "1 for the state that the exporter is in: healthy, probing (it answers again) or down.", ExporterStates},
    {"tailrace_exporter_oldest_item_seconds", kGauge, {"exporter"},
     "How long the oldest batch has been waiting for the backend.", PerExporter<&E::oldest_item_s>},
    {"tailrace_exporter_stored_bytes", kGauge, {"exporter"},
     "Of the queue: bytes of batches in the storage.", PerExporter<&E::stored_bytes>},
    {"tailrace_exporter_recovered_spans", kCounter, {"exporter"},
     "Spans found in the queue's storage at start.", PerExporter<&E::recovered_spans>},
    {"tailrace_exporter_backend_bytes_max", kGauge, {"exporter"},
     "Larger requests are sent in pieces, since the backend refused one; 0: no limit is known.",
     PerExporter<&E::backend_bytes_max>},
    {"tailrace_exporter_dead_letter_spans", kCounter, {"exporter", "outcome"},
     "Dropped spans written to the dead letters, or not for want of a file.", DeadLetterSpans},
    {"tailrace_exporter_rerouted_spans", kCounter, {"exporter"},
     "Spans that waited for a member that left, and were routed again.", ReroutedSpans},
    {"tailrace_exporter_member_queued_spans", kGauge, {"exporter", "member"},
     "Spans that wait for each member.", MemberQueuedSpans},
    {"tailrace_exporter_member_state", kGauge, {"exporter", "member", "state"},
     "1 for the state that each member is in: healthy, probing (it answers again) or down.", MemberStates},
    {"tailrace_exporter_queue_bytes", kGauge, {"exporter"},
     "Bytes of batches in the exporter's queue.", PerExporter<&E::queue_bytes>},
};
// clang-format on

#undef TS

const AbsentMetric kAbsent[] = {
    {"otelcol_process_runtime_total_alloc_bytes", "The C library does not count what was ever allocated."},
    {"otelcol_processor_batch_batch_send_size",
     "`batch` is not a stage of its own here; see tailrace_exporter_requests."},
    {"otelcol_processor_batch_metadata_cardinality", "Batches are not split by client metadata."},
    {"otelcol_processor_batch_timeout_trigger_send", "`batch` is not a stage of its own here."},
    {"promhttp_metric_handler_errors_total", "Belongs to the Collector's HTTP library."},
};

}  // namespace

std::span<const Metric> AllMetrics() { return kMetrics; }

std::span<const AbsentMetric> AbsentMetrics() { return kAbsent; }

}  // namespace tailrace
