// HTTP/2 (RFC 9113) as far as a client of unary calls needs it.
#include <nghttp2/nghttp2.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/container/flat_hash_map.h"
#include "collector/load/client_connection.h"
#include "collector/load/http2_wire.h"
#include "collector/load/output_queue.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

using namespace http2;

constexpr size_t kReadBytes = 64 << 10;
constexpr size_t kAnswerBytesMax = 64 << 10;  // of one answer's body that is kept
constexpr size_t kHeaderBlockMax = 256 << 10;
constexpr uint32_t kStreamIdLast = 0x7FFF'0000;

struct Stream {
  OutgoingRequest request;
  int status = 0;
  int grpc_status = -1;
  std::string body;
};

class Http2Client final : public ClientConnection {
 public:
  Http2Client(int fd, const LoadOptions& options, Traffic* traffic)
      : fd_(fd),
        grpc_(options.protocol == LoadProtocol::kGrpc),
        inflight_max_(options.inflight),
        blocks_(MakeHeaderBlocks(options)),
        traffic_(traffic),
        output_(traffic) {
    nghttp2_hd_inflate_new(&inflater_);
    std::string hello = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    const std::string window = std::string("\0\x04", 2) + Big32(kOurWindow);
    hello += FrameHeader(window.size(), kSettings, 0, 0) + window;
    output_.Push(hello, {}, nullptr);
    PushWindowUpdate(kOurWindow - kWindowDefault);
  }
  ~Http2Client() override { nghttp2_hd_inflate_del(inflater_); }

  bool Pump(Now now) override;
  bool OnReadable(Now now) override;
  void Abandon(Now now) override;
  bool wants_to_write() const override { return !output_.empty(); }
  size_t in_flight() const override { return streams_.size(); }
  int64_t oldest_taken_ns() const override;
  bool greeted() const override { return greeted_; }

 private:
  void PushWindowUpdate(uint32_t bytes) {
    output_.Push(FrameHeader(4, kWindowUpdate, 0, 0) + Big32(bytes), {}, nullptr);
  }
  void Begin(const OutgoingRequest& request);
  void SendBody();
  bool OnFrame(uint8_t type, uint8_t flags, uint32_t stream, std::string_view payload, Now now);
  bool OnSettings(std::string_view payload);
  bool OnHeaderBlock(uint32_t stream, bool end_stream, Now now);
  void OnHeader(Stream* stream, std::string_view name, std::string_view value);
  void End(uint32_t id, Now now);
  void EndLost(uint32_t id, SendOutcome outcome, Now now);

  const int fd_;
  const bool grpc_;
  const size_t inflight_max_;
  const HeaderBlocks blocks_;
  Traffic* const traffic_;
  OutputQueue output_;
  nghttp2_hd_inflater* inflater_ = nullptr;
  absl::flat_hash_map<uint32_t, Stream> streams_;

  // What the server said.
  bool greeted_ = false;
  bool going_away_ = false;
  uint32_t frame_max_ = kFrameMaxDefault, table_size_ = kTableDefault, streams_max_ = UINT32_MAX;
  int64_t initial_window_ = kWindowDefault, connection_window_ = kWindowDefault;

  // The request whose body is being framed; one at a time.
  uint32_t next_id_ = 1, sending_id_ = 0;
  OutgoingRequest sending_;
  size_t sending_offset_ = 0;
  int64_t sending_window_ = 0;
  bool blocks_indexed_ = false;

  std::string input_;
  std::string header_block_;
  uint32_t header_stream_ = 0;
  bool header_ends_stream_ = false;
  uint64_t unacknowledged_bytes_ = 0;
};

bool Http2Client::Pump(Now now) {
  for (;;) {
    if (greeted_) {
      SendBody();
      while (sending_id_ == 0 && !going_away_ && streams_.size() < std::min<size_t>(inflight_max_, streams_max_)) {
        if (next_id_ > kStreamIdLast) {
          if (streams_.empty()) return Fail("stream ids used up");
          break;
        }
        const std::optional<OutgoingRequest> request = traffic_->Next(now.monotonic_ns, now.wall_ns);
        if (!request) break;
        Begin(*request);
        SendBody();
      }
    }
    if (output_.empty()) return true;
    if (!output_.Flush(fd_)) return Fail(std::string("write: ") + std::strerror(errno));
    if (!output_.empty() || sending_id_ == 0) return true;
    if (connection_window_ <= 0 || sending_window_ <= 0) return true;
  }
}

void Http2Client::Begin(const OutgoingRequest& request) {
  sending_id_ = next_id_;
  next_id_ += 2;
  sending_ = request;
  sending_offset_ = 0;
  sending_window_ = initial_window_;
  streams_[sending_id_].request = request;
  // A server that keeps no table (or a small one) gets the headers written out each time.
  const bool indexed = blocks_indexed_;
  const std::string& block = indexed ? blocks_.indexed : blocks_.first;
  output_.Push(FrameHeader(block.size(), kHeaders, kEndHeaders, sending_id_), block, nullptr);
  blocks_indexed_ = table_size_ >= kTableDefault;
}

