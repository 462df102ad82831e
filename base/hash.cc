#include "base/hash.h"

namespace tailrace {

uint64_t HashBytes(std::string_view data, uint64_t seed) {
  const char* at = data.data();
  size_t left = data.size();
  uint64_t state = MultiplyFold(seed ^ 0xA0761D6478BD642FULL, data.size() ^ 0xE7037ED1A0B428DBULL);
  while (left > 16) {
    uint64_t words[2];
    std::memcpy(words, at, 16);
    state = MultiplyFold(words[0] ^ state, words[1] ^ 0x8EBC6AF09C88C6E3ULL);
    at += 16;
    left -= 16;
  }
  uint64_t tail[2] = {0, 0};
  if (left > 0) std::memcpy(tail, at, left);
  return MultiplyFold(tail[0] ^ state ^ 0x589965CC75374CC3ULL, tail[1] ^ 0x1D8E4E27C47D124FULL);
}

}  // namespace tailrace
