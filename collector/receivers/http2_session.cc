#include "collector/receivers/http2_session.h"

#include <nghttp2/nghttp2.h>

#include <array>
#include <utility>

#include "collector/access/listener_access.h"
#include "collector/receivers/shard_receiver.h"

namespace tailrace {
namespace {

// Wide enough that a client on a fast network never waits for a window; what is really held is the buffer pool's bound.
constexpr int32_t kConnectionWindowBytes = 16 << 20;
constexpr uint32_t kStreamWindowBytes = 4 << 20;
// SETTINGS_MAX_FRAME_SIZE stays at its 16 KiB: frames of 64 KiB and 1 MiB measured no faster here.
// A list this many times over the limit is not worth decoding to its end for a polite answer.
constexpr size_t kHeaderListCut = 8;
// What a client may go on sending on a stream that is answered, before it is told to stop.
constexpr size_t kPassedOverMax = size_t{1} << 20;

}  // namespace

Http2Session::Http2Session(ShardReceiver& shard, const Port& port)
    : shard_(shard),
      port_(port),
      frames_(port.limits.overhead_frames_max),
      passed_over_bytes_max_(kStreamWindowBytes),
      last_activity_ns_(shard.now_ns) {
  if (nghttp2_session_server_new2(&session_, shard.http2.callbacks(), this, shard.http2.options()) != 0) {
    failed_ = true;
    return;
  }
  const std::array<nghttp2_settings_entry, 4> settings = {{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, port.limits.streams_max},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindowBytes},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kHeaderListBytesMax},
      {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
  }};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindowBytes);
}

Http2Session::~Http2Session() {
  for (std::unique_ptr<Http2Stream>& stream : open_) shard_.http2.GiveBack(std::move(stream));
  nghttp2_session_del(session_);
}

// --- the connection's side -------------------------------------------------------------------------------------------

void Http2Session::OnBytes(std::string_view bytes) {
  if (failed_) return;
  const ssize_t used = nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  if (used >= 0) {
    passed_over_bytes_ += used;
    if (passed_over_bytes_ > passed_over_bytes_max_) {
      nghttp2_session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM);
    }
    return;
  }
  Fail(used == NGHTTP2_ERR_FLOODED ? &shard_.stats().closed_by_limit : &shard_.stats().closed_by_error);
}

void Http2Session::Collect(std::string* out, size_t bytes_max) {
  while (!failed_ && out->size() < bytes_max) {
    const uint8_t* data = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &data);
    if (size == 0) return;
    if (size < 0) return Fail(&shard_.stats().closed_by_error);
    out->append(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
  }
}

bool Http2Session::finished() const {
  return failed_ || (nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0);
}

void Http2Session::OnTick(int64_t now_ns) {
  if (failed_) return;
  for (const std::unique_ptr<Http2Stream>& stream : open_) {
    const config::Duration timeout = stream->head_complete ? port_.limits.body_timeout : port_.limits.header_timeout;
    if (!TimedOut(now_ns, stream->since_ns, timeout)) continue;
    // Inside a header block nothing else may be sent on the connection's behalf: all of it goes. So does a client that
    // has no window for an answer of a few bytes: it does not want any.
    if (!stream->head_complete || (stream->answered && !stream->answer_complete))
      return Fail(&shard_.stats().closed_by_limit);
    ++shard_.stats().closed_by_limit;
    stream->since_ns = now_ns;
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream->id, NGHTTP2_CANCEL);
    if (stream->answered) continue;
    const Transport transport = stream->head.media == MediaType::kGrpc ? Transport::kGrpc : Transport::kHttp;
    shard_.ingest.CountFailed(port_.receiver, transport);
    stream->answered = true;
    stream->message.Reset();
    stream->body.Reset();
  }
  if (open_.empty() && TimedOut(now_ns, last_activity_ns_, port_.limits.idle_timeout)) {
    if (!std::exchange(counted_, true)) ++shard_.stats().closed_by_limit;
    Drain();
  }
}

void Http2Session::Drain() {
  if (failed_ || std::exchange(leaving_, true)) return;
  const int32_t last = nghttp2_session_get_last_proc_stream_id(session_);
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, nullptr, 0);
}

void Http2Session::Fail(uint64_t* counter) {
  failed_ = true;
  if (!std::exchange(counted_, true)) ++*counter;
}

// --- nghttp2's side --------------------------------------------------------------------------------------------------

bool Http2Session::OnFrameBegin(size_t size) {
  passed_over_bytes_ -= static_cast<int64_t>(size);
  return frames_.Spend();
}

Http2Stream* Http2Session::OnBeginHeaders(int32_t stream_id) {
  std::unique_ptr<Http2Stream> stream = shard_.http2.TakeStream();
  stream->id = stream_id;
  stream->index = static_cast<uint32_t>(open_.size());
  stream->since_ns = shard_.now_ns;
  last_activity_ns_ = shard_.now_ns;
  open_.push_back(std::move(stream));
  return open_.back().get();
}

bool Http2Session::OnHeader(Http2Stream& stream, std::string_view name, std::string_view value) {
  stream.head.list_bytes += name.size() + value.size() + 32;
  if (stream.head.list_bytes <= kHeaderListBytesMax) {
    if (stream.head_complete) return true;
    if (port_.access != nullptr && port_.access->IsCredential(name)) stream.head.credentials.Add(value);
    stream.head.OnField(name, value, port_.limits.traces_url_path);
    return true;
  }
  if (stream.head.list_bytes <= kHeaderListBytesMax * kHeaderListCut) return true;
  Fail(&shard_.stats().closed_by_limit);
  return false;
}

