#include "collector/exporters/dead_letters.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "collector/exporters/line_file.h"
#include "proto/json_string.h"
#include "proto/json_writer.h"

namespace tailrace {
namespace {

namespace fs = std::filesystem;

constexpr size_t kErrorMax = 500;

void AppendText(std::string_view key, std::string_view text, std::string* line) {
  absl::StrAppend(line, ",\"", absl::string_view(key.data(), key.size()), "\":");
  AppendJsonString(text, line);
}

class RotatedFile final : public DeadLetters {
 public:
  RotatedFile(const config::DeadLetterConfig& config, const Clock& clock) : config_(config), clock_(clock) {}

  absl::Status Open() {
    std::error_code error;
    const fs::path path(config_.path);
    if (fs::is_directory(path, error)) {
      return absl::InvalidArgumentError(absl::StrCat("dead_letter: '", config_.path, "' is a directory"));
    }
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, error)) {
      return absl::NotFoundError(absl::StrCat("dead_letter: the directory '", folder.string(), "' is not there"));
    }
    return Reopen();
  }

  bool Write(const DeadLetter& letter) override {
    std::string line;
    if (!WriteOtlpJson(letter.payload, &line)) return Fail("a request that is no OTLP");
    // Beside the request, in one object: whoever reads OTLP JSON passes over keys that it does not know.
    line.pop_back();
    line.append(line.size() > 1 ? "," : "").append("\"tailrace\":{\"spans\":");
    absl::StrAppend(&line, letter.spans);
    AppendText("exporter", letter.exporter, &line);
    AppendText("reason", kDropReasonNames[static_cast<size_t>(letter.reason)], &line);
    AppendText("error", letter.error.substr(0, kErrorMax), &line);
    AppendText("time",
               absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixNanos(clock_.WallNs()), absl::UTCTimeZone()),
               &line);
    line.append("}}\n");
    std::lock_guard lock(mutex_);
    if (size_ > 0 && size_ + line.size() > config_.bytes_max) Rotate();
    if (file_ == nullptr) {
      if (absl::Status status = Reopen(); !status.ok()) return Note(status);
    }
    if (absl::Status status = file_->Append(line); !status.ok()) return Note(status);
    size_ += line.size();
    return true;
  }

  std::string last_error() const override {
    std::lock_guard lock(mutex_);
    return last_error_;
  }

 private:
  bool Fail(std::string_view why) {
    std::lock_guard lock(mutex_);
    last_error_ = why;
    return false;
  }
  bool Note(const absl::Status& status) {
    last_error_ = std::string(status.message());
    return false;
  }

  absl::Status Reopen() {
    auto file = std::make_unique<LineFile>();
    if (absl::Status status = file->Open(config_.path, true); !status.ok()) return status;
    chmod(config_.path.c_str(), S_IRUSR | S_IWUSR);  // traces may hold anything
    std::error_code error;
    size_ = fs::file_size(config_.path, error);
    if (error) size_ = 0;
    file_ = std::move(file);
    return absl::OkStatus();
  }

  std::string Backup(uint32_t number) const { return absl::StrCat(config_.path, ".", number); }

  // path becomes path.1, path.1 path.2 and so on; the last one goes.
  void Rotate() {
    file_.reset();
    std::error_code error;
    if (config_.backups == 0) {
      fs::remove(config_.path, error);
      return;
    }
    fs::remove(Backup(config_.backups), error);
    for (uint32_t number = config_.backups; number > 1; --number) {
      fs::rename(Backup(number - 1), Backup(number), error);
    }
    fs::rename(config_.path, Backup(1), error);
  }

  const config::DeadLetterConfig config_;
  const Clock& clock_;

  mutable std::mutex mutex_;
  std::unique_ptr<LineFile> file_;  // guarded by mutex_; null: to be opened
  uint64_t size_ = 0;               // guarded by mutex_
  std::string last_error_;          // guarded by mutex_
};

}  // namespace

absl::StatusOr<std::unique_ptr<DeadLetters>> OpenDeadLetters(const config::DeadLetterConfig& config,
                                                             const Clock& clock) {
  auto file = std::make_unique<RotatedFile>(config, clock);
  if (absl::Status status = file->Open(); !status.ok()) return status;
  return file;
}

}  // namespace tailrace
