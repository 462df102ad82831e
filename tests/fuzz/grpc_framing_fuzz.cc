// Any bytes as what a client sends in one call: a message in its frame, read whole, in pieces and by the letter of the
// format. The first byte is the limit (its square, in tens of bytes), the second whether buffers are scarce, the third
// n: how many bytes follow that say how the rest is cut.
#include <algorithm>

#include "collector/receivers/grpc_framing.h"
#include "collector/receivers/unfinished_bodies.h"
#include "tests/fuzz/fuzz_target.h"

namespace tailrace::testing {
namespace {

constexpr size_t kPrefixBytes = 5;

struct Message {
  FramingError error = FramingError::kNone;
  bool complete = false;
  bool compressed = false;
  std::string bytes;
  bool operator==(const Message&) const = default;
};

// What a unary call's bytes say.
Message ByTheLetter(std::string_view bytes, size_t bytes_max) {
  Message message;
  if (bytes.size() < kPrefixBytes) return message;
  const auto byte = [prefix = bytes](size_t at) { return size_t{static_cast<uint8_t>(prefix[at])}; };
  const size_t length = byte(1) << 24 | byte(2) << 16 | byte(3) << 8 | byte(4);
  bytes.remove_prefix(kPrefixBytes);
  if (byte(0) > 1) {
    message.error = FramingError::kBadFlag;
  } else if (length > bytes_max) {
    message.error = FramingError::kTooLarge;
  } else if (bytes.size() > length) {
    message.error = FramingError::kSecondMessage;
  } else if (bytes.size() == length) {
    message.complete = true;
    message.compressed = byte(0) == 1;
    message.bytes = bytes;
  }
  return message;
}

// `cuts`: empty: all at once.
Message Read(std::string_view bytes, std::string_view cuts, size_t bytes_max, GrpcFraming* framing,
             UnfinishedBodies* bodies) {
  Message message;
  for (size_t i = 0; !bytes.empty() && message.error == FramingError::kNone; ++i) {
    const size_t size = cuts.empty() ? bytes.size() : 1 + static_cast<uint8_t>(cuts[i % cuts.size()]);
    const std::string piece(bytes.substr(0, size));
    bytes.remove_prefix(piece.size());
    message.error = framing->Feed(piece, bytes_max, *bodies);
  }
  if (message.error == FramingError::kNone && framing->complete()) {
    message.complete = true;
    message.compressed = framing->compressed();
    const BufferRef body = framing->Take();
    if (body) message.bytes = body->view();
  }
  framing->Reset();
  return message;
}

}  // namespace
}  // namespace tailrace::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace;           // NOLINT
  using namespace tailrace::testing;  // NOLINT
  if (size < 3) return 0;
  const size_t bytes_max = size_t{10} * data[0] * data[0];
  const bool scarce = data[1] % 2 == 1;
  const std::string_view cuts = AsText(data + 3, std::min<size_t>(data[2] % 16, size - 3));
  const std::string_view bytes = AsText(data + 3 + cuts.size(), size - 3 - cuts.size());
  static BufferPool pool(size_t{1} << 20), small(size_t{3} << 10);
  static int64_t now_ns = 0;
  static uint64_t given_up = 0;
  static UnfinishedBodies bodies(pool, now_ns, given_up), few(small, now_ns, given_up);
  static GrpcFraming framing;  // one for all inputs, as a stream is reused from call to call
  const Message expected = ByTheLetter(bytes, bytes_max);
  for (const std::string_view how : {std::string_view(), cuts}) {
    const Message message = Read(bytes, how, bytes_max, &framing, scarce ? &few : &bodies);
    const bool no_room = scarce && message.error == FramingError::kNoBuffer;
    Require(no_room || message == expected, "the message is what its frame says, however it comes");
  }
  Require(pool.bytes_in_use() == 0 && small.bytes_in_use() == 0, "every buffer goes back");
  return 0;
}
