// The file exporter: what is offered stands in the file, a line a batch; a disk that refuses is counted and survived.
#include "collector/exporters/file_exporter.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "proto/json_writer.h"
#include "tests/collector/exporters/test_batch.h"
#include "tests/support/recording_logger.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: builders and helpers
using namespace std::chrono_literals;

class FileExporterTest : public ::testing::Test {
 protected:
  FileExporterTest() {
    config_.id = {"file", "", "file"};
    config_.path = directory_ / "out" / "traces.jsonl";
    config_.flush_interval = 10ms;
  }
  ~FileExporterTest() override {
    exporter_.reset();
    std::filesystem::remove_all(directory_);
  }
  void Start() {
    exporter_ = MakeFileExporter(config_, logger_, clock_);
    ASSERT_TRUE(exporter_->Start().ok());
  }
  std::vector<std::string> Lines() const {
    std::vector<std::string> lines;
    std::ifstream file(config_.path);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  static std::string JsonOf(const ExportBatch& batch) {
    std::string json;
    EXPECT_TRUE(WriteOtlpJson(*batch.payload, &json));
    return json;
  }

  const std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("tailrace_file_" + std::to_string(::getpid()));
  SystemClock clock_;
  RecordingLogger logger_;
  config::FileExporterConfig config_;
  std::unique_ptr<Exporter> exporter_;
};

TEST_F(FileExporterTest, ALineABatchInOrder) {
  Start();
  std::vector<std::string> expected;
  for (int i = 1; i <= 200; ++i) {
    const ExportBatch batch = TestBatch(i, 1 + i % 50);
    expected.push_back(JsonOf(batch));
    exporter_->Offer(batch);
  }
  exporter_->Stop(In(30s));
  EXPECT_EQ(Lines(), expected);
  EXPECT_EQ(DroppedSpans(exporter_->Stats()), 0u);
}

TEST_F(FileExporterTest, TheFlushIntervalWritesWithoutStop) {
  Start();
  const ExportBatch batch = TestBatch(1, 3);
  exporter_->Offer(batch);
  ASSERT_TRUE(WaitFor([&] { return exporter_->Stats().forwarded_spans == 3; }));
  EXPECT_EQ(Lines(), std::vector<std::string>{JsonOf(batch)});
}

TEST_F(FileExporterTest, AppendKeepsWhatIsThere) {
  Start();
  exporter_->Offer(TestBatch(1, 1));
  exporter_->Stop(In(30s));
  config_.append = true;
  Start();
  exporter_->Offer(TestBatch(2, 1));
  exporter_->Stop(In(30s));
  EXPECT_EQ(Lines().size(), 2u);
  config_.append = false;
  Start();
  EXPECT_TRUE(Lines().empty());
}

TEST_F(FileExporterTest, APathThatCannotBeOpenedStopsTheStart) {
  config_.path = "/proc/nothing/traces.jsonl";
  EXPECT_FALSE(MakeFileExporter(config_, logger_, clock_)->Start().ok());
}

TEST_F(FileExporterTest, AFullDiskIsCountedLoggedOnceAndSurvived) {
  config_.path = "/dev/full";
  Start();
  for (int round = 1; round <= 3; ++round) {
    exporter_->Offer(TestBatch(round, 4));
    ASSERT_TRUE(WaitFor([&] {
      EXPECT_TRUE(Balanced(exporter_->Stats()));
      return Dropped(exporter_->Stats(), DropReason::kWriteFailed) == 4u * round;
    }));
  }
  EXPECT_EQ(logger_.Count("cannot be written"), 1u);
  EXPECT_NE(exporter_->Stats().last_error.find("No space left"), std::string::npos);
  exporter_->Stop(In(30s));
}

TEST_F(FileExporterTest, ABatchThatIsNoOtlpCostsOnlyItself) {
  Start();
  exporter_->Offer({std::make_shared<const std::string>("\x0A\x7F"), 2, 1});
  exporter_->Offer(TestBatch(1, 3));
  exporter_->Stop(In(30s));
  const ExporterStats stats = exporter_->Stats();
  EXPECT_EQ(Dropped(stats, DropReason::kWriteFailed), 2u);
  EXPECT_EQ(stats.forwarded_spans, 3u);
  EXPECT_EQ(Lines().size(), 1u);
}

}  // namespace
}  // namespace tailrace
