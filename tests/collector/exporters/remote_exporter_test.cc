// RemoteExporter with a transport that answers as a test tells it: splitting, bisecting, dead letters, the queue on
// disk.
#include "collector/exporters/remote_exporter.h"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <set>

#include "gtest/gtest.h"
#include "proto/request_split.h"
#include "tests/collector/exporters/test_batch.h"
#include "tests/support/recording_logger.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: builders and helpers
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Outcome = SendResult::Outcome;

// What the backend saw; outlives the transport.
struct Backend {
  std::function<SendResult(const std::string& payload)> answer = [](const std::string&) { return SendResult(); };
  std::mutex mutex;
  std::vector<std::string> taken;  // guarded by mutex
  uint64_t requests = 0;           // guarded by mutex

  uint64_t spans() {
    std::lock_guard lock(mutex);
    uint64_t count = 0;
    for (const std::string& payload : taken) count += CountSpans(payload);
    return count;
  }
};

class FakeTransport final : public BackendTransport {
 public:
  explicit FakeTransport(Backend& backend) : backend_(backend) {}
  absl::Status Start() override { return absl::OkStatus(); }
  void Send(uint64_t tag, const ExportBatch& batch) override {
    const std::shared_ptr<const std::string>& payload = batch.payload;
    std::lock_guard lock(backend_.mutex);
    ++backend_.requests;
    SendResult result = backend_.answer(*payload);
    if (result.outcome == Outcome::kForwarded) backend_.taken.push_back(*payload);
    answers_.push_back({tag, std::move(result)});
  }
  void Poll(int64_t until_ns, std::vector<TransportAnswer>* answers) override {
    std::unique_lock lock(mutex_);
    if (answers_.empty()) {
      const auto until = until_ns == INT64_MAX
                             ? std::chrono::steady_clock::now() + 1h
                             : std::chrono::steady_clock::time_point(std::chrono::nanoseconds(until_ns));
      wake_.wait_until(lock, until, [this] { return woken_; });
    }
    woken_ = false;
    answers->insert(answers->end(), answers_.begin(), answers_.end());
    answers_.clear();
  }
  void Wake() override {
    {
      std::lock_guard lock(mutex_);
      woken_ = true;
    }
    wake_.notify_one();
  }
  void CancelAll() override {}

 private:
  Backend& backend_;
  std::vector<TransportAnswer> answers_;  // the exporter's thread only
  std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = false;
};

class RemoteExporterTest : public ::testing::Test {
 protected:
  RemoteExporterTest() {
    config_.id.text = "otlp/x";
    config_.retry = {.initial_interval = 5ms, .randomization_factor = 0, .max_interval = 10ms};
    config_.dead_letter.path = directory_.File("dead.jsonl");
    storage_.id.text = "file_storage";
    storage_.directory = directory_.File("queue");
  }

