// Pieces of what stands between the tags of spans.
#pragma once

#include <cstddef>
#include <string_view>

#include "proto/wire_reader.h"

namespace tailrace {

// The size of the whole spans, with their tags and lengths, at the front of `bytes` that come to `most` bytes at most.
inline size_t WholeSpans(std::string_view bytes, size_t most) {
  WireReader reader(bytes);
  size_t whole = 0;
  while (reader.Next()) {
    reader.Skip();
    if (!reader.ok()) break;
    const auto end = static_cast<size_t>(reader.position() - bytes.data());
    if (end > most) break;
    whole = end;
  }
  return whole;
}

}  // namespace tailrace
