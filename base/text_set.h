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
    const Ends ends = EndsOf(text);
    for (size_t at = ends.Hash() & mask_; places_[at].number != kNone; at = (at + 1) & mask_) {
      if (places_[at].ends == ends && (text.size() <= 16 || texts_[places_[at].number] == text))
        return places_[at].number;
    }
    return kNone;
  }
  bool Contains(std::string_view text) const { return Find(text) != kNone; }
  uint32_t size() const { return static_cast<uint32_t>(texts_.size()); }

 private:
  // All of a text of at most 16 bytes.
  struct Ends {
    uint64_t first = 0;
    uint64_t last = 0;
    uint64_t size = 0;
    bool operator==(const Ends&) const = default;
    uint64_t Hash() const { return ((first ^ (last << 1 | last >> 63) ^ size) * 0x9E37'79B9'7F4A'7C15) >> 32; }
  };
  struct Place {
    Ends ends;
    uint32_t number = kNone;
  };

  static uint64_t LengthBit(size_t size) { return uint64_t{1} << (size < 63 ? size : 63); }
  template <typename Word>
  static uint64_t Load(const char* from) {
    Word word;
    std::memcpy(&word, from, sizeof(word));
    return word;
  }
  static Ends EndsOf(std::string_view text) {
    Ends ends{.size = text.size()};
    if (text.size() >= 8) {
      ends.first = Load<uint64_t>(text.data());
      ends.last = Load<uint64_t>(text.data() + text.size() - 8);
    } else if (text.size() >= 4) {
      ends.first = Load<uint32_t>(text.data());
      ends.last = Load<uint32_t>(text.data() + text.size() - 4);
    } else {
      for (const char c : text) ends.first = ends.first << 8 | static_cast<uint8_t>(c);
    }
    return ends;
  }
  void Grow();

  std::vector<std::string> texts_;
  uint64_t lengths_ = 0;       // bit n: some text has n bytes (63: or more)
  std::vector<Place> places_;  // a power of two, at most a quarter full
  size_t mask_ = 0;
};

}  // namespace tailrace
