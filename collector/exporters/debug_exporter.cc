#include "collector/exporters/debug_exporter.h"

#include <string>
#include <utility>

#include "collector/exporters/detailed_text.h"
#include "collector/exporters/threaded_exporter.h"
#include "collector/exporters/trace_text.h"

namespace tailrace {
namespace {

class DebugExporter final : public ThreadedExporter {
 public:
  DebugExporter(const config::DebugExporterConfig& config, Logger& exporter_logger, const Clock& exporter_clock)
      : ThreadedExporter(config.id, std::chrono::hours(1), exporter_logger, exporter_clock),
        verbosity_(config.verbosity) {}
  ~DebugExporter() override { Join(); }

  absl::Status Start() override {
    StartThread();
    return absl::OkStatus();
  }

 private:
  void Write(QueuedBatch item) override {
    const ExportBatch& batch = item.batch;
    if (verbosity_ == config::Verbosity::kNormal) {
      for (const std::string& text : TraceTexts(*batch.payload)) logger().Info(name(), text);
    } else {
      logger().Info(name(), "Traces",
                    {{"traces", std::to_string(batch.traces)}, {"spans", std::to_string(batch.spans)}});
      if (verbosity_ == config::Verbosity::kDetailed) logger().Info(name(), DetailedText(*batch.payload));
    }
    Done(std::move(item), SendResult());
  }

  const config::Verbosity verbosity_;
};

}  // namespace

std::unique_ptr<Exporter> MakeDebugExporter(const config::DebugExporterConfig& config, Logger& logger,
                                            const Clock& clock) {
  return std::make_unique<DebugExporter>(config, logger, clock);
}

}  // namespace tailrace
