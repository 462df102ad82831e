#include "collector/admin/trace_query.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace tailrace {
namespace {

constexpr size_t kIdDigits = 32;

bool IsHex(std::string_view text) {
  for (const char c : text) {
    if (absl::ascii_isxdigit(static_cast<unsigned char>(c)) == 0) return false;
  }
  return true;
}

template <class Number>
bool ReadNumber(std::string_view text, Number* number) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), *number);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

bool ReadMs(const std::string& text, int64_t* ns) {
  double ms = 0;
  constexpr double kMsMax = 9e12;  // in nanoseconds it fits 64 bits
  if (!ReadNumber(text, &ms) || !(ms >= 0) || ms > kMsMax) return false;
  *ns = std::llround(ms * 1e6);
  return true;
}

bool ReadDecision(const std::string& text, TraceQuery* query) {
  query->kept = text != "dropped";
  query->dropped = text != "kept";
  return text == "any" || text == "kept" || text == "dropped";
}

bool ReadId(const std::string& text, TraceQuery* query) {
  query->record.id_prefix = absl::AsciiStrToLower(text);
  return text.size() <= kIdDigits && IsHex(text);
}

bool ReadStatus(const std::string& text, TraceQuery* query) {
  if (text != "any") query->record.error = text == "error";
  return text == "any" || text == "error" || text == "ok";
}

bool ReadAttribute(const std::string& text, TraceQuery* query) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return false;
  query->attribute = {.key = text.substr(0, equals), .value = text.substr(equals + 1)};
  return true;
}

bool ReadLimit(const std::string& text, TraceQuery* query) {
  return ReadNumber(text, &query->limit) && query->limit >= 1 && query->limit <= TraceQuery::kLimitMax;
}

bool ReadBefore(const std::string& text, TraceQuery* query) {
  query->before = ParseCursor(text);
  return query->before.has_value();
}

bool ReadAfter(const std::string& text, TraceQuery* query) {
  query->after = ParseCursor(text);
  return query->after.has_value();
}

struct Parameter {
  const char* name;
  const char* expected;
  bool (*read)(const std::string& text, TraceQuery* query);
};

// One line a parameter.
constexpr auto kParameters = std::to_array<Parameter>({
    {"decision", "any, kept or dropped", ReadDecision},
    {"id", "up to 32 hex digits", ReadId},
    {"service", "a name",
     [](const std::string& text, TraceQuery* query) {
       query->service = text;
       return true;
     }},
    {"operation", "a name",
     [](const std::string& text, TraceQuery* query) {
       query->operation = text;
       return true;
     }},
    {"status", "any, error or ok", ReadStatus},
    {"min_ms", "a number from 0 on",
     [](const std::string& text, TraceQuery* query) { return ReadMs(text, &query->record.duration_min_ns); }},
    {"max_ms", "a number from 0 on",
     [](const std::string& text, TraceQuery* query) { return ReadMs(text, &query->record.duration_max_ns); }},
    {"policy", "a name",
     [](const std::string& text, TraceQuery* query) {
       query->policy = text;
       return true;
     }},
    {"pipeline", "a name",
     [](const std::string& text, TraceQuery* query) {
       query->pipeline = text;
       return true;
     }},
    {"attribute", "KEY=VALUE", ReadAttribute},
    {"limit", "a whole number from 1 to 500", ReadLimit},
    {"before", "a cursor of an earlier answer", ReadBefore},
    {"after", "a cursor of an earlier answer", ReadAfter},
});

}  // namespace

std::vector<std::string> TraceQueryParameters() {
  std::vector<std::string> names;
  for (const Parameter& parameter : kParameters) names.emplace_back(parameter.name);
  return names;
}

absl::StatusOr<TraceQuery> ParseTraceQuery(const TextMap& parameters) {
  TraceQuery query;
  for (const Parameter& parameter : kParameters) {
    const auto found = parameters.find(parameter.name);
    if (found == parameters.end() || found->second.empty() || parameter.read(found->second, &query)) continue;
    return absl::InvalidArgumentError(absl::StrCat(parameter.name, ": expected ", parameter.expected, "."));
  }
  if (query.before.has_value() && query.after.has_value()) {
    return absl::InvalidArgumentError("before and after exclude each other.");
  }
  return query;
}

std::string CursorText(const JournalKey& key) { return absl::StrCat(key.decided_ns, "-", key.source, "-", key.number); }

std::optional<JournalKey> ParseCursor(std::string_view text) {
  JournalKey key;
  const size_t first = text.find('-', 1);
  const size_t second = first == std::string_view::npos ? first : text.find('-', first + 1);
  if (second == std::string_view::npos || !ReadNumber(text.substr(0, first), &key.decided_ns) ||
      !ReadNumber(text.substr(first + 1, second - first - 1), &key.source) ||
      !ReadNumber(text.substr(second + 1), &key.number)) {
    return std::nullopt;
  }
  return key;
}

std::optional<TraceId> ParseTraceId(std::string_view text) {
  if (text.size() != kIdDigits || !IsHex(text)) return std::nullopt;
  return TraceId::FromBytes(absl::HexStringToBytes(absl::string_view(text.data(), text.size())).data());
}

}  // namespace tailrace
