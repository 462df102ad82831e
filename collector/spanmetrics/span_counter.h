// SpanCounter: one shard's part of a spanmetrics connector: counts every span of a request that was taken, or every
// event of every span, into series by resource, operation and dimensions.
//
// Single-writer: the shard's thread. The tables are reserved at start for as many series as the registry ever gives
// out; only what meets a new series or a new resource allocates and takes the registry's lock.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/mapped_array.h"
#include "base/xorshift.h"
#include "collector/spanmetrics/dimension_values.h"
#include "collector/spanmetrics/series_registry.h"
#include "collector/spanmetrics/span_metrics_plan.h"
#include "proto/request_scanner.h"

namespace tailrace {

class SpanCounter {
 public:
  // Both outlive this.
  SpanCounter(const SpanMetricsPlan& plan, SeriesRegistry* registry, uint64_t seed);

  // `scanned` is of `request`, all of which has been taken.
  void Count(std::string_view request, const ScannedRequest& scanned, int64_t now_ns = 0);

  // When each resource was last counted here, by its id in the registry, where that is later than what `seen` has.
  void AddLastSeen(absl::flat_hash_map<uint32_t, int64_t>* seen) const;
  // Lets go of those of `resources` that were last counted at `before_ns` or earlier, and starts their series anew.
  void Forget(const std::vector<uint32_t>& resources, int64_t before_ns);

  // Adds at most `count` series from the place `from` on to `sums`, which is by series id and in words as above; false
  // where there are no more.
  bool AddTo(uint32_t from, uint32_t count, std::vector<uint64_t>* sums) const;
  // Spans that are counted in an overflow series, or have events that are.
  uint64_t overflow_spans() const { return overflow_spans_; }

 private:
  struct Slot {
    uint64_t key;
    uint32_t place_plus_1;
  };
  struct Held {
    uint64_t key;
    uint32_t place;
  };
  struct Resource {
    uint32_t id;    // kNone: a free place
    uint64_t seed;  // of its series' keys
    int64_t last_seen_ns = 0;
    std::vector<Held> series;
    bool sealed = false;
    uint32_t overflow_place = SeriesRegistry::kNone;
  };

  // The ResourceSpans of the request that are being counted.
  struct Here {
    uint32_t header = SeriesRegistry::kNone;          // the last one that was entered
    uint32_t resource_spans = SeriesRegistry::kNone;  // see ScopeHeader
    std::string_view bytes;
    uint32_t resource = SeriesRegistry::kNone;  // in resources_; kNone: it is not counted
  };

  // A span on its way to its series: many are looked up together, so that the memory they need is on its way.
  struct Call {
    uint64_t key;
    uint32_t place;   // in series_
    uint32_t bucket;  // of the histogram, where there is one
    SpanBrief brief;
  };

  const SpanMetricsPlan& plan_;
  SeriesRegistry* const registry_;

  void CountSpans(std::string_view request, const ScannedRequest& scanned, int64_t now_ns);
  void CountEvents(std::string_view request, const ScannedRequest& scanned, int64_t now_ns);
  void Enter(std::string_view request, const ScannedRequest& scanned, uint32_t header, int64_t now_ns);
  uint32_t ResourceOf(std::string_view resource_bytes);
  uint64_t OperationKey(const SpanBrief& brief, std::string_view request) const;
  void RecordCalls(std::string_view request, const ScannedRequest& scanned, int64_t now_ns);
  // kNone: a series that is new here.
  uint32_t FindPlace(uint64_t key) const;
  uint32_t NewPlace(uint64_t key, const SpanBrief& brief, std::string_view request);
  uint32_t Overflow(Resource* resource);
  void Seal(Resource* resource);
  uint32_t AddPlace(uint32_t series);
  void Insert(uint64_t key, uint32_t place, Resource* resource);
  void Erase(uint64_t key);
  void FreePlace(uint32_t place);
  SeriesLabels LabelsOf(const SpanBrief& brief, std::string_view request) const;
  uint64_t Weight(const SpanBrief& brief, std::string_view request);
  void Record(const Call& call, uint64_t weight);

  MappedArray<Slot> slots_;
  MappedArray<uint64_t> words_;
  uint64_t slot_mask_;
  std::vector<uint32_t> series_;                         // by place; kNone: a free one
  std::vector<uint32_t> free_places_;                    // in series_
  std::vector<Resource> resources_;                      // no more than the registry has
  std::vector<uint32_t> free_resources_;                 // in resources_
  absl::flat_hash_map<uint32_t, uint32_t> place_of_id_;  // in resources_
  absl::flat_hash_map<uint64_t, uint32_t> resource_of_;  // by hash of the wire bytes; kNone: not counted
  std::array<Call, 64> calls_;                           // scratch
  uint32_t call_count_ = 0;
  Here here_;
  DimensionValues values_;  // of what is being counted
  // Labels of the dimensions from which on those of this span's events are too long to be shown.
  uint64_t too_long_ = UINT64_MAX;
  Xorshift random_;
  uint64_t overflow_spans_ = 0;
};

}  // namespace tailrace
