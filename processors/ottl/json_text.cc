#include "processors/ottl/json_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "processors/ottl/civil.h"
#include "proto/json_string.h"

namespace tailrace::ottl {
namespace {

absl::string_view ForAbsl(std::string_view text) { return {text.data(), text.size()}; }

void AppendEscaped(unsigned char c, JsonStyle style, std::string* text) {
  switch (c) {
    case '"':
      text->append("\\\"");
      return;
    case '\\':
      text->append("\\\\");
      return;
    case '\n':
      text->append("\\n");
      return;
    case '\r':
      text->append("\\r");
      return;
    case '\t':
      text->append("\\t");
      return;
    default:
      if (style == JsonStyle::kPdata && (c == '\b' || c == '\f')) {
        text->append(c == '\b' ? "\\b" : "\\f");
      } else if (c < 0x20 || (style == JsonStyle::kOttl && (c == '<' || c == '>' || c == '&'))) {
        absl::StrAppendFormat(text, "\\u%04x", c);
      } else {
        text->push_back(static_cast<char>(c));
      }
  }
}

void AppendQuoted(std::string_view from, JsonStyle style, std::string* text) {
  text->push_back('"');
  for (size_t at = 0; at < from.size();) {
    const auto c = static_cast<unsigned char>(from[at]);
    if (c < 0x80) {
      AppendEscaped(c, style, text);
      ++at;
      continue;
    }
    const size_t length = Utf8Length(from.substr(at));
    const std::string_view sequence = from.substr(at, length);
    if (length == 0) {
      text->append("\\ufffd");
    } else if (sequence == "\u2028" || sequence == "\u2029") {
      text->append(sequence == "\u2028" ? "\\u2028" : "\\u2029");
    } else {
      text->append(sequence);
    }
    at += std::max<size_t>(length, 1);
  }
  text->push_back('"');
}

void AppendBase64(std::string_view bytes, std::string* text) { text->append(absl::Base64Escape(ForAbsl(bytes))); }

// RFC 3339 with as many digits of the second as it has.
bool AppendTime(const Time& time, std::string* text) {
  const absl::CivilSecond civil = Civil(time);
  if (civil.year() < 0 || civil.year() > 9999) return false;
  absl::StrAppendFormat(text, "\"%04d-%02d-%02dT%02d:%02d:%02d", civil.year(), civil.month(), civil.day(), civil.hour(),
                        civil.minute(), civil.second());
  if (time.ns != 0) {
    std::string digits = absl::StrFormat(".%09d", time.ns);
    digits.erase(digits.find_last_not_of('0') + 1);
    text->append(digits);
  }
  if (time.offset_s == 0) {
    text->append("Z\"");
  } else {
    const int32_t minutes = std::abs(time.offset_s) / 60;
    absl::StrAppendFormat(text, "%c%02d:%02d\"", time.offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
  }
  return true;
}

bool AppendMap(const Map& map, std::string* text, JsonStyle style) {
  std::vector<const MapEntry*> entries;
  entries.reserve(map.size);
  for (uint32_t i = 0; i < map.size; ++i) entries.push_back(&map.entries[i]);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const MapEntry* left, const MapEntry* right) { return left->key < right->key; });
  text->push_back('{');
  bool first = true;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (i + 1 < entries.size() && entries[i + 1]->key == entries[i]->key) continue;
    if (!first) text->push_back(',');
    first = false;
    AppendQuoted(entries[i]->key, style, text);
    text->push_back(':');
    if (!AppendJson(entries[i]->value, text, style)) return false;
  }
  text->push_back('}');
  return true;
}

bool AppendList(const List& list, std::string* text, JsonStyle style) {
  if (list.type == ListType::kEvents || list.type == ListType::kLinks) {
    text->append("{}");
    return true;
  }
  text->push_back('[');
  for (uint32_t i = 0; i < list.size; ++i) {
    if (i > 0) text->push_back(',');
    if (!AppendJson(list.items[i], text, style)) return false;
  }
  text->push_back(']');
  return true;
}

// An id is an array of numbers to Go's encoder.
void AppendByteNumbers(std::string_view bytes, std::string* text) {
  char separator = '[';
  for (const char byte : bytes) {
    absl::StrAppend(text, absl::string_view(&separator, 1), static_cast<unsigned>(static_cast<unsigned char>(byte)));
    separator = ',';
  }
  text->push_back(']');
}

}  // namespace

namespace {

void AppendDigits(double number, JsonStyle style, std::string* text) {
  const double magnitude = std::fabs(number);
  const bool exponent = magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21);
  char digits[400];
  const char* end = std::to_chars(digits, digits + sizeof(digits), number,
                                  exponent ? std::chars_format::scientific : std::chars_format::fixed)
                        .ptr;
  text->append(digits, static_cast<size_t>(end - digits));
  // e-07 is e-7
  const size_t size = text->size();
  const bool padded = exponent && (*text)[size - 2] == '0' && (*text)[size - 3] == '-';
  if (padded && style == JsonStyle::kPdata) text->erase(size - 2, 1);
}

}  // namespace

void AppendNumber(double number, std::string* text) {
  if (std::isnan(number)) {
    text->append("NaN");
  } else if (std::isinf(number)) {
    text->append(number > 0 ? "Infinity" : "-Infinity");
  } else {
    AppendDigits(number, JsonStyle::kPdata, text);
  }
}

bool AppendJson(const Value& value, std::string* text, JsonStyle style) {
  switch (value.kind) {
    case Kind::kNil:
      text->append("null");
      return true;
    case Kind::kBool:
      text->append(value.boolean ? "true" : "false");
      return true;
    case Kind::kInt:
    case Kind::kGoInt:
    case Kind::kDuration:
      absl::StrAppend(text, value.integer);
      return true;
    case Kind::kDouble:
      if (!std::isfinite(value.number)) return false;
      AppendDigits(value.number, style, text);
      return true;
    case Kind::kString:
      AppendQuoted(value.view(), style, text);
      return true;
    case Kind::kBytes:
      text->push_back('"');
      AppendBase64(value.view(), text);
      text->push_back('"');
      return true;
    case Kind::kMap:
      return AppendMap(*value.map, text, style);
    case Kind::kList:
      return AppendList(*value.list, text, style);
    case Kind::kTime:
      return AppendTime(*value.time, text);
    case Kind::kTraceId:
    case Kind::kSpanId:
      AppendByteNumbers(value.view(), text);
      return true;
    case Kind::kStatus:
      text->append("{}");
      return true;
  }
  return false;
}

std::string AsString(const Value& value) {
  std::string text;
  switch (value.kind) {
    case Kind::kNil:
      return text;
    case Kind::kString:
      return std::string(value.view());
    case Kind::kDouble:
      AppendNumber(value.number, &text);
      return text;
    case Kind::kBytes:
      AppendBase64(value.view(), &text);
      return text;
    default:
      if (!AppendJson(value, &text, JsonStyle::kPdata)) text.clear();
      return text;
  }
}

}  // namespace tailrace::ottl
