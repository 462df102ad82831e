// StreamCopy: memcpy for bytes that will not be looked at for long: they go to memory past the caches, where the
// processor can (x86-64), so that the lines they replace need not be read first and nothing useful is pushed out.
//
// The thread that copies sees its bytes at once. Another thread sees them only once both have been through something
// that orders more than ordinary stores do, such as a system call; no lock or atomic is enough.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace tailrace {

inline void StreamCopy(char* to, const char* from, size_t size) {
#ifdef __SSE2__
  constexpr size_t kLine = 64;
  // With less than two whole lines there is nothing to gain.
  constexpr size_t kWorthwhile = 3 * kLine;
  if (size >= kWorthwhile) {
    const size_t head = -reinterpret_cast<uintptr_t>(to) % kLine;
    std::memcpy(to, from, head);
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
      _mm_stream_si128(line, a);
      _mm_stream_si128(line + 1, b);
      _mm_stream_si128(line + 2, c);
      _mm_stream_si128(line + 3, d);
    }
  }
#endif
  std::memcpy(to, from, size);
}

}  // namespace tailrace
