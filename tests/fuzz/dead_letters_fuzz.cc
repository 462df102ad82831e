// Any bytes as a request that could not be delivered, and their end as the words about why: the line in the dead-letter
// file reads back, as `tailrace replay-dead-letter` reads it, with every span.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include "absl/status/statusor.h"
#include "collector/exporters/dead_letters.h"
#include "proto/json_reader.h"
#include "proto/request_scanner.h"
#include "proto/request_split.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/manual_clock.h"
#include "tests/support/scratch_directory.h"

namespace tailrace::testing {
namespace {

constexpr size_t kWordsBytes = 60;

// A file that holds the latest line only.
class OneLine {
 public:
  OneLine() {
    auto letters = OpenDeadLetters({.path = path(), .bytes_max = 1, .backups = 0}, clock_);
    Require(letters.ok(), "a file");
    letters_ = *std::move(letters);
  }

  bool Write(const DeadLetter& letter) { return letters_->Write(letter); }
  std::string last_error() const { return letters_->last_error(); }
  std::string Read() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string path() const { return folder_.File("letters"); }

  ManualClock clock_;
  ScratchDirectory folder_;
  std::unique_ptr<DeadLetters> letters_;
};

}  // namespace
}  // namespace tailrace::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace;           // NOLINT
  using namespace tailrace::testing;  // NOLINT
  static OneLine file;
  const std::string_view payload = AsText(data, size);
  const std::string_view words = payload.substr(size - std::min<size_t>(size, kWordsBytes));
  const uint32_t spans = CountSpans(payload);
  const bool written = file.Write({.exporter = words, .error = words, .payload = payload, .spans = spans});
  ScannedRequest scan;
  const bool request = ScanRequest(payload, &scan) == ScanError::kNone;
  if (!written) {
    Require(!file.last_error().empty(), "a failure has its text");
    return 0;
  }
  const std::string line = file.Read();
  Require(!line.empty() && line.find('\n') == line.size() - 1, "one letter, one line", line);
  if (!request) return 0;  // no such payload comes here: the receivers refuse it
  std::string back;
  const absl::Status status = ParseOtlpJson(line.substr(0, line.size() - 1), &back);
  Require(status.ok(), "a letter reads back", std::string(status.message()) + "\n" + line);
  Require(CountSpans(back) == spans, "with every span", line);
  ScannedRequest scan_back;
  Require(ScanRequest(back, &scan_back) == ScanError::kNone && scan_back.span_count == scan.span_count,
          "and every span's trace", line);
  return 0;
}
