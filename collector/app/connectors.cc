#include "collector/app/connectors.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "collector/spanmetrics/prometheus_page.h"

namespace tailrace {
namespace {

// Behind a connector that routes: those of the pipelines before it. What members send each other is not counted again
// (Shard::Take), so over all members each span counts once, where it came first.
std::vector<uint32_t> ReceiversOf(const config::PipelineConfig& pipeline, const config::Config& config) {
  std::vector<uint32_t> receivers = pipeline.receivers;
  for (const config::PipelineConfig& other : config.pipelines) {
    const bool feeds = std::any_of(pipeline.routers.begin(), pipeline.routers.end(), [&other](uint32_t router) {
      return std::count(other.exporters.begin(), other.exporters.end(), router) > 0;
    });
    if (feeds) receivers.insert(receivers.end(), other.receivers.begin(), other.receivers.end());
  }
  return receivers;
}

}  // namespace

Connectors::Connectors(const config::Config& config, const MemoryPlan& plan, std::string instance_id, uint64_t hash_key,
                       SpanMetrics::OnShard on_shard, Kept recent_kept, const Clock& clock, Logger& logger)
    : config_(config),
      on_shard_(std::move(on_shard)),
      recent_kept_(std::move(recent_kept)),
      clock_(clock),
      logger_(logger) {
  for (size_t i = 0; i < config.span_metrics.size(); ++i) {
    const std::vector<SeriesOf> parts = PartsOf(config.span_metrics[i]);
    const uint32_t series_max = std::max(1u, plan.series_max[i] / static_cast<uint32_t>(parts.size()));
    auto& made = metrics_.emplace_back();
    for (const SeriesOf part : parts) {
      const SpanMetrics::Options options{.what = part,
                                         .shards = plan.shards,
                                         .series_max = series_max,
                                         .label_bytes_max = series_max * kLabelBytesPerSeries,
                                         .instance_id = instance_id,
                                         .hash_key = hash_key + i};
      made.push_back(std::make_unique<SpanMetrics>(config.span_metrics[i], options));
    }
  }
}

std::vector<std::vector<SpanCounter*>> Connectors::CountersOf(uint32_t shard) const {
  std::vector<std::vector<SpanCounter*>> counters(config_.receivers.size());
  for (const config::PipelineConfig& pipeline : config_.pipelines) {
    for (const uint32_t receiver : ReceiversOf(pipeline, config_)) {
      for (const uint32_t connector : pipeline.connectors) {
        for (const auto& part : metrics_[connector]) counters[receiver].push_back(part->counter(shard));
      }
    }
  }
  return counters;
}

absl::Status Connectors::Start(AccessKeeper& access) {
  for (uint32_t i = 0; i < config_.prometheus_exporters.size(); ++i) {
    const config::PrometheusExporterConfig& exporter = config_.prometheus_exporters[i];
    const auto failed = [&exporter](const absl::Status& status) {
      return absl::Status(status.code(), "exporters::" + exporter.id.text + ": " + std::string(status.message()));
    };
    AdminServer& server = *servers_.emplace_back(std::make_unique<AdminServer>());
    server.AddRoute(
        {.path = "/metrics", .handler = [this, i](const AdminRequest& request) { return Show(i, request.accept); }});
    const absl::StatusOr<ListenerAccess*> who = access.Add(exporter.id.text, exporter, /*http2=*/false);
    if (!who.ok()) return failed(who.status());
    server.SetAccess(*who);
    const absl::StatusOr<uint16_t> port = server.Start(exporter.host, exporter.port);
    if (!port.ok()) return failed(port.status());
    logger_.Info(exporter.id.text, "Showing metrics", {{"endpoint", exporter.host + ":" + std::to_string(*port)}});
  }
  return absl::OkStatus();
}

void Connectors::Stop() {
  for (const auto& server : servers_) server->Stop();
}

void Connectors::AddTo(DaemonSnapshot* snapshot) const {
  for (size_t i = 0; i < metrics_.size(); ++i) {
    ConnectorStats& stats = snapshot->connectors.emplace_back();
    stats.connector = config_.span_metrics[i].id.text;
    for (const auto& part : metrics_[i]) {
      stats.series += part->series();
      // A span that finds no place in the one metric may find none in the other.
      stats.overflow_spans = std::max(stats.overflow_spans, part->OverflowSpans(on_shard_));
    }
  }
}

AdminResponse Connectors::Show(uint32_t exporter, const std::string& accept) const {
  const config::PrometheusExporterConfig& shower = config_.prometheus_exporters[exporter];
  const MetricsFormat format = shower.open_metrics ? FormatFor(accept) : MetricsFormat::kText;
  PrometheusPage page(shower, clock_.WallNs() / 1'000'000);
  std::optional<std::vector<KeptTrace>> kept;  // once somebody wants it
  std::vector<bool> shown(metrics_.size());
  for (const config::MetricsPipelineConfig& pipeline : config_.metrics_pipelines) {
    if (std::count(pipeline.exporters.begin(), pipeline.exporters.end(), exporter) == 0) continue;
    for (const uint32_t connector : pipeline.connectors) {
      if (shown[connector]) continue;
      shown[connector] = true;
      const bool exemplars = format == MetricsFormat::kOpenMetrics && config_.span_metrics[connector].exemplars;
      if (exemplars && !kept.has_value()) kept = recent_kept_();
      for (const auto& part : metrics_[connector]) {
        part->Expire(clock_.MonotonicNs(), on_shard_);
        page.Add(part->plan(), part->Collect(on_shard_, exemplars ? std::span(*kept) : std::span<const KeptTrace>()));
      }
    }
  }
  return {.content_type = ContentTypeOf(format), .body = page.Text(format)};
}

}  // namespace tailrace
