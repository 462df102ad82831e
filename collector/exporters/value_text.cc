#include "collector/exporters/value_text.h"

#include <charconv>
#include <cstring>
#include <ctime>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/printable.h"
#include "proto/any_value.h"
#include "proto/json_string.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

// As deep as the receivers let values be, and some more.
constexpr int kDepthMax = 50;

// The member of the oneof that came last.
struct Member {
  uint32_t field = 0;
  uint64_t number = 0;
  std::string_view bytes;
};

Member ReadMember(std::string_view any_value) {
  Member member;
  WireReader reader(any_value);
  while (reader.Next()) {
    const uint32_t field = reader.field();
    switch (reader.tag()) {
      case WireTag(2, kVarint):
      case WireTag(3, kVarint):
        member = {field, reader.Varint(), {}};
        break;
      case WireTag(4, kFixed64):
        member = {field, reader.Fixed64(), {}};
        break;
      case WireTag(1, kLengthDelimited):
      case WireTag(5, kLengthDelimited):
      case WireTag(6, kLengthDelimited):
      case WireTag(7, kLengthDelimited):
        member = {field, 0, reader.Bytes()};
        break;
      default:
        reader.Skip();
    }
  }
  return member;
}

void AppendDouble(uint64_t bits, std::string* out) {
  double value;
  std::memcpy(&value, &bits, sizeof(value));
  char text[32];
  out->append(text, std::to_chars(text, text + sizeof(text), value).ptr);
}

void AppendJson(std::string_view any_value, int depth, std::string* out);

// { string key = 1; AnyValue value = 2; }
void AppendJsonPair(std::string_view key_value, int depth, std::string* out) {
  const KeyValue pair = ReadKeyValue(key_value);
  AppendJsonString(pair.key, out);
  out->push_back(':');
  AppendJson(pair.value, depth, out);
}

// ArrayValue and KeyValueList: { repeated ... values = 1; }
void AppendJsonList(std::string_view list, bool map, int depth, std::string* out) {
  out->push_back(map ? '{' : '[');
  bool first = true;
  WireReader reader(list);
  while (reader.Next()) {
    if (reader.tag() != WireTag(1, kLengthDelimited)) {
      reader.Skip();
      continue;
    }
    if (!first) out->push_back(',');
    first = false;
    if (map) {
      AppendJsonPair(reader.Bytes(), depth, out);
    } else {
      AppendJson(reader.Bytes(), depth, out);
    }
  }
  out->push_back(map ? '}' : ']');
}

void AppendJson(std::string_view any_value, int depth, std::string* out) {
  const Member member = ReadMember(any_value);
  switch (member.field) {
    case 1:
      AppendJsonString(member.bytes, out);
      return;
    case 2:
      out->append(member.number != 0 ? "true" : "false");
      return;
    case 3:
      absl::StrAppend(out, static_cast<int64_t>(member.number));
      return;
    case 4:
      AppendDouble(member.number, out);
      return;
    case 5:
    case 6:
      if (depth >= kDepthMax) {
        out->append("\"...\"");
      } else {
        AppendJsonList(member.bytes, member.field == 6, depth + 1, out);
      }
      return;
    case 7:
      absl::StrAppend(out, "\"", absl::Base64Escape(absl::string_view(member.bytes.data(), member.bytes.size())), "\"");
      return;
    default:
      out->append("null");
  }
}

}  // namespace

const char* ValueTypeName(std::string_view any_value) {
  static constexpr const char* kNames[] = {"Empty", "Str", "Bool", "Int", "Double", "Slice", "Map", "Bytes"};
  return kNames[ReadMember(any_value).field];
}

void AppendValueText(std::string_view any_value, std::string* out) {
  const Member member = ReadMember(any_value);
  if (member.field == 0) return;
  if (member.field == 1) return AppendPrintable(member.bytes, out);
  if (member.field == 7) {
    absl::StrAppend(out, absl::Base64Escape(absl::string_view(member.bytes.data(), member.bytes.size())));
    return;
  }
  AppendJson(any_value, 0, out);
}

void AppendShortened(std::string_view text, size_t bytes_max, std::string* out) {
  if (text.size() <= bytes_max) return AppendPrintable(text, out);
  size_t end = bytes_max;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;  // not inside a UTF-8 sequence
  AppendPrintable(text.substr(0, end), out);
  out->append("...");
}

std::string IdText(std::string_view id) {
  if (id.find_first_not_of('\0') == std::string_view::npos) return {};
  return absl::BytesToHexString(absl::string_view(id.data(), id.size()));
}

std::string TimeText(uint64_t unix_ns) {
  // As the Collector: taken as signed.
  const int64_t ns = static_cast<int64_t>(unix_ns);
  const int64_t fraction = ((ns % 1000000000) + 1000000000) % 1000000000;
  const std::time_t seconds = (ns - fraction) / 1000000000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  std::strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts);
  std::string out = text;
  if (fraction != 0) {
    absl::StrAppendFormat(&out, ".%09d", fraction);
    out.erase(out.find_last_not_of('0') + 1);
  }
  return out + " +0000 UTC";
}

}  // namespace tailrace
