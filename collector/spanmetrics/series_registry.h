// SeriesRegistry: which series a spanmetrics connector has, and what each is called. One for a connector, shared by all
// shards: each counts in memory of its own and comes here only when it meets something for the first time.
//
// Guarded: own mutex. What a pointer from here points at never changes. A resource goes, with its series, when the last
// shard that held it has let it go; their ids are used again.
//
// Invariants: ids are dense, from 0. A series is known by its key, a 64-bit keyed hash of resource, operation and
// dimensions that is the same on every shard; among 10^5 series two share a key with a probability of 3 in 10^10. A
// resource that is sealed gets no more series: it has aggregation_cardinality_limit of them, or memory is at its bound.
// Its overflow series takes the rest.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace tailrace {

// Name and value; names as OpenTelemetry has them.
using SeriesLabels = std::vector<std::pair<std::string, std::string>>;

struct CountedResource {
  std::string service;
  SeriesLabels attributes;
};

struct CountedSeries {
  std::shared_ptr<const CountedResource> resource;
  SeriesLabels labels;
};

class SeriesRegistry {
 public:
  struct Limits {
    uint64_t series_of_resource = 0;  // 0: no other bound than the next ones
    uint32_t resources = 1000;
    uint32_t series = 1;       // beside the overflow series, one for each resource
    uint64_t label_bytes = 0;  // of resources and series
  };
  static constexpr uint32_t kNone = UINT32_MAX;
  // What a label takes of label_bytes.
  static constexpr uint64_t BytesOfLabel(uint64_t name_bytes, uint64_t value_bytes) {
    return 2 * sizeof(std::string) + name_bytes + value_bytes;
  }

  // `key_attributes`: those in which resources that are one agree; empty: all.
  SeriesRegistry(const Limits& limits, std::vector<std::string> key_attributes, uint64_t hash_key);

  // The resource of these wire bytes (see ScopeHeader); kNone where it names no service: its spans are not counted. The
  // caller holds it until Release(), once for each call.
  uint32_t FindResource(std::string_view resource_bytes);
  void Release(uint32_t resource);

  struct Answer {
    uint32_t series;
    bool sealed;  // and so `series` may be the overflow
  };
  // The series with that key, made with `labels` where it is new.
  Answer FindSeries(uint32_t resource, uint64_t key, const std::function<SeriesLabels()>& labels);
  uint32_t OverflowOf(uint32_t resource);
  // Key and id of all series of a sealed resource, but not its overflow.
  std::vector<std::pair<uint64_t, uint32_t>> SeriesOf(uint32_t resource) const;

  // What is there already; kNone where nothing is. Nobody holds anything by asking.
  uint32_t KnownResource(std::string_view resource_bytes) const;
  uint32_t KnownSeries(uint64_t key) const;

  // Those with ids up to now, by id; null where the id is free.
  std::vector<std::shared_ptr<const CountedSeries>> AllSeries() const;
  uint64_t size() const;
  // What ids never reach.
  uint32_t series_max() const { return limits_.series + limits_.resources + 1; }

 private:
  struct Resource {
    std::shared_ptr<const CountedResource> counted;
    uint64_t key = 0;
    uint64_t holders = 0;
    uint64_t label_bytes = 0;
    std::vector<std::pair<uint64_t, uint32_t>> series;
    uint32_t overflow = kNone;
    bool sealed = false;
  };
  // Of a resource, by those of its attributes that count.
  uint64_t KeyOf(const SeriesLabels& attributes) const;
  uint32_t AddSeries(const Resource& resource, SeriesLabels labels);
  void FreeSeries(uint32_t series);
  bool TakeBytes(const SeriesLabels& labels, Resource* resource);

  const Limits limits_;
  const std::vector<std::string> key_attributes_;
  const uint64_t hash_key_;

  mutable std::mutex mutex_;
  // By id; the first is that of all resources beyond the limit.
  std::vector<std::unique_ptr<Resource>> resources_;
  std::vector<uint32_t> free_resources_;
  absl::flat_hash_map<uint64_t, uint32_t> resource_of_;
  std::vector<std::shared_ptr<const CountedSeries>> series_;
  std::vector<uint32_t> free_series_;
  absl::flat_hash_map<uint64_t, uint32_t> series_of_;
  uint32_t overflows_ = 0;
  uint64_t label_bytes_ = 0;
};

}  // namespace tailrace
