// Value: what an OTTL expression yields. Small and trivially copied; text, lists and maps point into the span's wire
// bytes, into the compiled program's literals or into the evaluation's Arena, and live as long as the evaluation of one
// condition on one span.
//
// The Collector's OTTL works on Go values, and its rules tell some apart that hold the same: a list of an attribute and
// a list that a function made, for one. List::type and Map::pdata keep that difference.
#pragma once

#include <cstdint>
#include <string_view>

namespace tailrace::ottl {

enum class Kind : uint8_t {
  kNil,
  kBool,
  kInt,     // int64
  kDouble,  // float64
  kString,  // not necessarily UTF-8
  kBytes,
  kMap,
  kList,
  kTime,
  kDuration,  // ns in `integer`
  kTraceId,   // 16 bytes in `text`
  kSpanId,    // 8 bytes in `text`
  kStatus,    // a span's status as a whole, which equals itself and nothing else
  kGoInt,     // Go's plain int, which no rule of the Collector's knows: a URL's port. In `integer`
};

struct List;
struct Map;
struct Time;

struct Value {
  Kind kind = Kind::kNil;
  uint32_t size = 0;  // of `text`
  union {
    int64_t integer = 0;
    bool boolean;
    double number;
    const char* text;
    const List* list;
    const Map* map;
    const Time* time;
  };

  static Value Nil() { return {}; }
  static Value Bool(bool value) {
    Value made;
    made.kind = Kind::kBool;
    made.boolean = value;
    return made;
  }
  static Value Int(int64_t value) {
    Value made;
    made.kind = Kind::kInt;
    made.integer = value;
    return made;
  }
  static Value GoInt(int64_t value) {
    Value made = Int(value);
    made.kind = Kind::kGoInt;
    return made;
  }
  static Value Double(double value) {
    Value made;
    made.kind = Kind::kDouble;
    made.number = value;
    return made;
  }
  static Value Duration(int64_t ns) {
    Value made;
    made.kind = Kind::kDuration;
    made.integer = ns;
    return made;
  }
  static Value Text(Kind kind, std::string_view text) {
    Value made;
    made.kind = kind;
    made.size = static_cast<uint32_t>(text.size());
    made.text = text.data();
    return made;
  }
  static Value String(std::string_view text) { return Text(Kind::kString, text); }
  static Value Bytes(std::string_view text) { return Text(Kind::kBytes, text); }
  static Value OfList(const List* list) {
    Value made;
    made.kind = Kind::kList;
    made.list = list;
    return made;
  }
  static Value OfMap(const Map* map) {
    Value made;
    made.kind = Kind::kMap;
    made.map = map;
    return made;
  }
  static Value OfTime(const Time* time) {
    Value made;
    made.kind = Kind::kTime;
    made.time = time;
    return made;
  }

  bool is(Kind wanted) const { return kind == wanted; }
  // kString, kBytes, kTraceId, kSpanId.
  std::string_view view() const { return {text, size}; }
};

// What kind of Go slice a list would be in the Collector. kEvents, kLinks: a span's, of which only
// the number is known; their items are nil.
enum class ListType : uint8_t { kPdata, kAny, kStrings, kInts, kDoubles, kBools, kMaps, kEvents, kLinks };

struct List {
  const Value* items = nullptr;
  uint32_t size = 0;
  ListType type = ListType::kAny;
};

struct MapEntry {
  std::string_view key;
  Value value;
};

// Entries in the order of the message or of insertion; a look-up takes the first of a key.
struct Map {
  const MapEntry* entries = nullptr;
  uint32_t size = 0;
  bool pdata = false;  // a pcommon.Map, else a Go map made by a function or a literal

  const Value* Find(std::string_view key) const {
    for (uint32_t i = 0; i < size; ++i) {
      if (entries[i].key == key) return &entries[i].value;
    }
    return nullptr;
  }
};

// A moment, and how it is written: Go's time.Time carries a zone.
struct Time {
  int64_t unix_s = 0;
  int32_t ns = 0;              // 0 .. 999,999,999
  int32_t offset_s = 0;        // of the zone, east of UTC
  const char* zone = nullptr;  // its abbreviation, null: UTC
};

}  // namespace tailrace::ottl
