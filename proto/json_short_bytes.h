// Short texts compared and copied in place: most keys and values are of a few bytes, for which a call of memcmp or
// memcpy costs more than what it does. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tailrace::otlp_json {

namespace internal {

template <typename Word>
Word LoadWord(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

// Of sizeof(Word) to 2 * sizeof(Word) bytes: the first word and the last one, which may overlap.
template <typename Word>
bool SameEnds(const char* a, const char* b, size_t size) {
  const size_t last = size - sizeof(Word);
  return ((LoadWord<Word>(a) ^ LoadWord<Word>(b)) | (LoadWord<Word>(a + last) ^ LoadWord<Word>(b + last))) == 0;
}
template <typename Word>
void CopyEnds(char* to, const char* from, size_t size) {
  const size_t last = size - sizeof(Word);
  const Word begin = LoadWord<Word>(from), end = LoadWord<Word>(from + last);
  std::memcpy(to, &begin, sizeof(Word));
  std::memcpy(to + last, &end, sizeof(Word));
}

}  // namespace internal

inline bool SameBytes(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const size_t size = a.size();
  if (size > 16) return std::memcmp(a.data(), b.data(), size) == 0;
  if (size >= 8) return internal::SameEnds<uint64_t>(a.data(), b.data(), size);
  if (size >= 4) return internal::SameEnds<uint32_t>(a.data(), b.data(), size);
  for (size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

// Nothing of `to` but bytes.size() bytes is touched.
inline void CopyBytes(char* to, std::string_view bytes) {
  struct TwoWords {
    uint64_t words[2];
  };
  const size_t size = bytes.size();
  const char* from = bytes.data();
  if (size > 32) {
    std::memcpy(to, from, size);
  } else if (size >= 16) {
    internal::CopyEnds<TwoWords>(to, from, size);
  } else if (size >= 8) {
    internal::CopyEnds<uint64_t>(to, from, size);
  } else if (size >= 4) {
    internal::CopyEnds<uint32_t>(to, from, size);
  } else if (size != 0) {
    to[0] = from[0];
    to[size / 2] = from[size / 2];
    to[size - 1] = from[size - 1];
  }
}

}  // namespace tailrace::otlp_json
