// A connection to an SQLite file with its prepared statements, and SQLite's errors as statuses. One user at a time.
#pragma once

#include <sqlite3.h>

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace tailrace {

// kDataLoss: the file is no store, or damaged; kResourceExhausted: the disk would not take it; else kUnavailable.
absl::Status SqliteStatus(sqlite3* db, const char* what);

class SqliteConnection {
 public:
  SqliteConnection() = default;
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  [[nodiscard]] absl::Status Open(const std::string& path);
  [[nodiscard]] absl::Status Execute(const char* sql);
  // The statement lives as long as the connection.
  [[nodiscard]] absl::Status Prepare(const char* sql, sqlite3_stmt** statement);
  // The first column of the first row.
  [[nodiscard]] absl::Status Number(const char* sql, int64_t* number);
  sqlite3* get() const { return db_; }

 private:
  sqlite3* db_ = nullptr;
  std::vector<sqlite3_stmt*> statements_;
};

}  // namespace tailrace
