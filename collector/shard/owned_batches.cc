#include "collector/shard/owned_batches.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace tailrace {
namespace {

// The batches of many owners are smaller each: together they may hold as much as this many of one.
constexpr uint64_t kWholeBatches = 4;
constexpr uint64_t kBytesMin = 64 << 10;

}  // namespace

OwnedBatches::OwnedBatches(KeptBatch::Limits limits, const std::vector<Exporter*>& exporters, KeptBatch::Hand hand,
                           uint8_t hops)
    : limits_(limits), hand_(std::move(hand)), hops_(hops) {
  const auto routing = std::find_if(exporters.begin(), exporters.end(), [](const Exporter* e) { return e->routes(); });
  if (routing != exporters.end()) routing_ = *routing;
  Renew();
}

void OwnedBatches::Renew() {
  Flush();
  router_ = routing_ == nullptr ? nullptr : routing_->router();
  const uint32_t owners = router_ == nullptr ? 1 : router_->owners();
  const uint64_t share = std::max(kBytesMin, limits_.bytes_max * kWholeBatches / owners);
  const KeptBatch::Limits limits{std::min(limits_.bytes_max, share), limits_.spans_max};
  batches_.clear();
  runs_of_.resize(owners);
  for (uint32_t owner = 0; owner < owners; ++owner) {
    batches_.emplace_back(limits, [this, owner](const ExportBatch& gathered) {
      ExportBatch batch = gathered;
      batch.routed_by = router_ == nullptr ? 0 : router_->generation();
      batch.owner = owner;
      batch.hops = hops_;
      hand_(batch);
    });
  }
}

void OwnedBatches::Add(const RunsView& view) {
  Assign(view.runs);
  AddOthers(view);
}

void OwnedBatches::Divide(std::span<const SpanRun> runs, std::vector<uint32_t>* own) {
  Assign(runs);
  own->clear();
  for (uint32_t owner = 0; router_ != nullptr && owner < router_->owners(); ++owner) {
    if (!router_->is_own(owner)) continue;
    own->insert(own->end(), runs_of_[owner].begin(), runs_of_[owner].end());
    runs_of_[owner].clear();
  }
}

void OwnedBatches::Assign(std::span<const SpanRun> all) {
  if (routing_ != nullptr && routing_->router_generation() != (router_ == nullptr ? 0 : router_->generation())) Renew();
  for (std::vector<uint32_t>& runs : runs_of_) runs.clear();
  for (uint32_t i = 0; i < all.size(); ++i) {
    runs_of_[router_ == nullptr ? 0 : router_->OwnerOf(all[i].trace_id)].push_back(i);
  }
}

void OwnedBatches::AddOthers(const RunsView& view) {
  for (size_t owner = 0; owner < batches_.size(); ++owner) {
    if (!runs_of_[owner].empty()) batches_[owner].AddRuns(view, runs_of_[owner]);
  }
}

void OwnedBatches::Flush() {
  for (KeptBatch& batch : batches_) batch.Flush();
}

bool OwnedBatches::empty() const {
  return std::all_of(batches_.begin(), batches_.end(), [](const KeptBatch& batch) { return batch.empty(); });
}

uint32_t OwnedBatches::span_count() const {
  return std::accumulate(batches_.begin(), batches_.end(), uint32_t{0},
                         [](uint32_t sum, const KeptBatch& batch) { return sum + batch.span_count(); });
}

}  // namespace tailrace
