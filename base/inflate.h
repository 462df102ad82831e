// Inflater: unpacks a compressed request body into a pool buffer, with a hard bound on what may come out. Stands
// between the connection and the request scanner; also used by whoever reads compressed bytes from outside.
//
// Ownership: single-writer, one a shard: the decompressors' state is reused from call to call.
//
// Invariants:
//  1. `*out` never holds more than `bytes_max` bytes and no more than that is ever written: a bomb costs its bound.
//  2. Memory beside the pool's is bounded: libdeflate's tables and zstd's window (at most 8 MiB), both kept.
//  3. All of the input is used or the answer is kCorrupt: bytes behind the last member are no body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/buffer.h"

namespace tailrace {

enum class Encoding : uint8_t { kIdentity, kGzip, kDeflate, kZstd, kUnsupported };

// A `grpc-encoding` or `Content-Encoding` value. `deflate` and `zlib` both mean RFC 1950, as in HTTP and gRPC; empty is
// identity.
Encoding ParseEncoding(std::string_view name);

enum class InflateError : uint8_t {
  kNone,
  kCorrupt,
  kTooLarge,  // more than bytes_max would come out
  kNoBuffer,  // the pool has no room: a retry may help
};

class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // `encoding` is kGzip, kDeflate or kZstd (anything else is kCorrupt). Several gzip members or zstd frames in a row
  // are one body. On an error `*out` is empty.
  [[nodiscard]] InflateError Inflate(Encoding encoding, std::string_view in, size_t bytes_max, BufferPool& pool,
                                     BufferRef* out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tailrace
