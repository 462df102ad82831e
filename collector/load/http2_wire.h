// The bytes of HTTP/2 (RFC 9113) and HPACK (RFC 7541) that the load generator's client writes by hand.
//
// Pure functions and constants; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "collector/load/load_options.h"

namespace tailrace::http2 {

enum FrameType : uint8_t {
  kData = 0,
  kHeaders = 1,
  kRstStream = 3,
  kSettings = 4,
  kPing = 6,
  kGoaway = 7,
  kWindowUpdate = 8,
  kContinuation = 9,
};
enum FrameFlag : uint8_t { kEndStream = 1, kAck = 1, kEndHeaders = 4, kPadded = 8, kPriority = 0x20 };
enum Setting : uint16_t { kHeaderTableSize = 1, kMaxConcurrentStreams = 3, kInitialWindowSize = 4, kMaxFrameSize = 5 };

inline constexpr size_t kFrameHeader = 9;
inline constexpr uint32_t kWindowDefault = 65'535, kTableDefault = 4'096, kFrameMaxDefault = 16'384;
inline constexpr uint32_t kOurWindow = 1u
                                       << 30;  // answers are a few bytes; the connection's window is topped up at half

uint32_t Load32(const char* at);  // big endian
std::string Big32(uint32_t value);
std::string FrameHeader(size_t size, uint8_t type, uint8_t flags, uint32_t stream);

// The header list that every request of a run has, in HPACK: the first time written out and put into the server's
// dynamic table, from then on one byte a header.
struct HeaderBlocks {
  std::string first;
  std::string indexed;
};
HeaderBlocks MakeHeaderBlocks(const LoadOptions& options);

}  // namespace tailrace::http2
