#include "collector/exporters/sqlite_connection.h"

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace tailrace {

absl::Status SqliteStatus(sqlite3* db, const char* what) {
  const int code = sqlite3_errcode(db) & 0xff;
  const std::string text = absl::StrCat(what, ": ", sqlite3_errmsg(db));
  if (code == SQLITE_FULL || code == SQLITE_IOERR) return absl::ResourceExhaustedError(text);
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) return absl::DataLossError(text);
  return absl::UnavailableError(text);
}

SqliteConnection::~SqliteConnection() {
  for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
  sqlite3_close(db_);
}

absl::Status SqliteConnection::Open(const std::string& path) {
  if (sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr) !=
      SQLITE_OK) {
    return SqliteStatus(db_, path.c_str());
  }
  return absl::OkStatus();
}

absl::Status SqliteConnection::Execute(const char* sql) {
  return sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK ? absl::OkStatus() : SqliteStatus(db_, sql);
}

absl::Status SqliteConnection::Prepare(const char* sql, sqlite3_stmt** statement) {
  if (sqlite3_prepare_v2(db_, sql, -1, statement, nullptr) != SQLITE_OK) return SqliteStatus(db_, sql);
  statements_.push_back(*statement);
  return absl::OkStatus();
}

absl::Status SqliteConnection::Number(const char* sql, int64_t* number) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr) != SQLITE_OK) return SqliteStatus(db_, sql);
  const absl::Cleanup finalize = [statement] { sqlite3_finalize(statement); };
  if (sqlite3_step(statement) != SQLITE_ROW) return SqliteStatus(db_, sql);
  *number = sqlite3_column_int64(statement, 0);
  return absl::OkStatus();
}

}  // namespace tailrace
