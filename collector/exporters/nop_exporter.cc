#include "collector/exporters/nop_exporter.h"

#include <atomic>
#include <string>

namespace tailrace {
namespace {

class NopExporter final : public Exporter {
 public:
  explicit NopExporter(const config::NopExporterConfig& config) : name_(config.id.text) {}

  absl::Status Start() override { return absl::OkStatus(); }

  // Relaxed: the counts publish nothing but themselves.
  void Offer(const ExportBatch& batch) override {
    spans_.fetch_add(batch.spans, std::memory_order_relaxed);
    requests_.fetch_add(1, std::memory_order_relaxed);
  }

  void Stop(std::chrono::steady_clock::time_point) override {}

  ExporterStats Stats() const override {
    ExporterStats stats;
    stats.exporter = name_;
    stats.received_spans = stats.forwarded_spans = spans_.load(std::memory_order_relaxed);
    stats.requests_ok = requests_.load(std::memory_order_relaxed);
    return stats;
  }

 private:
  const std::string name_;
  std::atomic<uint64_t> spans_{0};
  std::atomic<uint64_t> requests_{0};
};

}  // namespace

std::unique_ptr<Exporter> MakeNopExporter(const config::NopExporterConfig& config) {
  return std::make_unique<NopExporter>(config);
}

}  // namespace tailrace
