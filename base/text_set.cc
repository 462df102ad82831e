#include "base/text_set.h"

namespace tailrace {

uint32_t TextSet::Add(std::string_view text) {
  if (const uint32_t known = Find(text); known != kNone) return known;
  texts_.emplace_back(text);
  lengths_ |= LengthBit(text.size());
  Grow();
  return size() - 1;
}

void TextSet::Grow() {
  const bool larger = texts_.size() * 4 > places_.size();
  if (larger) {
    places_.assign(places_.empty() ? 16 : places_.size() * 2, Place());
    mask_ = places_.size() - 1;
  }
  for (uint32_t number = larger ? 0 : size() - 1; number < size(); ++number) {
    const Ends ends = EndsOf(texts_[number]);
    size_t at = ends.Hash() & mask_;
    while (places_[at].number != kNone) at = (at + 1) & mask_;
    places_[at] = {ends, number};
  }
}

}  // namespace tailrace
