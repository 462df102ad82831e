#include "collector/exporters/batch_store.h"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "base/hash.h"
#include "collector/exporters/lock_file.h"
#include "collector/exporters/sqlite_connection.h"

namespace tailrace {
namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;
constexpr uint64_t kSumSeed = 0x7461696c72616365;

// A letter, digit, '-' or '.' of an exporter's id stands for itself in the file's name.
std::string FileName(const std::string& exporter) {
  std::string name = "exporter_";
  for (const char c : exporter) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    if (plain) {
      name.push_back(c);
    } else {
      absl::StrAppend(&name, "_", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  return name + ".db";
}

int64_t Sum(std::string_view payload) { return static_cast<int64_t>(HashBytes(payload, kSumSeed)); }

// A table of batches in SQLite's write-ahead mode. One connection writes, another reads beside it.
class SqliteStore final : public BatchStore {
 public:
  absl::Status Open(const std::string& path, config::StorageSync sync) {
    if (absl::Status status = OpenWriter(path, sync); !status.ok()) return status;
    if (absl::Status status = reader_.Open(path); !status.ok()) return status;
    sqlite3_busy_timeout(reader_.get(), 5000);
    if (absl::Status status = reader_.Prepare("SELECT spans, traces, sum, payload FROM batches WHERE id = ?", &select_);
        !status.ok()) {
      return status;
    }
    return Recover();
  }

  void Keep(std::unique_ptr<LockFile> lock) { lock_ = std::move(lock); }

  absl::Status Append(std::span<const ExportBatch> batches, std::vector<uint64_t>* ids) override {
    std::lock_guard lock(write_mutex_);
    return Transaction([&] {
      ids->clear();
      for (const ExportBatch& batch : batches) {
        sqlite3_bind_int64(insert_, 1, batch.spans);
        sqlite3_bind_int64(insert_, 2, batch.traces);
        sqlite3_bind_int64(insert_, 3, Sum(*batch.payload));
        sqlite3_bind_blob64(insert_, 4, batch.payload->data(), batch.payload->size(), SQLITE_STATIC);
        if (!Step(insert_)) return false;
        ids->push_back(static_cast<uint64_t>(sqlite3_last_insert_rowid(writer_.get())));
      }
      return true;
    });
  }

  absl::Status Remove(std::span<const uint64_t> ids) override {
    std::lock_guard lock(write_mutex_);
    absl::Status status = Transaction([&] {
      return std::all_of(ids.begin(), ids.end(), [this](uint64_t id) {
        sqlite3_bind_int64(erase_, 1, static_cast<sqlite3_int64>(id));
        return Step(erase_);
      });
    });
    // Gives an outage's worth of pages back to the file system once it is over.
    if (status.ok()) status = GiveBackWhenEmpty();
    return status;
  }

  absl::StatusOr<ExportBatch> Read(uint64_t id) override {
    std::lock_guard lock(read_mutex_);
    const absl::Cleanup reset = [this] { sqlite3_reset(select_); };
    sqlite3_bind_int64(select_, 1, static_cast<sqlite3_int64>(id));
    const int code = sqlite3_step(select_);
    if (code == SQLITE_DONE) return absl::NotFoundError("the storage has no such batch");
    if (code != SQLITE_ROW) return SqliteStatus(reader_.get(), "reading the storage");
    const auto* data = static_cast<const char*>(sqlite3_column_blob(select_, 3));
    const std::string_view payload(data == nullptr ? "" : data, static_cast<size_t>(sqlite3_column_bytes(select_, 3)));
    if (sqlite3_column_int64(select_, 2) != Sum(payload)) {
      return absl::DataLossError("a batch in the storage is not what was written");
    }
    return ExportBatch{.payload = std::make_shared<const std::string>(payload),
                       .spans = static_cast<uint32_t>(sqlite3_column_int64(select_, 0)),
                       .traces = static_cast<uint32_t>(sqlite3_column_int64(select_, 1))};
  }

  std::vector<StoredBatch> TakeRecovered() override { return std::exchange(recovered_, {}); }

 private:
  absl::Status OpenWriter(const std::string& path, config::StorageSync sync) {
    if (absl::Status status = writer_.Open(path); !status.ok()) return status;
    int64_t format = 0;
    if (absl::Status status = writer_.Number("PRAGMA user_version", &format); !status.ok()) return status;
    if (format > kFormat) {
      return absl::DataLossError(absl::StrCat("written by a newer version (format ", format, ")"));
    }
    // Large pages suit payloads of megabytes; both pragmas count only before the first table is there.
    for (const char* sql :
         {"PRAGMA page_size = 65536", "PRAGMA auto_vacuum = INCREMENTAL", "PRAGMA journal_mode = WAL",
          sync == config::StorageSync::kHost ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
          "PRAGMA wal_autocheckpoint = 512", "PRAGMA journal_size_limit = 67108864", "PRAGMA cache_size = -16384",
          "CREATE TABLE IF NOT EXISTS batches(id INTEGER PRIMARY KEY AUTOINCREMENT, spans INTEGER NOT NULL,"
          " traces INTEGER NOT NULL, sum INTEGER NOT NULL, payload BLOB NOT NULL)",
          "PRAGMA user_version = 1"}) {
      if (absl::Status status = writer_.Execute(sql); !status.ok()) return status;
    }
    absl::Status status =
        writer_.Prepare("INSERT INTO batches(spans, traces, sum, payload) VALUES (?, ?, ?, ?)", &insert_);
    if (status.ok()) status = writer_.Prepare("DELETE FROM batches WHERE id = ?", &erase_);
    return status;
  }

  absl::Status Recover() {
    sqlite3_stmt* all = nullptr;
    if (absl::Status status =
            reader_.Prepare("SELECT id, spans, traces, length(payload) FROM batches ORDER BY id", &all);
        !status.ok()) {
      return status;
    }
    int code;
    while ((code = sqlite3_step(all)) == SQLITE_ROW) {
      recovered_.push_back({.id = static_cast<uint64_t>(sqlite3_column_int64(all, 0)),
                            .spans = static_cast<uint32_t>(sqlite3_column_int64(all, 1)),
                            .traces = static_cast<uint32_t>(sqlite3_column_int64(all, 2)),
                            .bytes = static_cast<uint64_t>(sqlite3_column_int64(all, 3))});
    }
    sqlite3_reset(all);
    return code == SQLITE_DONE ? absl::OkStatus() : SqliteStatus(reader_.get(), "reading the storage");
  }

  // `body`: false after an error of SQLite's; then nothing of it stays.
  template <typename Body>
  absl::Status Transaction(Body body) {
    if (absl::Status status = writer_.Execute("BEGIN IMMEDIATE"); !status.ok()) return status;
    if (body()) {
      absl::Status status = writer_.Execute("COMMIT");
      if (status.ok()) return status;
      writer_.Execute("ROLLBACK").IgnoreError();
      return status;
    }
    absl::Status status = SqliteStatus(writer_.get(), "writing the storage");
    writer_.Execute("ROLLBACK").IgnoreError();
    return status;
  }

  static bool Step(sqlite3_stmt* statement) {
    const int code = sqlite3_step(statement);
    sqlite3_clear_bindings(statement);
    return sqlite3_reset(statement) == SQLITE_OK && code == SQLITE_DONE;
  }

  absl::Status GiveBackWhenEmpty() {
    constexpr int64_t kPagesWorthIt = 1024;
    int64_t free_pages = 0;
    int64_t left = 0;
    if (absl::Status status = writer_.Number("PRAGMA freelist_count", &free_pages); !status.ok()) return status;
    if (free_pages < kPagesWorthIt) return absl::OkStatus();
    if (absl::Status status = writer_.Number("SELECT EXISTS(SELECT 1 FROM batches)", &left); !status.ok())
      return status;
    return left != 0 ? absl::OkStatus() : writer_.Execute("PRAGMA incremental_vacuum");
  }

  std::unique_ptr<LockFile> lock_;  // ends last
  std::mutex write_mutex_;
  SqliteConnection writer_;         // guarded by write_mutex_
  sqlite3_stmt* insert_ = nullptr;  // guarded by write_mutex_
  sqlite3_stmt* erase_ = nullptr;   // guarded by write_mutex_
  std::mutex read_mutex_;
  SqliteConnection reader_;         // guarded by read_mutex_
  sqlite3_stmt* select_ = nullptr;  // guarded by read_mutex_
  std::vector<StoredBatch> recovered_;
};

absl::Status MakeDirectory(const config::FileStorageConfig& storage) {
  std::error_code error;
  if (storage.create_directory) fs::create_directories(storage.directory, error);
  if (error) {
    return absl::UnavailableError(absl::StrCat("cannot create '", storage.directory, "': ", error.message()));
  }
  if (!fs::is_directory(storage.directory, error)) {
    return absl::NotFoundError(absl::StrCat("'", storage.directory, "' is not a directory"));
  }
  return absl::OkStatus();
}

// Where the three files of a store go that cannot be used.
absl::Status SetAside(const std::string& path, std::string* aside) {
  for (int number = 1; number == 1 || fs::exists(*aside); ++number) {
    *aside = absl::StrCat(path, ".unusable-", number);
  }
  for (const char* part : {"", "-wal", "-shm"}) {
    std::error_code error;
    fs::rename(path + part, *aside + part, error);
    if (error && error != std::errc::no_such_file_or_directory) {
      return absl::UnavailableError(absl::StrCat("cannot rename '", path, part, "': ", error.message()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<BatchStore>> OpenBatchStore(const config::FileStorageConfig& storage,
                                                           const std::string& exporter, std::string* warning) {
  const auto at = [&storage](const absl::Status& status) {
    return absl::Status(status.code(), absl::StrCat(storage.id.text, ": ", std::string(status.message())));
  };
  if (absl::Status status = MakeDirectory(storage); !status.ok()) return at(status);
  const std::string path = (fs::path(storage.directory) / FileName(exporter)).string();
  auto lock = std::make_unique<LockFile>();
  if (absl::Status status = lock->Take(path + ".lock", storage.timeout); !status.ok()) return at(status);
  auto store = std::make_unique<SqliteStore>();
  absl::Status status = store->Open(path, storage.sync);
  if (status.code() == absl::StatusCode::kDataLoss) {
    const std::string why(status.message());
    store = std::make_unique<SqliteStore>();
    std::string aside;
    if (absl::Status moved = SetAside(path, &aside); !moved.ok()) return at(moved);
    *warning = absl::StrCat("The queue's storage could not be used (", why, "); it is kept as ", aside,
                            " and an empty one is begun");
    status = store->Open(path, storage.sync);
  }
  if (!status.ok()) return at(status);
  store->Keep(std::move(lock));
  return store;
}

}  // namespace tailrace
