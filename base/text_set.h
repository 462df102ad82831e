// TextSet: texts known from the configuration, each with a small number, for finding out quickly which of them, if any,
// a received text is. Texts are added at start; after that the set is immutable and any thread may read it.
//
// The place of a text follows from its length and its first and last eight bytes alone. Received texts may collide as
// they please: what is found is compared, and nobody but the operator chooses what is in the set.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace tailrace {

class TextSet {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // The text's number; the same for the same text.
  uint32_t Add(std::string_view text);
  // kNone for a text that was not added.
  uint32_t Find(std::string_view text) const {
    if ((lengths_ & LengthBit(text.size())) == 0) return kNone;
    const uint32_t hash = HashOf(text);
    for (size_t at = hash & mask_; places_[at].number != kNone; at = (at + 1) & mask_) {
      if (places_[at].hash == hash && texts_[places_[at].number] == text) return places_[at].number;
    }
    return kNone;
  }
  bool Contains(std::string_view text) const { return Find(text) != kNone; }
  uint32_t size() const { return static_cast<uint32_t>(texts_.size()); }

 private:
  struct Place {
    uint32_t hash = 0;
    uint32_t number = kNone;
  };

  static uint64_t LengthBit(size_t size) { return uint64_t{1} << (size < 63 ? size : 63); }
  template <typename Word>
  static uint64_t Load(const char* from) {
    Word word;
    std::memcpy(&word, from, sizeof(word));
    return word;
  }
  static uint32_t HashOf(std::string_view text) {
    constexpr uint64_t kMix = 0x9E37'79B9'7F4A'7C15;
    const size_t size = text.size();
    uint64_t first = 0, last = 0;
    if (size >= 8) {
      first = Load<uint64_t>(text.data());
      last = Load<uint64_t>(text.data() + size - 8);
    } else if (size >= 4) {
      first = Load<uint32_t>(text.data());
      last = Load<uint32_t>(text.data() + size - 4);
    } else {
      for (const char c : text) first = first << 8 | static_cast<uint8_t>(c);
    }
    return static_cast<uint32_t>(((first ^ (last << 1 | last >> 63) ^ size) * kMix) >> 32);
  }
  void Grow();

  std::vector<std::string> texts_;
  uint64_t lengths_ = 0;       // bit n: some text has n bytes (63: or more)
  std::vector<Place> places_;  // a power of two, at most a quarter full
  size_t mask_ = 0;
};

}  // namespace tailrace
