#include "collector/app/routes.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <variant>

namespace tailrace {

uint8_t HopsMaxOf(const config::ExporterConfig& exporter) {
  const auto* balancing = std::get_if<config::LoadBalancingConfig>(&exporter);
  return balancing == nullptr ? uint8_t{0} : static_cast<uint8_t>(balancing->hops_max);
}

bool DrainRings(const Shards& shards) {
  bool drained = true;
  for (const auto& shard : shards) shard->Run([&] { drained &= shard->DrainRings(); });
  return drained;
}

void TakeLastOwn(const Shards& shards, const std::vector<Exporter*>& own, const Clock& clock, int64_t deadline_ns) {
  for (const auto& shard : shards) shard->Run([&] { shard->FlushThrough(); });
  for (Exporter* exporter : own) {
    while (!exporter->own_settled() && clock.MonotonicNs() < deadline_ns) DrainRings(shards);
    exporter->GiveOwnTo(nullptr);
  }
  while (!DrainRings(shards) && clock.MonotonicNs() < deadline_ns) {
  }
}

TakeOwn TakeOwnBy(const Shards& shards, uint32_t source) {
  return [&shards, source, turn = size_t{0}](const ExportBatch& batch) mutable {
    Shard& shard = *shards[turn++ % shards.size()];
    IngestResult taken;
    shard.Run([&] { taken = shard.TakeOwn(*batch.payload, source); });
    SendResult result{.error = std::string(taken.message)};
    if (taken.code == IngestCode::kOverloaded) {
      result.outcome = SendResult::Outcome::kRetry;
      result.retry_after = std::chrono::milliseconds(taken.retry_after_ms);
    } else if (taken.code == IngestCode::kTooLarge) {
      result.outcome = SendResult::Outcome::kTooLarge;
    } else if (taken.code != IngestCode::kOk) {
      result.outcome = SendResult::Outcome::kBadData;
    }
    return result;
  };
}

Routes RoutesOf(const config::Config& config) {
  Routes routes;
  routes.by_source.resize(config.receivers.size());
  routes.routing.resize(config.receivers.size());
  for (uint32_t i = 0; i < config.exporters.size(); ++i) {
    const auto* balancing = std::get_if<config::LoadBalancingConfig>(&config.exporters[i]);
    if (balancing == nullptr || !balancing->is_connector) continue;
    std::vector<uint32_t>& fed = routes.by_source.emplace_back();
    for (uint32_t pipeline = 0; pipeline < config.pipelines.size(); ++pipeline) {
      const std::vector<uint32_t>& routers = config.pipelines[pipeline].routers;
      if (std::count(routers.begin(), routers.end(), i) > 0) fed.push_back(pipeline);
    }
    routes.connectors.push_back(i);
  }
  for (uint32_t i = 0; i < config.pipelines.size(); ++i) {
    for (const uint32_t receiver : config.pipelines[i].receivers) {
      routes.by_source[receiver].push_back(i);
      Shard::Routing& routing = routes.routing[receiver];
      for (const uint32_t exporter : config.pipelines[i].exporters) {
        const auto connector = std::find(routes.connectors.begin(), routes.connectors.end(), exporter);
        if (connector != routes.connectors.end()) {
          routing.pipeline = static_cast<int32_t>(i);
          routing.source = static_cast<uint32_t>(config.receivers.size() +
                                                 static_cast<size_t>(connector - routes.connectors.begin()));
        } else if (const uint8_t hops_max = HopsMaxOf(config.exporters[exporter]); hops_max != 0) {
          routing.hops_max = std::min(routing.hops_max, hops_max);
        }
      }
    }
  }
  return routes;
}

}  // namespace tailrace
