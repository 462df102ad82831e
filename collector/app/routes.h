// Which pipelines the receivers and the connectors that route feed, as the shards want to know it; and the way back
// from a connector to the shards. The main thread, but for what TakeOwnBy() returns.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "collector/exporters/exporter.h"
#include "collector/shard/shard.h"
#include "config/model.h"

namespace tailrace {

struct Routes {
  std::vector<std::vector<uint32_t>> by_source;  // Shard::Options::routes
  std::vector<Shard::Routing> routing;           // likewise
  // The exporters that are connectors, as indices into Config::exporters; the first one's source is the number of
  // receivers, and so on.
  std::vector<uint32_t> connectors;
};

Routes RoutesOf(const config::Config& config);

using Shards = std::vector<std::unique_ptr<Shard>>;

// Whether all that one shard handed to another has been taken.
bool DrainRings(const Shards& shards);

// At the end, before the samplers decide what is left: what the connectors `own` found to be this process's goes the
// way of all that is, until `deadline_ns` at the latest; after it they drop it.
void TakeLastOwn(const Shards& shards, const std::vector<Exporter*>& own, const Clock& clock, int64_t deadline_ns);

// For Exporter::GiveOwnTo(): to the shards by turns, as from `source`. The shards run until it is taken back.
TakeOwn TakeOwnBy(const Shards& shards, uint32_t source);

// The bound for spans that go to an exporter that routes; 0: it does not.
uint8_t HopsMaxOf(const config::ExporterConfig& exporter);

}  // namespace tailrace
