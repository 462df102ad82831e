#include "proto/scope_stamp.h"

#include <algorithm>

#include "proto/any_value.h"
#include "proto/wire_reader.h"
#include "proto/wire_writer.h"

namespace tailrace {
namespace {

constexpr uint32_t kScope = WireTag(1, kLengthDelimited);       // of ScopeSpans
constexpr uint32_t kAttributes = WireTag(3, kLengthDelimited);  // of InstrumentationScope

// The scope's fields without the attributes that will be stamped.
void CopyScope(std::string_view scope, std::span<const ScopeStamp> stamps, std::string* out) {
  WireReader reader(scope);
  while (reader.Next()) {
    const char* start = reader.field_start();
    if (reader.tag() == kAttributes) {
      const std::string_view key = ReadKeyValue(reader.Bytes()).key;
      if (std::any_of(stamps.begin(), stamps.end(), [&](const ScopeStamp& stamp) { return stamp.key == key; }))
        continue;
    } else {
      reader.Skip();
    }
    out->append(start, reader.position());
  }
}

std::string KeyValueOf(const ScopeStamp& stamp) {
  std::string any_value, key_value;
  if (stamp.truth) {
    any_value.push_back(static_cast<char>(WireTag(2, kVarint)));
    any_value.push_back(1);
  } else {
    AppendField(WireTag(1, kLengthDelimited), stamp.text, &any_value);
  }
  AppendField(WireTag(1, kLengthDelimited), stamp.key, &key_value);
  AppendField(WireTag(2, kLengthDelimited), any_value, &key_value);
  return key_value;
}

}  // namespace

void StampScope(std::string_view scope_fields, std::span<const ScopeStamp> stamps, std::string* out) {
  out->clear();
  std::string scope;
  WireReader reader(scope_fields);
  while (reader.Next()) {
    const char* start = reader.field_start();
    if (reader.tag() == kScope) {
      CopyScope(reader.Bytes(), stamps, &scope);
    } else {
      reader.Skip();
      out->append(start, reader.position());
    }
  }
  for (const ScopeStamp& stamp : stamps) AppendField(kAttributes, KeyValueOf(stamp), &scope);
  AppendField(kScope, scope, out);
}

}  // namespace tailrace
