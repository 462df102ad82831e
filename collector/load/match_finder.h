// Greedy LZ77 over a text with 16-byte fields that are to be written over later. No match ever ties a field to anything
// but another field of the same value, so whatever is written into all of them, the matches stay right. What patchable
// gzip and zstd are made of.
//
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tailrace {

struct PatchField {
  uint32_t offset = 0;  // of 16 bytes; fields do not overlap
  uint32_t value = 0;   // fields of one value always hold the same bytes
};

// A literal (length 0) or a match.
struct MatchToken {
  uint32_t length = 0;
  uint32_t distance = 0;
  uint8_t literal = 0;
  // Of a literal inside a field: which of its bytes, and the field's value.
  bool in_field = false;
  uint8_t byte = 0;
  uint32_t value = 0;
};

inline constexpr uint32_t kMatchMin = 4;
std::vector<MatchToken> FindMatches(std::string_view text, const std::vector<PatchField>& fields, uint32_t length_max,
                                    uint32_t distance_max);

}  // namespace tailrace
