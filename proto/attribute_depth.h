// How deep the attribute values of a message may nest. Senders could nest a million levels in a few megabytes, which
// every recursive reader behind us would pay for with its stack.
//
//   message KeyValue { string key = 1; AnyValue value = 2; }
//   message AnyValue { ... ArrayValue array_value = 5; KeyValueList kvlist_value = 6; ... }
//
// Pure; any thread; bounded recursion. A message too short to reach the limit costs one comparison.
#pragma once

#include <cstdint>
#include <string_view>

namespace tailrace {

// Levels of arrays and maps inside one attribute. libprotobuf, and our own writer of JSON, refuse a request beyond 100
// nested messages; a level of arrays is two messages, one of maps three (AnyValue, KeyValueList, KeyValue), and seven
// stand around them.
inline constexpr int kAttributeDepthMax = 30;
// Each level costs two tags and two lengths.
inline constexpr uint32_t kBytesThatCanBeTooDeep = 4 * kAttributeDepthMax;
inline bool CanBeTooDeep(std::string_view message) { return message.size() >= kBytesThatCanBeTooDeep; }

// One KeyValue message.
bool KeyValueTooDeep(std::string_view key_value);

// A message whose field `attributes_field` is a repeated KeyValue: Resource 1, Scope 3, Event 3, Link 4.
bool AttributesTooDeep(std::string_view message, uint32_t attributes_field);

}  // namespace tailrace
