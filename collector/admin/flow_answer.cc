// GET /api/v1/flow: every count along the straight line. The page computes rates from two answers.
#include <array>

#include "collector/admin/api_answers.h"

namespace tailrace {
namespace {

// {name: count}, those that are zero left out.
template <size_t kSize>
void WriteCounts(std::string_view key, const std::array<uint64_t, kSize>& counts,
                 const std::array<const char*, kSize>& names, JsonWriter* json) {
  json->Key(key).Object([&] {
    for (size_t i = 0; i < kSize; ++i) {
      if (counts[i] != 0) json->Field(names[i], counts[i]);
    }
  });
}

// As Prometheus' histogram_quantile: straight between a bucket's bounds, the last bound for what lies beyond it.
double Quantile(const Histogram& histogram, double share, uint64_t total) {
  const double rank = share * static_cast<double>(total);
  double below = 0;
  for (size_t i = 0; i < histogram.bounds.size(); ++i) {
    const double count = static_cast<double>(histogram.counts[i]);
    if (count > 0 && below + count >= rank) {
      const double low = i == 0 ? 0 : histogram.bounds[i - 1];
      return low + (histogram.bounds[i] - low) * (rank - below) / count;
    }
    below += count;
  }
  return histogram.bounds.empty() ? 0 : histogram.bounds.back();
}

void WriteLag(const Histogram& lag_ms, JsonWriter* json) {
  uint64_t total = 0;
  for (const uint64_t count : lag_ms.counts) total += count;
  json->Key("decision_lag_ms");
  if (total == 0) return json->Value(nullptr);
  json->Object([&] {
    json->Field("p50", Quantile(lag_ms, 0.5, total));
    json->Field("p99", Quantile(lag_ms, 0.99, total));
  });
}

void WriteTransport(const ReceiverStats& stats, const char* name, JsonWriter* json) {
  json->Object([&] {
    json->Field("transport", name);
    json->Field("accepted_spans", stats.accepted_spans);
    json->Field("refused_spans", stats.refused_spans);
    json->Field("failed_spans", stats.failed_spans);
    json->Field("requests_ok", stats.requests_ok);
    json->Field("requests_refused", stats.requests_refused);
    json->Field("requests_failed", stats.requests_failed);
    json->Field("body_bytes", stats.body_bytes);
  });
}

void WriteReceiver(const DaemonSnapshot::Receiver& receiver, const config::OtlpReceiverConfig& config,
                   JsonWriter* json) {
  const std::array<bool, kTransports> enabled = {config.grpc.enabled, config.http.enabled};
  json->Object([&] {
    json->Field("id", receiver.name);
    json->Key("transports").Array([&] {
      for (size_t i = 0; i < kTransports; ++i) {
        if (enabled[i]) WriteTransport(receiver.transports[i], kTransportNames[i], json);
      }
    });
  });
}

void WritePipeline(const PipelineStats& stats, const config::PipelineConfig& pipeline, const config::Config& config,
                   JsonWriter* json) {
  json->Object([&] {
    json->Field("id", stats.pipeline);
    json->Key("processor");
    stats.processor.empty() ? json->Value(nullptr) : json->Value(stats.processor);
    json->Key("receivers").Array([&] {
      for (const uint32_t receiver : pipeline.receivers) json->Value(config.receivers[receiver].id.text);
      for (const uint32_t router : pipeline.routers) {
        std::visit([json](const auto& connector) { json->Value(connector.id.text); }, config.exporters[router]);
      }
    });
    json->Key("exporters").Array([&] {
      for (const std::string& exporter : stats.exporters) json->Value(exporter);
    });
    json->Field("accepted_spans", stats.accepted_spans);
    json->Field("kept_spans", stats.kept_spans);
    json->Field("dropped_by_policy_spans", stats.dropped_by_policy_spans);
    WriteCounts("dropped_spans", stats.dropped_spans, kDropReasonNames, json);
    json->Field("in_ring_spans", stats.in_ring_spans);
    json->Field("in_table_spans", stats.in_table_spans);
    json->Field("in_table_traces", stats.in_table_traces);
    json->Field("in_table_bytes", stats.in_table_bytes);
    json->Field("in_open_batch_spans", stats.in_open_batch_spans);
    json->Field("new_traces", stats.new_traces);
    json->Field("sampled_traces", stats.sampled_traces);
    json->Field("not_sampled_traces", stats.not_sampled_traces);
    json->Field("dropped_traces", stats.dropped_traces);
    WriteCounts("early_traces", stats.early_traces, kEarlyReasonNames, json);
    json->Field("late_sampled_spans", stats.late_sampled_spans);
    json->Field("late_not_sampled_spans", stats.late_not_sampled_spans);
    WriteLag(stats.decision_lag_ms, json);
  });
}

void WriteExporter(const ExporterStats& stats, JsonWriter* json) {
  json->Object([&] {
    json->Field("id", stats.exporter);
    json->Field("server_address", stats.server_address);
    json->Field("state", kBackendStateNames[static_cast<size_t>(stats.state)]);
    json->Field("received_spans", stats.received_spans);
    json->Field("forwarded_spans", stats.forwarded_spans);
    WriteCounts("dropped_spans", stats.dropped_spans, kDropReasonNames, json);
    json->Field("queued_spans", stats.queued_spans);
    json->Field("in_flight_spans", stats.in_flight_spans);
    json->Field("queue_batches", stats.queue_batches);
    json->Field("queue_bytes", stats.queue_bytes);
    json->Field("queue_full", stats.queue_full);
    json->Field("requests_ok", stats.requests_ok);
    json->Field("requests_failed", stats.requests_failed);
    json->Field("retries", stats.retries);
    json->Field("splits", stats.splits);
    json->Field("dead_letter_spans", stats.dead_letter_spans);
    json->Field("oldest_item_s", stats.oldest_item_s);
    json->Field("last_error", stats.last_error);
  });
}

void WriteLedgerLine(const LedgerLine& line, JsonWriter* json) {
  json->Object([&] {
    json->Field("exporter", line.exporter);
    json->Field("accepted", line.accepted);
    json->Field("recovered", line.recovered);
    json->Field("forwarded", line.forwarded);
    json->Field("own", line.own);
    json->Field("dropped_by_policy", line.dropped_by_policy);
    json->Field("dropped", line.dropped_total());
    json->Field("in_ring", line.in_ring);
    json->Field("in_table", line.in_table);
    json->Field("in_open_batch", line.in_open_batch);
    json->Field("in_flight_to_exporter", line.in_flight_to_exporter);
    json->Field("queued", line.queued);
    json->Field("in_flight", line.in_flight);
    json->Field("residual", line.residual);
  });
}

}  // namespace

std::string FlowJson(const Moment& moment, const config::Config& config) {
  const DaemonSnapshot& daemon = moment.daemon;
  JsonWriter json;
  json.Object([&] {
    json.Field("now_unix_ms", moment.unix_ms);
    WriteMemory(moment, &json);
    json.Key("stress").Object([&] {
      for (size_t i = 0; i < kStressBounds; ++i) json.Field(kStressBoundNames[i], daemon.stress[i]);
    });
    // The snapshot has the configuration's receivers and pipelines, in its order.
    json.Key("receivers").Array([&] {
      for (size_t i = 0; i < daemon.receivers.size(); ++i) {
        WriteReceiver(daemon.receivers[i], config.receivers[i], &json);
      }
    });
    json.Key("pipelines").Array([&] {
      for (size_t i = 0; i < daemon.pipelines.size(); ++i) {
        WritePipeline(daemon.pipelines[i], config.pipelines[i], config, &json);
      }
    });
    json.Key("exporters").Array([&] {
      for (const ExporterStats& exporter : daemon.exporters) WriteExporter(exporter, &json);
    });
    json.Key("ledger").Array([&] {
      for (const LedgerLine& line : moment.ledger) WriteLedgerLine(line, &json);
    });
  });
  return json.Take();
}

}  // namespace tailrace
