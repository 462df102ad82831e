#include "collector/exporters/file_exporter.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "collector/exporters/line_file.h"
#include "collector/exporters/threaded_exporter.h"
#include "proto/json_writer.h"

namespace tailrace {
namespace {

// Written at once when this much text is gathered.
constexpr size_t kGatheredBytes = size_t{1} << 20;
constexpr config::Duration kFlushIntervalMin = std::chrono::milliseconds(1);

class FileExporter final : public ThreadedExporter {
 public:
  FileExporter(const config::FileExporterConfig& config, Logger& exporter_logger, const Clock& exporter_clock)
      : ThreadedExporter(config.id, std::max(config.flush_interval, kFlushIntervalMin), exporter_logger,
                         exporter_clock),
        config_(config) {}
  ~FileExporter() override { Join(); }

  absl::Status Start() override {
    if (absl::Status opened = file_.Open(config_.path, config_.append); !opened.ok()) return opened;
    StartThread();
    return absl::OkStatus();
  }

 private:
  void Write(QueuedBatch item) override {
    if (!WriteOtlpJson(*item.batch.payload, &lines_)) {
      Done(std::move(item), Failure("the batch is no OTLP"));
      return;
    }
    lines_.push_back('\n');
    gathered_.push_back(std::move(item));
    if (lines_.size() >= kGatheredBytes) Tick();
  }

  void Tick() override {
    if (gathered_.empty()) return;
    const absl::Status written = file_.Append(lines_);
    const SendResult result =
        written.ok() ? SendResult() : Failure("cannot write '" + config_.path + "': " + std::string(written.message()));
    lines_.clear();
    for (QueuedBatch& item : std::exchange(gathered_, {})) Done(std::move(item), result);
  }

  static SendResult Failure(std::string error) {
    SendResult result;
    result.outcome = SendResult::Outcome::kDropped;
    result.reason = DropReason::kWriteFailed;
    result.error = std::move(error);
    return result;
  }

  const config::FileExporterConfig config_;

  // Single-writer: the thread's from Start() on.
  LineFile file_;
  std::string lines_;
  std::vector<QueuedBatch> gathered_;  // whose lines are in lines_
};

}  // namespace

std::unique_ptr<Exporter> MakeFileExporter(const config::FileExporterConfig& config, Logger& logger,
                                           const Clock& clock) {
  return std::make_unique<FileExporter>(config, logger, clock);
}

}  // namespace tailrace
