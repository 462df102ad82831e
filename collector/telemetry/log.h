// Logger: one line a record to standard error, console or JSON, as the Collector's service.telemetry.logs.
// Passed in by reference; no global. Any thread. Never called on the hot path (from socket to decision).
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "config/model.h"

namespace tailrace {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

struct LogField {
  std::string_view key;
  std::string value;
};

class Logger {
 public:
  virtual ~Logger() = default;
  // `component` is the configuration's id of who speaks ("otlp/jaeger", "service"). Secrets never go in.
  virtual void Write(LogLevel level, std::string_view component, std::string_view message,
                     std::initializer_list<LogField> fields = {}) = 0;

  void Debug(std::string_view c, std::string_view m, std::initializer_list<LogField> f = {}) {
    Write(LogLevel::kDebug, c, m, f);
  }
  void Info(std::string_view c, std::string_view m, std::initializer_list<LogField> f = {}) {
    Write(LogLevel::kInfo, c, m, f);
  }
  void Warn(std::string_view c, std::string_view m, std::initializer_list<LogField> f = {}) {
    Write(LogLevel::kWarn, c, m, f);
  }
  void Error(std::string_view c, std::string_view m, std::initializer_list<LogField> f = {}) {
    Write(LogLevel::kError, c, m, f);
  }
};

// The daemon's logger (spdlog behind it).
std::unique_ptr<Logger> MakeLogger(const config::LogsConfig& config);

}  // namespace tailrace
