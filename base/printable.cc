#include "base/printable.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "base/utf8.h"

namespace tailrace {
namespace {

struct Range {
  char32_t first, last;
};

// Characters that are not shown as themselves: controls, and what changes how their neighbours are seen.
constexpr Range kHidden[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD},   {0x034F, 0x034F},   {0x061C, 0x061C},
    {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};
constexpr Range kCombining[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F}, {0x06D6, 0x06DC},
    {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F},
};
constexpr Range kWide[] = {
    {0x1100, 0x115E}, {0x2E80, 0x303E}, {0x3041, 0xA4CF},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
    {0xFF01, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD},
};

template <size_t kSize>
bool Has(const Range (&ranges)[kSize], char32_t character) {
  const auto* range = std::lower_bound(std::begin(ranges), std::end(ranges), character,
                                       [](const Range& r, char32_t c) { return r.last < c; });
  return range != std::end(ranges) && range->first <= character;
}

size_t WidthOf(char32_t character) {
  if (character < 0x0300) return 1;
  if (Has(kCombining, character)) return 0;
  return Has(kWide, character) ? 2 : 1;
}

void AppendHex(const char* prefix, uint32_t value, int digits, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out->append(prefix);
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out->push_back(kHex[value >> shift & 15]);
}

// Appends what stands for the first character of `text`, and takes it away from there.
void AppendNext(std::string_view* text, std::string* out) {
  const size_t length = Utf8Length(*text);
  const char32_t character = length == 0 ? static_cast<uint8_t>((*text)[0]) : Utf8Character(*text, length);
  if (length == 0 || (length == 1 && Has(kHidden, character))) {
    AppendHex("\\x", character, 2, out);
  } else if (Has(kHidden, character)) {
    character <= 0xFFFF ? AppendHex("\\u", character, 4, out) : AppendHex("\\U", character, 8, out);
  } else {
    out->append(text->substr(0, length));
  }
  text->remove_prefix(std::max<size_t>(length, 1));
}

}  // namespace

void AppendPrintable(std::string_view text, std::string* out) {
  while (!text.empty()) AppendNext(&text, out);
}

size_t DisplayWidth(std::string_view printable) {
  size_t width = 0;
  while (!printable.empty()) {
    const size_t length = Utf8Length(printable);
    width += length == 0 ? 1 : WidthOf(Utf8Character(printable, length));
    printable.remove_prefix(std::max<size_t>(length, 1));
  }
  return width;
}

std::string FitPrintable(std::string_view text, size_t columns) {
  constexpr std::string_view kEllipsis = "\u2026";
  if (columns == 0) return {};
  std::string out;
  size_t width = 0;
  size_t cut_at = 0;  // where the ellipsis goes: the last place that leaves it a column
  while (!text.empty()) {
    const size_t before = out.size();
    AppendNext(&text, &out);
    width += DisplayWidth(std::string_view(out).substr(before));
    if (width < columns) cut_at = out.size();
    if (width > columns || out.size() > 4 * columns + 16) return out.substr(0, cut_at).append(kEllipsis);
  }
  return out;
}

}  // namespace tailrace
