// BatchStore on real files: order, crashes, damage, want of room, two processes.
#include "collector/exporters/batch_store.h"

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"
#include "tests/collector/exporters/test_batch.h"
#include "tests/support/scratch_directory.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: builders and helpers
namespace fs = std::filesystem;

class BatchStoreTest : public ::testing::Test {
 protected:
  BatchStoreTest() {
    config_.directory = directory_.path();
    config_.id.text = "file_storage/queue";
    config_.timeout = std::chrono::milliseconds(50);
  }

  std::unique_ptr<BatchStore> Open() {
    auto store = OpenBatchStore(config_, "otlp/a", &warning_);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }
  std::string File() const {
    for (const auto& entry : fs::directory_iterator(config_.directory)) {
      if (entry.path().extension() == ".db") return entry.path();
    }
    return "";
  }

  ScratchDirectory directory_;
  config::FileStorageConfig config_;
  std::string warning_;
};

TEST_F(BatchStoreTest, GivesBackInOrderWhatWasWritten) {
  const std::vector<ExportBatch> batches = {TestBatch(1, 3), TestBatch(2, 1), TestBatch(3, 2000)};
  std::vector<uint64_t> ids;
  {
    auto store = Open();
    EXPECT_TRUE(store->TakeRecovered().empty());
    ASSERT_TRUE(store->Append(batches, &ids).ok());
    ASSERT_EQ(ids.size(), 3u);
    ASSERT_TRUE(store->Remove(std::vector<uint64_t>{ids[1], 999}).ok());
    EXPECT_EQ(store->Read(ids[1]).status().code(), absl::StatusCode::kNotFound);
  }
  auto store = Open();
  const std::vector<StoredBatch> recovered = store->TakeRecovered();
  ASSERT_EQ(recovered.size(), 2u);
  EXPECT_EQ(recovered[0].id, ids[0]);
  EXPECT_EQ(recovered[1].id, ids[2]);
  EXPECT_EQ(recovered[1].spans, 2000u);
  EXPECT_EQ(recovered[1].bytes, batches[2].payload->size());
  auto read = store->Read(ids[2]);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read->payload, *batches[2].payload);
  EXPECT_EQ(read->spans, 2000u);
  std::vector<uint64_t> more;
  ASSERT_TRUE(store->Append(std::vector<ExportBatch>{TestBatch(4, 1)}, &more).ok());
  EXPECT_GT(more[0], ids[2]) << "ids are never used again";
}

TEST_F(BatchStoreTest, SurvivesKillMinusNine) {
  int acknowledged[2];
  ASSERT_EQ(pipe(acknowledged), 0);
  const pid_t child = fork();
  if (child == 0) {
    std::string warning;
    auto store = OpenBatchStore(config_, "otlp/a", &warning);
    std::vector<uint64_t> ids;
    for (uint64_t i = 1;; ++i) {
      if (!store.ok() || !(*store)->Append(std::vector<ExportBatch>{TestBatch(i, 50)}, &ids).ok()) _exit(1);
      if (write(acknowledged[1], &i, sizeof(i)) != sizeof(i)) _exit(1);
    }
  }
  uint64_t last = 0;
  while (last < 20) ASSERT_EQ(read(acknowledged[0], &last, sizeof(last)), ssize_t{sizeof(last)});
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(acknowledged[1]);
  for (uint64_t more = 0; read(acknowledged[0], &more, sizeof(more)) == ssize_t{sizeof(more)};) last = more;
  close(acknowledged[0]);
  auto store = Open();
  const std::vector<StoredBatch> recovered = store->TakeRecovered();
  EXPECT_GE(recovered.size(), last);
  EXPECT_LE(recovered.size(), last + 1);
  EXPECT_TRUE(warning_.empty()) << warning_;
}

TEST_F(BatchStoreTest, TwoProcessesCannotShareIt) {
  auto first = Open();
  auto second = OpenBatchStore(config_, "otlp/a", &warning_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(std::string(second.status().message()).find("locked by another process"), std::string::npos);
  auto other = OpenBatchStore(config_, "otlp/b", &warning_);
  EXPECT_TRUE(other.ok()) << "each exporter has its own file";
}

TEST_F(BatchStoreTest, GarbageIsSetAside) {
  Open();
  const std::string file = File();
  std::ofstream(file, std::ios::binary) << std::string(100000, 'x');
  fs::remove(file + "-wal");
  auto store = Open();
  EXPECT_NE(warning_.find("unusable"), std::string::npos) << warning_;
  std::vector<uint64_t> ids;
  EXPECT_TRUE(store->Append(std::vector<ExportBatch>{TestBatch(1, 1)}, &ids).ok());
}

TEST_F(BatchStoreTest, ANewerVersionsStoreIsSetAside) {
  Open();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(File().c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "PRAGMA user_version = 99", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  Open();
  EXPECT_NE(warning_.find("newer version (format 99)"), std::string::npos) << warning_;
}

TEST_F(BatchStoreTest, ChangedBytesAreNoticed) {
  std::vector<uint64_t> ids;
  {
    auto store = Open();
    ASSERT_TRUE(store->Append(std::vector<ExportBatch>{TestBatch(1, 1)}, &ids).ok());
  }
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(File().c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "UPDATE batches SET payload = x'0102'", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  EXPECT_EQ(Open()->Read(ids[0]).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(BatchStoreTest, AFullDiskIsAnErrorAndThePastStays) {
  auto store = Open();
  std::vector<uint64_t> ids;
  ASSERT_TRUE(store->Append(std::vector<ExportBatch>{TestBatch(1, 1)}, &ids).ok());
  // A limit on the size of files stands for a full disk: writing beyond it fails in the same way.
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{2000000, 2000000};
    setrlimit(RLIMIT_FSIZE, &limit);
    std::string warning;
    auto full = OpenBatchStore(config_, "otlp/full", &warning);
    if (!full.ok()) _exit(2);
    std::vector<uint64_t> none;
    absl::Status status;
    for (int i = 0; i < 1000 && status.ok(); ++i) {
      status = (*full)->Append(std::vector<ExportBatch>{TestBatch(1, 500)}, &none);
    }
    _exit(status.code() == absl::StatusCode::kResourceExhausted ? 0 : 3);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(store->Read(ids[0]).ok());
}

TEST_F(BatchStoreTest, AMissingDirectoryIsMadeOrAnError) {
  config_.directory += "/a/b";
  Open();
  EXPECT_TRUE(fs::is_directory(config_.directory));
  config_.directory += "/c";
  config_.create_directory = false;
  EXPECT_EQ(OpenBatchStore(config_, "x", &warning_).status().code(), absl::StatusCode::kNotFound);
  config_.directory = fs::path(config_.directory).parent_path().parent_path().parent_path();
}

}  // namespace
}  // namespace tailrace
