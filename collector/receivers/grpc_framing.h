// GrpcFraming: takes the one message of a unary call out of its length-prefixed frame (1 byte flag, 4 bytes length, big
// endian), in whatever pieces it comes. The length is known before a byte of the message is kept, so a message that is
// too large is refused at its fifth byte.
//
// Ownership: single-writer, part of one stream; reused from request to request.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/buffer.h"
#include "collector/receivers/body_buffer.h"

namespace tailrace {

enum class FramingError : uint8_t {
  kNone,
  kTooLarge,
  kNoBuffer,
  kBadFlag,        // neither 0 nor 1
  kSecondMessage,  // bytes behind the message
};

class GrpcFraming {
 public:
  [[nodiscard]] FramingError Feed(std::string_view bytes, size_t message_bytes_max, UnfinishedBodies& bodies);

  // The message is there whole. (A call without a message is not complete.)
  bool complete() const { return prefix_size_ == kPrefixBytes && body_.size() == length_; }
  // What came of it was given up, see BodyBuffer.
  bool lost() const { return body_.lost(); }
  bool compressed() const { return compressed_; }
  BufferRef Take() { return body_.Take(); }
  void Reset();

 private:
  static constexpr size_t kPrefixBytes = 5;
  FramingError ReadPrefix(size_t message_bytes_max);

  std::array<uint8_t, kPrefixBytes> prefix_;
  uint8_t prefix_size_ = 0;
  bool compressed_ = false;
  uint32_t length_ = 0;
  BodyBuffer body_;
};

}  // namespace tailrace
