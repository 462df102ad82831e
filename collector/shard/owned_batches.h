// OwnedBatches: what a pipeline that does not sample has open for its exporters: one batch, or, where one of them
// routes, one for each owner, so that the exporter need not take them apart again and each span is copied once.
//
// Single-writer. The batches of all owners together are as large as a few of one; each is handed on when it is full, or
// by Flush() (the caller's timer).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "collector/exporters/exporter.h"
#include "collector/shard/kept_batch.h"
#include "collector/shard/runs_view.h"

namespace tailrace {

class OwnedBatches {
 public:
  // `exporters` outlive it; the first one that routes is asked who owns what.
  // `hops`: how often all that comes has been routed before.
  OwnedBatches(KeptBatch::Limits limits, const std::vector<Exporter*>& exporters, KeptBatch::Hand hand,
               uint8_t hops = 0);
  OwnedBatches(const OwnedBatches&) = delete;  // its batches know where it is
  OwnedBatches& operator=(const OwnedBatches&) = delete;

  void Add(const RunsView& view);
  // The same in two steps, with a decision of the caller's between them: what is this process's own, as indices, is the
  // caller's; AddOthers(), with the same runs, takes the rest.
  void Divide(std::span<const SpanRun> runs, std::vector<uint32_t>* own);
  void AddOthers(const RunsView& view);
  void Flush();
  bool empty() const;
  uint32_t span_count() const;

 private:
  // By the router of now. What is open goes as it is.
  void Renew();
  void Assign(std::span<const SpanRun> runs);

  const KeptBatch::Limits limits_;
  const Exporter* routing_ = nullptr;  // null: none of them routes
  const KeptBatch::Hand hand_;
  const uint8_t hops_;
  std::shared_ptr<const TraceRouter> router_;   // null: one batch for all
  std::vector<KeptBatch> batches_;              // by owner
  std::vector<std::vector<uint32_t>> runs_of_;  // scratch: the runs at hand, by owner
};

}  // namespace tailrace
