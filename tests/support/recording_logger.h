// RecordingLogger: a Logger that keeps what it is told, for tests. Guarded: own mutex; any thread.
#pragma once

#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collector/telemetry/log.h"

namespace tailrace::testing {

class RecordingLogger : public Logger {
 public:
  struct Record {
    LogLevel level;
    std::string component;
    std::string message;
    std::vector<std::pair<std::string, std::string>> fields;

    // The value of `key`; empty where there is none.
    std::string Field(std::string_view key) const {
      for (const auto& [name, value] : fields) {
        if (name == key) return value;
      }
      return {};
    }
  };

  void Write(LogLevel level, std::string_view component, std::string_view message,
             std::initializer_list<LogField> fields) override {
    Record record{level, std::string(component), std::string(message), {}};
    for (const LogField& field : fields) record.fields.emplace_back(field.key, field.value);
    std::lock_guard lock(mutex_);
    records_.push_back(std::move(record));
  }

  std::vector<Record> records() const {
    std::lock_guard lock(mutex_);
    return records_;
  }
  // How many messages contain `part`.
  size_t Count(std::string_view part) const {
    size_t count = 0;
    for (const Record& record : records()) count += record.message.find(part) != std::string::npos;
    return count;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Record> records_;  // guarded by mutex_
};

}  // namespace tailrace::testing
