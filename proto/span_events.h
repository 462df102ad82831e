// The events of a span, one after the other.
//
//   message Span { ... repeated Event events = 11; ... }
//   message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; ... }
//
// Pure; any thread.
#pragma once

#include <string_view>

#include "proto/wire_reader.h"

namespace tailrace {

// Calls visit(event) with each Event message of `span`, a Span message that was scanned before.
template <typename Visit>
void ForEachEvent(std::string_view span, Visit visit) {
  WireReader fields(span);
  while (fields.Next()) {
    if (fields.tag() == WireTag(11, kLengthDelimited)) {
      visit(fields.Bytes());
    } else {
      fields.Skip();
    }
  }
}

}  // namespace tailrace