// Frames what the windows allow of the body; the rest follows when they grow.
void Http2Client::SendBody() {
  while (sending_id_ != 0) {
    const std::string_view body = sending_.body->body();
    const int64_t window = std::min(connection_window_, sending_window_);
    if (window <= 0) return;
    const size_t size =
        std::min({body.size() - sending_offset_, static_cast<size_t>(frame_max_), static_cast<size_t>(window)});
    const bool last = sending_offset_ + size == body.size();
    output_.Push(FrameHeader(size, kData, last ? kEndStream : 0, sending_id_), body.substr(sending_offset_, size),
                 last ? &sending_ : nullptr);
    sending_offset_ += size;
    sending_window_ -= static_cast<int64_t>(size);
    connection_window_ -= static_cast<int64_t>(size);
    if (last) sending_id_ = 0;
  }
}

bool Http2Client::OnReadable(Now now) {
  char buffer[kReadBytes];
  const ssize_t got = recv(fd_, buffer, sizeof(buffer), MSG_DONTWAIT);
  if (got == 0) return Fail("the server closed the connection");
  if (got < 0) {
    return errno == EAGAIN || errno == EINTR ? true : Fail(std::string("read: ") + std::strerror(errno));
  }
  input_.append(buffer, static_cast<size_t>(got));
  size_t at = 0;
  while (input_.size() - at >= kFrameHeader) {
    const char* frame = input_.data() + at;
    const size_t size = Load32(frame) >> 8;
    if (!greeted_ && frame[3] != kSettings) return Fail("not an HTTP/2 server (or one with TLS)");
    if (size > kFrameMaxDefault) return Fail("a frame above the size limit");
    if (input_.size() - at < kFrameHeader + size) break;
    const std::string_view payload(frame + kFrameHeader, size);
    if (!OnFrame(static_cast<uint8_t>(frame[3]), static_cast<uint8_t>(frame[4]), Load32(frame + 5) & 0x7FFF'FFFF,
                 payload, now)) {
      return false;
    }
    at += kFrameHeader + size;
  }
  input_.erase(0, at);
  return true;
}

bool Http2Client::OnFrame(uint8_t type, uint8_t flags, uint32_t stream, std::string_view payload, Now now) {
  if (header_stream_ != 0 && type != kContinuation) return Fail("a header block was interrupted");
  if ((type == kData || type == kHeaders) && (flags & kPadded) != 0) {
    if (payload.empty() || static_cast<uint8_t>(payload[0]) >= payload.size()) return Fail("bad padding");
    payload = payload.substr(1, payload.size() - 1 - static_cast<uint8_t>(payload[0]));
  }
  switch (type) {
    case kData: {
      unacknowledged_bytes_ += payload.size();
      if (unacknowledged_bytes_ > kOurWindow / 2)
        PushWindowUpdate(static_cast<uint32_t>(std::exchange(unacknowledged_bytes_, 0)));
      const auto found = streams_.find(stream);
      if (found != streams_.end() && found->second.body.size() < kAnswerBytesMax) found->second.body.append(payload);
      if (flags & kEndStream) End(stream, now);
      return true;
    }
    case kHeaders:
      if ((flags & kPriority) != 0) payload.remove_prefix(std::min<size_t>(payload.size(), 5));
      header_stream_ = stream;
      header_ends_stream_ = (flags & kEndStream) != 0;
      header_block_.assign(payload);
      return (flags & kEndHeaders) == 0 || OnHeaderBlock(stream, header_ends_stream_, now);
    case kContinuation:
      if (stream != header_stream_ || header_block_.size() > kHeaderBlockMax) return Fail("a bad CONTINUATION");
      header_block_.append(payload);
      return (flags & kEndHeaders) == 0 || OnHeaderBlock(stream, header_ends_stream_, now);
    case kRstStream:
      EndLost(stream, SendOutcome::kFailed, now);
      return true;
    case kSettings:
      return (flags & kAck) != 0 || OnSettings(payload);
    case kPing:
      if ((flags & kAck) == 0) output_.Push(FrameHeader(8, kPing, kAck, 0).append(payload.substr(0, 8)), {}, nullptr);
      return true;
    case kGoaway:
      going_away_ = true;
      return streams_.empty() ? Fail("the server is going away") : true;
    case kWindowUpdate: {
      if (payload.size() != 4) return Fail("a bad WINDOW_UPDATE");
      const int64_t more = Load32(payload.data()) & 0x7FFF'FFFF;
      if (stream == 0) connection_window_ += more;
      if (stream != 0 && stream == sending_id_) sending_window_ += more;
      return true;
    }
    default:
      return true;
  }
}

