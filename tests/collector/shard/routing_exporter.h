// An exporter that routes, by the last byte of the trace id, as a test says, and keeps what it is offered.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "collector/exporters/exporter.h"

namespace tailrace::testing {

class LastByte final : public TraceRouter {
 public:
  static constexpr uint32_t kNobody = UINT32_MAX;

  LastByte(uint64_t generation, uint32_t owners, uint32_t own) : generation_(generation), owners_(owners), own_(own) {}
  uint64_t generation() const override { return generation_; }
  uint32_t owners() const override { return owners_; }
  uint32_t OwnerOf(const TraceId& id) const override { return id.bytes[15] % owners_; }
  bool is_own(uint32_t owner) const override { return owner == own_; }

 private:
  const uint64_t generation_;
  const uint32_t owners_;
  const uint32_t own_;
};

class RoutingExporter final : public Exporter {
 public:
  absl::Status Start() override { return absl::OkStatus(); }
  void Offer(const ExportBatch& batch) override {
    const std::lock_guard lock(mutex_);
    batches_.push_back(batch);
  }
  void Stop(std::chrono::steady_clock::time_point) override {}
  ExporterStats Stats() const override { return {}; }
  bool routes() const override { return true; }
  std::shared_ptr<const TraceRouter> router() const override { return router_; }
  uint64_t router_generation() const override { return router_ == nullptr ? 0 : router_->generation(); }

  // Before anything is offered, or on the thread that offers.
  void Use(uint64_t generation, uint32_t owners, uint32_t own = LastByte::kNobody) {
    router_ = std::make_shared<LastByte>(generation, owners, own);
  }
  std::vector<ExportBatch> batches() const {
    const std::lock_guard lock(mutex_);
    return batches_;
  }
  uint64_t spans() const {
    uint64_t sum = 0;
    for (const ExportBatch& batch : batches()) sum += batch.spans;
    return sum;
  }

 private:
  std::shared_ptr<const TraceRouter> router_;
  mutable std::mutex mutex_;
  std::vector<ExportBatch> batches_;
};

}  // namespace tailrace::testing
