// PatchableGzip: a gzip member of which some 16-byte fields can be written over without compressing again. What it is
// for: requests compressed beforehand whose trace ids are new each time they are sent.
//
// How: one deflate block (RFC 1951) with Huffman codes of our own choice, in which all 256 literals have codes of 9
// bits. The first occurrence of a field's value goes out as literals, the later ones mostly as matches of it; no other
// match ever reaches into a field. So a new value is 16 times 9 bits put at known places. The other half of the code
// space goes to the match lengths by their frequency, which packs within some per cent of zlib's usual levels.
//
// Immutable once made; any thread may Patch() bytes of its own.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/trace_id.h"
#include "collector/load/match_finder.h"

namespace tailrace {

class PatchableGzip {
 public:
  // PatchField::value is an index into Patch()'s ids.
  PatchableGzip(std::string_view plain, const std::vector<PatchField>& fields);

  // The gzip member of `plain` as it was.
  const std::string& bytes() const { return bytes_; }

  // `gzip` points to a copy of bytes(). `crc32` is that of the whole plain text with `ids` in it.
  void Patch(std::span<const TraceId> ids, uint32_t crc32, char* gzip) const;

 private:
  struct FieldLiteral {
    uint32_t bit = 0;  // position of its code
    uint32_t value = 0;
    uint32_t byte = 0;  // of the id
  };

  std::string bytes_;
  std::vector<FieldLiteral> literals_;
  std::vector<uint16_t> codes_ = std::vector<uint16_t>(256);  // of the literals, as they are written: low bit first
};

}  // namespace tailrace