void Http2Session::OnHeadComplete(Http2Stream& stream) {
  stream.head_complete = true;
  stream.since_ns = shard_.now_ns;
  const RequestHead& head = stream.head;
  if (head.list_bytes > kHeaderListBytesMax) {
    ++shard_.stats().closed_by_limit;
    return AnswerHttpRequest(stream, {.status = 431, .content_type = "text/plain", .body = "header list too large"});
  }
  if (port_.access == nullptr || Admit(stream)) OnAllowed(stream);
}

void Http2Session::OnAllowed(Http2Stream& stream) {
  const RequestHead& head = stream.head;
  if (head.media == MediaType::kGrpc && head.post) {
    const GrpcAnswer answer = CheckGrpcHead(head, &shard_.text);
    if (answer.code != RpcCode::kOk) {
      if (head.route == Route::kGrpcExport) shard_.ingest.CountFailed(port_.receiver, Transport::kGrpc);
      AnswerGrpcCall(stream, answer);
    }
    return;
  }
  if (head.route == Route::kGrpcExport || head.route == Route::kGrpcHealthCheck) {
    shard_.ingest.CountFailed(port_.receiver, Transport::kGrpc);
    return AnswerHttpRequest(
        stream,
        head.post
            ? HttpAnswer{.status = 415, .content_type = "text/plain", .body = "415 expected application/grpc"}
            : HttpAnswer{
                  .status = 405, .content_type = "text/plain", .body = "405 method not allowed, supported: [POST]"});
  }
  const HttpAnswer answer = shard_.http.CheckHead(head, port_);
  if (answer.status != 0) return AnswerHttpRequest(stream, answer);
  stream.body.Start(head.content_length == kNoContentLength ? 0 : head.content_length, port_.limits.body_bytes_max);
}

void Http2Session::OnData(Http2Stream& stream, std::string_view bytes) {
  if (stream.answered) {
    stream.passed_over += bytes.size();
    return StopClient(stream);
  }
  frames_.EarnBody(bytes.size());
  if (stream.check != nullptr) {
    stream.held.append(bytes);
    return;
  }
  TakeBody(stream, bytes);
}

void Http2Session::TakeBody(Http2Stream& stream, std::string_view bytes) {
  if (stream.head.media == MediaType::kGrpc) {
    const FramingError error = stream.message.Feed(bytes, port_.limits.body_bytes_max, shard_.bodies);
    if (error == FramingError::kNone) return;
    AnswerGrpcCall(stream, AnswerFramingError(error, shard_.intake, shard_.ingest, port_));
  } else {
    const BodyError error = stream.body.Append(shard_.bodies, bytes);
    if (error == BodyError::kNone) return;
    AnswerHttpRequest(stream, shard_.http.AnswerBodyError(stream.head, error, port_));
  }
}

void Http2Session::OnRequestEnd(Http2Stream& stream) {
  stream.client_done = true;
  frames_.EarnRequest();
  if (stream.answered || stream.check != nullptr) return;
  if (stream.message.lost()) {
    AnswerGrpcCall(stream, AnswerFramingError(FramingError::kNoBuffer, shard_.intake, shard_.ingest, port_));
  } else if (stream.body.lost()) {
    AnswerHttpRequest(stream, shard_.http.AnswerBodyError(stream.head, BodyError::kNoBuffer, port_));
  } else if (stream.head.media == MediaType::kGrpc) {
    shard_.text.clear();
    const GrpcAnswer answer =
        AnswerGrpc(stream.head, stream.message, shard_.draining, shard_.intake, shard_.ingest, port_, &shard_.text);
    AnswerGrpcCall(stream, answer);
  } else {
    AnswerHttpRequest(stream, shard_.http.AnswerBody(stream.head, stream.body.Take(), port_));
  }
}

void Http2Session::OnAnswerSent(Http2Stream& stream) {
  stream.answer_complete = true;
  StopClient(stream);
}

// RFC 9113, 8.1: a server that has answered before the request's end may ask the client to stop, without an error. Some
// clients then forget the answer, so one that has little left to send is left to end by itself.
void Http2Session::StopClient(const Http2Stream& stream) {
  const bool much_declared =
      stream.head.content_length != kNoContentLength && stream.head.content_length > kPassedOverMax;
  if (stream.client_done) return;
  // With no window for the answer it cannot be told first.
  const bool enough = stream.answer_complete ? stream.passed_over > kPassedOverMax || much_declared
                                             : stream.passed_over > kStreamWindowBytes;
  if (enough) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream.id, NGHTTP2_NO_ERROR);
  }
}

void Http2Session::OnStreamClose(Http2Stream& stream) {
  last_activity_ns_ = shard_.now_ns;
  if (stream.check != nullptr) --held_;
  // What a client sent before it heard of the reset.
  if (!stream.client_done) passed_over_bytes_max_ += kStreamWindowBytes;
  const uint32_t index = stream.index;
  std::unique_ptr<Http2Stream> closed = std::move(open_[index]);
  if (index + 1 < open_.size()) {
    open_[index] = std::move(open_.back());
    open_[index]->index = index;
  }
  open_.pop_back();
  shard_.http2.GiveBack(std::move(closed));
}

void Http2Session::OnResetSent(uint32_t error_code) {
  if (error_code != NGHTTP2_NO_ERROR) frames_.SpendReset();
}

void Http2Session::OnGoawaySent(uint32_t error_code) {
  // Whoever broke the protocol or flooded gets the GOAWAY and no time to go on sending.
  if (error_code == NGHTTP2_NO_ERROR) return;
  Fail(error_code == NGHTTP2_ENHANCE_YOUR_CALM ? &shard_.stats().closed_by_limit : &shard_.stats().closed_by_error);
}

}  // namespace tailrace