bool Http2Client::OnSettings(std::string_view payload) {
  for (; payload.size() >= 6; payload.remove_prefix(6)) {
    const uint16_t id = static_cast<uint16_t>(static_cast<uint8_t>(payload[0]) << 8 | static_cast<uint8_t>(payload[1]));
    const uint32_t value = Load32(payload.data() + 2);
    if (id == kMaxFrameSize) frame_max_ = std::clamp<uint32_t>(value, kFrameMaxDefault, 1 << 20);
    if (id == kMaxConcurrentStreams) streams_max_ = value;
    if (id == kInitialWindowSize) {
      sending_window_ += static_cast<int64_t>(value) - initial_window_;
      initial_window_ = value;
    }
    if (id == kHeaderTableSize && value < kTableDefault) {
      if (next_id_ > 1) return Fail("the server shrank its header table in mid-connection");
      table_size_ = value;
    }
  }
  output_.Push(FrameHeader(0, kSettings, kAck, 0), {}, nullptr);
  greeted_ = true;
  return true;
}

bool Http2Client::OnHeaderBlock(uint32_t id, bool end_stream, Now now) {
  header_stream_ = 0;
  const auto found = streams_.find(id);
  Stream* stream = found == streams_.end() ? nullptr : &found->second;
  const uint8_t* at = reinterpret_cast<const uint8_t*>(header_block_.data());
  size_t left = header_block_.size();
  for (int flags = 0; (flags & NGHTTP2_HD_INFLATE_FINAL) == 0;) {
    nghttp2_nv header;
    const ssize_t used = nghttp2_hd_inflate_hd2(inflater_, &header, &flags, at, left, 1);
    if (used < 0) return Fail("headers that cannot be read");
    at += used;
    left -= static_cast<size_t>(used);
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0 && stream != nullptr) {
      OnHeader(stream, {reinterpret_cast<char*>(header.name), header.namelen},
               {reinterpret_cast<char*>(header.value), header.valuelen});
    }
  }
  nghttp2_hd_inflate_end_headers(inflater_);
  if (end_stream) End(id, now);
  return true;
}

void Http2Client::OnHeader(Stream* stream, std::string_view name, std::string_view value) {
  const bool http = name == ":status";
  if (!http && name != "grpc-status") return;
  int number = 0;
  for (char c : value.substr(0, 3)) number = number * 10 + (c - '0');
  (http ? stream->status : stream->grpc_status) = number;
}

void Http2Client::End(uint32_t id, Now now) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  const Stream& stream = found->second;
  SendOutcome outcome = SendOutcome::kFailed;
  std::string_view answer = stream.body;
  if (grpc_) {
    constexpr int kUnavailable = 14;
    const bool refused = stream.grpc_status == kUnavailable || stream.status == 503 || stream.status == 429;
    if (stream.grpc_status == 0) outcome = SendOutcome::kAcknowledged;
    if (refused) outcome = SendOutcome::kRefused;
    answer = answer.size() > 5 ? answer.substr(5) : std::string_view();
  } else {
    if (stream.status == 200) outcome = SendOutcome::kAcknowledged;
    if (stream.status == 503 || stream.status == 429) outcome = SendOutcome::kRefused;
  }
  const uint64_t rejected = outcome == SendOutcome::kAcknowledged ? RejectedSpans(answer) : 0;
  if (id == sending_id_) return EndLost(id, outcome, now);
  const OutgoingRequest request = stream.request;
  streams_.erase(found);
  traffic_->Done(request, outcome, rejected, now.monotonic_ns);
}

// The stream ended, perhaps before all of its body was sent (an early refusal): the rest is not.
void Http2Client::EndLost(uint32_t id, SendOutcome outcome, Now now) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  const OutgoingRequest request = found->second.request;
  streams_.erase(found);
  if (id == sending_id_) {
    // What is queued of it still points into the body; CANCEL follows it, and only then is the body free again.
    output_.Push(FrameHeader(4, kRstStream, 0, id) + Big32(8), {}, &request);
    sending_id_ = 0;
  }
  traffic_->Done(request, outcome, 0, now.monotonic_ns);
}

void Http2Client::Abandon(Now now) {
  output_.Clear();
  if (sending_id_ != 0) traffic_->Written(sending_);
  sending_id_ = 0;
  for (const auto& [id, stream] : streams_) traffic_->Done(stream.request, SendOutcome::kLost, 0, now.monotonic_ns);
  streams_.clear();
}

int64_t Http2Client::oldest_taken_ns() const {
  int64_t oldest = INT64_MAX;
  for (const auto& [id, stream] : streams_) oldest = std::min(oldest, stream.request.taken_ns);
  return oldest;
}

}  // namespace

std::unique_ptr<ClientConnection> MakeHttp2Client(int fd, const LoadOptions& options, Traffic* traffic) {
  return std::make_unique<Http2Client>(fd, options, traffic);
}

uint64_t RejectedSpans(std::string_view response) {
  // ExportTraceServiceResponse { partial_success = 1: { int64 rejected_spans = 1; string error_message = 2; } }
  WireReader outer(response);
  while (outer.Next()) {
    if (outer.tag() != WireTag(1, kLengthDelimited)) {
      outer.Skip();
      continue;
    }
    WireReader inner(outer.Bytes());
    while (inner.Next()) {
      if (inner.tag() == WireTag(1, kVarint)) return inner.Varint();
      inner.Skip();
    }
  }
  return 0;
}

}  // namespace tailrace