  std::unique_ptr<Exporter> Make(bool stored = false) {
    auto exporter = MakeRemoteExporter(config_, stored ? &storage_ : nullptr, {"backend", "4317"},
                                       std::make_unique<FakeTransport>(backend_), logger_, clock_);
    EXPECT_TRUE(exporter->Start().ok());
    return exporter;
  }
  static ExporterStats Done(Exporter& exporter) {
    EXPECT_TRUE(WaitFor([&] {
      const ExporterStats stats = exporter.Stats();
      EXPECT_TRUE(Balanced(stats));
      const bool buried = stats.dead_letter_spans + stats.dead_letter_failed_spans == DroppedSpans(stats);
      return stats.queued_spans == 0 && stats.in_flight_spans == 0 && buried;
    }));
    return exporter.Stats();
  }
  std::vector<std::string> DeadLetterLines() const {
    std::ifstream file(config_.dead_letter.path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  ScratchDirectory directory_;
  Backend backend_;
  RecordingLogger logger_;
  SystemClock clock_;
  config::BackendConfig config_;
  config::FileStorageConfig storage_;
};

TEST_F(RemoteExporterTest, OneBadSpanAmong8192IsFoundByHalves) {
  const std::string bad = OtlpSpan(77, 4242, "GET /").Times(1, 2).Bytes();
  backend_.answer = [&bad](const std::string& payload) {
    return payload.find(bad) == std::string::npos ? SendResult()
                                                  : SendResult{.outcome = Outcome::kBadData, .error = "a bad span"};
  };
  auto exporter = Make();
  exporter->Offer(TestBatch(77, 8192));
  const ExporterStats stats = Done(*exporter);
  EXPECT_EQ(stats.forwarded_spans, 8191u);
  EXPECT_EQ(backend_.spans(), 8191u);
  EXPECT_EQ(Dropped(stats, DropReason::kRefusedByBackend), 1u);
  EXPECT_EQ(stats.dead_letter_spans, 1u);
  EXPECT_LE(backend_.requests, 1u + 2 * 13);
  const std::vector<std::string> letters = DeadLetterLines();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_NE(letters[0].find("\"reason\":\"refused_by_backend\""), std::string::npos) << letters[0];
  EXPECT_NE(letters[0].find("\"error\":\"a bad span\""), std::string::npos) << letters[0];
}

TEST_F(RemoteExporterTest, ABackendThatRefusesEverythingIsNotAskedForEachSpan) {
  backend_.answer = [](const std::string&) { return SendResult{.outcome = Outcome::kBadData, .error = "no"}; };
  auto exporter = Make();
  exporter->Offer(TestBatch(1, 8192));
  const ExporterStats stats = Done(*exporter);
  EXPECT_EQ(Dropped(stats, DropReason::kRefusedByBackend), 8192u);
  EXPECT_EQ(stats.dead_letter_spans, 8192u);
  EXPECT_LE(backend_.requests, 120u);
}

TEST_F(RemoteExporterTest, TooLargeIsHalvedAndTheSizeRemembered) {
  constexpr size_t kLimit = 20'000;
  backend_.answer = [](const std::string& payload) {
    return payload.size() <= kLimit ? SendResult() : SendResult{.outcome = Outcome::kTooLarge, .error = "413"};
  };
  auto exporter = Make();
  exporter->Offer(TestBatch(1, 1000));
  EXPECT_EQ(Done(*exporter).forwarded_spans, 1000u);
  EXPECT_GT(exporter->Stats().backend_bytes_max, 0u);
  const uint64_t refused = exporter->Stats().requests_failed;
  EXPECT_GT(refused, 0u);
  exporter->Offer(TestBatch(2, 1000));
  EXPECT_EQ(Done(*exporter).forwarded_spans, 2000u);
  EXPECT_EQ(exporter->Stats().requests_failed, refused) << "nothing too large was sent again";
}

TEST_F(RemoteExporterTest, ASpanLargerThanTheBackendTakesIsADeadLetter) {
  backend_.answer = [](const std::string&) { return SendResult{.outcome = Outcome::kTooLarge, .error = "413"}; };
  auto exporter = Make();
  exporter->Offer(TestBatch(1, 3));
  const ExporterStats stats = Done(*exporter);
  EXPECT_EQ(Dropped(stats, DropReason::kTooLarge), 3u);
  EXPECT_EQ(DeadLetterLines().size(), 3u);
}

TEST_F(RemoteExporterTest, AQueueOnDiskOutlivesTheExporter) {
  backend_.answer = [](const std::string&) { return SendResult{.outcome = Outcome::kRetry, .error = "down"}; };
  config_.retry.max_elapsed_time = 0s;
  {
    auto exporter = Make(true);
    for (uint64_t trace = 1; trace <= 20; ++trace) exporter->Offer(TestBatch(trace, 10));
    EXPECT_TRUE(WaitFor([&] { return exporter->Stats().stored_bytes > 0; }));
    exporter->Stop(In(5s));
    const ExporterStats stats = exporter->Stats();
    EXPECT_TRUE(Balanced(stats));
    EXPECT_EQ(DroppedSpans(stats), 0u);
    EXPECT_EQ(stats.queued_spans, 200u) << "left on disk";
  }
  {
    std::lock_guard lock(backend_.mutex);
    backend_.answer = [](const std::string&) { return SendResult(); };
  }
  {
    auto exporter = Make(true);
    const ExporterStats stats = Done(*exporter);
    EXPECT_EQ(stats.recovered_spans, 200u);
    EXPECT_EQ(stats.forwarded_spans, 200u);
    exporter->Stop(In(5s));
  }
  auto exporter = Make(true);
  EXPECT_EQ(exporter->Stats().recovered_spans, 0u) << "what was delivered has been erased";
  EXPECT_EQ(backend_.spans(), 200u);
}

TEST_F(RemoteExporterTest, WhatIsLeftAtTheStopDeadlineIsADeadLetter) {
  backend_.answer = [](const std::string&) { return SendResult{.outcome = Outcome::kRetry, .error = "down"}; };
  auto exporter = Make();
  for (uint64_t trace = 1; trace <= 3; ++trace) exporter->Offer(TestBatch(trace, 10));
  exporter->Stop(In(50ms));
  const ExporterStats stats = exporter->Stats();
  EXPECT_TRUE(Balanced(stats));
  EXPECT_EQ(DroppedSpans(stats), 30u);
  EXPECT_EQ(stats.dead_letter_spans, 30u);
}

TEST_F(RemoteExporterTest, DeadLettersAreRotatedWithinTheirBound) {
  config_.dead_letter.bytes_max = 4000;
  config_.dead_letter.backups = 2;
  backend_.answer = [](const std::string&) { return SendResult{.outcome = Outcome::kDropped, .error = "401"}; };
  auto exporter = Make();
  for (uint64_t trace = 1; trace <= 50; ++trace) exporter->Offer(TestBatch(trace, 3));
  EXPECT_EQ(Done(*exporter).dead_letter_spans, 150u);
  uint64_t files = 0;
  for (const auto& entry : fs::directory_iterator(directory_.path())) {
    ++files;
    EXPECT_LE(fs::file_size(entry.path()), 4000u) << entry.path();
  }
  EXPECT_EQ(files, 3u);
}

TEST_F(RemoteExporterTest, ADeadLetterFileThatCannotBeOpenedStopsTheStart) {
  config_.dead_letter.path = directory_.File("missing/dead.jsonl");
  auto exporter = MakeRemoteExporter(config_, nullptr, {}, std::make_unique<FakeTransport>(backend_), logger_, clock_);
  EXPECT_FALSE(exporter->Start().ok());
}

}  // namespace
}  // namespace tailrace
