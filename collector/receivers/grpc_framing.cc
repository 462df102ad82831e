#include "collector/receivers/grpc_framing.h"

#include <algorithm>
#include <cstring>

namespace tailrace {

void GrpcFraming::Reset() {
  prefix_size_ = 0;
  compressed_ = false;
  length_ = 0;
  body_.Reset();
}

FramingError GrpcFraming::ReadPrefix(size_t message_bytes_max) {
  if (prefix_[0] > 1) return FramingError::kBadFlag;
  compressed_ = prefix_[0] == 1;
  length_ = uint32_t{prefix_[1]} << 24 | uint32_t{prefix_[2]} << 16 | uint32_t{prefix_[3]} << 8 | prefix_[4];
  if (length_ > message_bytes_max) return FramingError::kTooLarge;
  body_.Start(length_, message_bytes_max);
  return FramingError::kNone;
}

FramingError GrpcFraming::Feed(std::string_view bytes, size_t message_bytes_max, UnfinishedBodies& bodies) {
  if (prefix_size_ < kPrefixBytes) {
    const size_t taken = std::min(bytes.size(), kPrefixBytes - prefix_size_);
    std::memcpy(prefix_.data() + prefix_size_, bytes.data(), taken);
    prefix_size_ += static_cast<uint8_t>(taken);
    bytes.remove_prefix(taken);
    if (prefix_size_ < kPrefixBytes) return FramingError::kNone;
    if (const FramingError error = ReadPrefix(message_bytes_max); error != FramingError::kNone) return error;
  }
  if (bytes.empty()) return FramingError::kNone;
  if (bytes.size() > length_ - body_.size()) return FramingError::kSecondMessage;
  switch (body_.Append(bodies, bytes)) {
    case BodyError::kNone:
      return FramingError::kNone;
    case BodyError::kTooLarge:
      return FramingError::kTooLarge;
    case BodyError::kNoBuffer:
      break;
  }
  return FramingError::kNoBuffer;
}

}  // namespace tailrace
