// Puts attributes on the scope of some spans: the fields of a ScopeSpans beside its spans, written anew with the stamps
// among the scope's attributes. Everything else stays byte for byte.
//
// Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tailrace {

struct ScopeStamp {
  std::string_view key;
  std::string_view text;  // a string's value; with `truth` not used
  bool truth = false;     // the value is the boolean `true`
};

// Clears and fills `out`. `scope` as in ScopeHeader (wire bytes with their tags); an attribute of a stamp's key that is
// there already is replaced.
void StampScope(std::string_view scope, std::span<const ScopeStamp> stamps, std::string* out);

}  // namespace tailrace
