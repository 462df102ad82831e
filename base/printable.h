// What strangers sent, made harmless for a terminal and for whoever reads it. Control characters, bytes that are no
// UTF-8, and characters that reorder or hide what stands beside them (the bidirectional controls, zero-width and tag
// characters) are shown as \xNN or \uNNNN; everything else passes as it is. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tailrace {

void AppendPrintable(std::string_view text, std::string* out);

// The columns of a terminal that printable text takes: 2 for a wide character, 0 for a combining one.
size_t DisplayWidth(std::string_view printable);

// The text made harmless and cut to `columns`; what is cut ends in an ellipsis. At most 4 bytes a column and some more,
// whatever combining characters are in it. The time is bounded by `columns`, not by the text's length.
std::string FitPrintable(std::string_view text, size_t columns);

}  // namespace tailrace
