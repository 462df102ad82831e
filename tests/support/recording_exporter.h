// RecordingExporter: takes every batch at once and keeps it. Any thread.
#pragma once

#include <mutex>
#include <vector>

#include "collector/exporters/exporter.h"

namespace tailrace::testing {

class RecordingExporter final : public Exporter {
 public:
  absl::Status Start() override { return absl::OkStatus(); }
  void Offer(const ExportBatch& batch) override {
    const std::lock_guard lock(mutex_);
    batches_.push_back(batch);
    stats_.received_spans += batch.spans;
    stats_.forwarded_spans += batch.spans;
  }
  void Stop(std::chrono::steady_clock::time_point) override {}
  ExporterStats Stats() const override {
    const std::lock_guard lock(mutex_);
    return stats_;
  }
  std::vector<ExportBatch> batches() const {
    const std::lock_guard lock(mutex_);
    return batches_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<ExportBatch> batches_;
  ExporterStats stats_;
};

}  // namespace tailrace::testing
