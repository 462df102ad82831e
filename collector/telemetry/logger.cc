// The daemon's logger: spdlog does the clock, the filter and the writing; what a record looks like stands here.
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "collector/telemetry/json_text.h"
#include "collector/telemetry/log.h"

namespace tailrace {
namespace {

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

spdlog::level::level_enum LevelNamed(std::string_view name) {
  if (name == "debug") return spdlog::level::debug;
  if (name == "warn") return spdlog::level::warn;
  if (name == "error") return spdlog::level::err;
  return spdlog::level::info;
}

// The Collector's level names ("warn", "error"); spdlog's own differ.
class LevelName final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& record, const std::tm&, spdlog::memory_buf_t& out) override {
    const std::string_view name = Name(record.level);
    out.append(name.data(), name.data() + name.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<LevelName>(); }

 private:
  static std::string_view Name(spdlog::level::level_enum level) {
    switch (level) {
      case spdlog::level::debug:
        return "debug";
      case spdlog::level::warn:
        return "warn";
      case spdlog::level::err:
        return "error";
      default:
        return "info";
    }
  }
};

// Only the debug exporter's messages have several lines. The further ones are set in, so that no text from outside can
// pass for a record of its own.
std::string Lines(std::string_view message) {
  std::string text;
  for (size_t from = 0; from <= message.size();) {
    const size_t to = std::min(message.find('\n', from), message.size());
    if (from > 0) text += "\n    ";
    text += OneLine(message.substr(from, to - from));
    from = to + 1;
  }
  return text;
}

// What follows the time and the level, in zap's two encodings.
std::string ConsoleBody(std::string_view component, std::string_view message, std::initializer_list<LogField> fields) {
  std::string body = OneLine(component) + "\t" + Lines(message);
  const char* before = "\t{";
  for (const LogField& field : fields) {
    body += before + JsonQuote(field.key) + ": " + JsonQuote(field.value);
    before = ", ";
  }
  if (fields.size() > 0) body += "}";
  return body;
}

std::string JsonBody(std::string_view component, std::string_view message, std::initializer_list<LogField> fields) {
  std::string body = "\"component\":" + JsonQuote(component) + ",\"msg\":" + JsonQuote(message);
  for (const LogField& field : fields) body += "," + JsonQuote(field.key) + ":" + JsonQuote(field.value);
  return body;
}

// Lock-free but for the sink's own mutex, which keeps lines whole.
class SpdlogLogger final : public Logger {
 public:
  explicit SpdlogLogger(const config::LogsConfig& config)
      : json_(config.encoding == "json"), logger_("tailrace", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    static constexpr char kTime[] = "%Y-%m-%dT%H:%M:%S.%eZ";
    const std::string pattern =
        json_ ? std::string("{\"level\":\"%*\",\"ts\":\"") + kTime + "\",%v}" : std::string(kTime) + "\t%*\t%v";
    auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc, "\n");
    formatter->add_flag<LevelName>('*').set_pattern(pattern);
    logger_.set_formatter(std::move(formatter));
    logger_.set_level(LevelNamed(config.level));
  }

  void Write(LogLevel level, std::string_view component, std::string_view message,
             std::initializer_list<LogField> fields) override {
    const spdlog::level::level_enum spdlog_level = ToSpdlog(level);
    if (!logger_.should_log(spdlog_level)) return;
    const std::string body = json_ ? JsonBody(component, message, fields) : ConsoleBody(component, message, fields);
    logger_.log(spdlog_level, spdlog::string_view_t(body.data(), body.size()));
  }

 private:
  const bool json_;
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<Logger> MakeLogger(const config::LogsConfig& config) { return std::make_unique<SpdlogLogger>(config); }

}  // namespace tailrace
