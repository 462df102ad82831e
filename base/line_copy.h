// Two ways to copy some hundred bytes and more, cache line by cache line where the processor is x86-64.
//
// StreamCopy: for bytes that will not be looked at for long. They go to memory past the caches, so that the lines they
// replace need not be read first and nothing useful is pushed out. The thread that copies sees its bytes at once.
// Another thread sees them only once both have been through something that orders more than ordinary stores do, such as
// a system call; no lock or atomic is enough.
//
// BulkCopy: memcpy, whatever the two addresses. From some 2 kB on glibc's is `rep movsb`, which on AMD's Zen 3 and 4
// takes fifteen times as long where the target lies 1 to 15 bytes further into its page than the source
// (docs/decisions/015-copying-received-bytes.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace tailrace {

#ifdef __SSE2__
// `store(line, value)`: 16 bytes to an aligned address.
template <typename Store>
inline void CopyLines(char* to, const char* from, size_t size, Store store) {
  constexpr size_t kLine = 64;
  // With less than two whole lines there is nothing to gain.
  constexpr size_t kWorthwhile = 3 * kLine;
  if (size >= kWorthwhile) {
    const size_t head = -reinterpret_cast<uintptr_t>(to) % kLine;
    if (head != 0) std::memcpy(to, from, head);
    to += head;
    from += head;
    size -= head;
    for (; size >= kLine; size -= kLine, to += kLine, from += kLine) {
      const auto* source = reinterpret_cast<const __m128i*>(from);
      auto* line = reinterpret_cast<__m128i*>(to);
      const __m128i a = _mm_loadu_si128(source);
      const __m128i b = _mm_loadu_si128(source + 1);
      const __m128i c = _mm_loadu_si128(source + 2);
      const __m128i d = _mm_loadu_si128(source + 3);
      store(line, a);
      store(line + 1, b);
      store(line + 2, c);
      store(line + 3, d);
    }
  }
  if (size != 0) std::memcpy(to, from, size);
}

inline void StreamCopy(char* to, const char* from, size_t size) {
  CopyLines(to, from, size, [](__m128i* line, __m128i value) { _mm_stream_si128(line, value); });
}
inline void BulkCopy(char* to, const char* from, size_t size) {
  CopyLines(to, from, size, [](__m128i* line, __m128i value) { _mm_store_si128(line, value); });
}
#else
inline void StreamCopy(char* to, const char* from, size_t size) { std::memcpy(to, from, size); }
inline void BulkCopy(char* to, const char* from, size_t size) { std::memcpy(to, from, size); }
#endif

}  // namespace tailrace
