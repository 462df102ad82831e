#include "collector/receivers/http2_shared.h"

#include <nghttp2/nghttp2.h>

#include <string_view>
#include <utility>

#include "collector/receivers/http2_session.h"

namespace tailrace {
namespace {

constexpr size_t kFrameHeadBytes = 9;
constexpr int kFirstUnknownType = NGHTTP2_CONTINUATION + 1;

std::string_view View(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

Http2Session& SessionOf(void* user_data) { return *static_cast<Http2Session*>(user_data); }

Http2Stream* StreamOf(nghttp2_session* session, int32_t stream_id) {
  return static_cast<Http2Stream*>(nghttp2_session_get_stream_user_data(session, stream_id));
}

// Every frame is paid for. PRIORITY is a frame that the library skips, for the old priorities are not used; on stream 0
// it is an error all the same (RFC 9113, 6.3).
int OnBeginFrame(nghttp2_session* session, const nghttp2_frame_hd* head, void* user_data) {
  if (!SessionOf(user_data).OnFrameBegin(kFrameHeadBytes + head->length)) {
    return nghttp2_session_terminate_session(session, NGHTTP2_ENHANCE_YOUR_CALM);
  }
  if (head->type != NGHTTP2_PRIORITY || head->stream_id != 0) return 0;
  return nghttp2_session_terminate_session(session, NGHTTP2_PROTOCOL_ERROR);
}

int OnBeginHeaders(nghttp2_session* session, const nghttp2_frame* frame, void* user_data) {
  if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
  Http2Stream* stream = SessionOf(user_data).OnBeginHeaders(frame->hd.stream_id);
  return nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, stream);
}

int OnHeader(nghttp2_session* session, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
             const uint8_t* value, size_t value_size, uint8_t /*flags*/, void* user_data) {
  Http2Stream* stream = StreamOf(session, frame->hd.stream_id);
  if (stream == nullptr) return 0;
  const bool go_on = SessionOf(user_data).OnHeader(*stream, View(name, name_size), View(value, value_size));
  return go_on ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE;
}

int OnFrame(nghttp2_session* session, const nghttp2_frame* frame, void* user_data) {
  if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
  Http2Stream* stream = StreamOf(session, frame->hd.stream_id);
  if (stream == nullptr) return 0;
  if (frame->hd.type == NGHTTP2_HEADERS && !stream->head_complete) SessionOf(user_data).OnHeadComplete(*stream);
  if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) SessionOf(user_data).OnRequestEnd(*stream);
  return 0;
}

// A frame of a type that nobody knows: passed over (RFC 9113, 5.5), but not before OnBeginFrame saw it.
int OnUnknownFrame(nghttp2_session* /*session*/, void** /*payload*/, const nghttp2_frame_hd* /*head*/,
                   void* /*user_data*/) {
  return NGHTTP2_ERR_CANCEL;
}

int OnData(nghttp2_session* session, uint8_t /*flags*/, int32_t stream_id, const uint8_t* data, size_t size,
           void* user_data) {
  Http2Stream* stream = StreamOf(session, stream_id);
  if (stream != nullptr) SessionOf(user_data).OnData(*stream, View(data, size));
  return 0;
}

int OnFrameSent(nghttp2_session* session, const nghttp2_frame* frame, void* user_data) {
  if (frame->hd.type == NGHTTP2_GOAWAY) {
    SessionOf(user_data).OnGoawaySent(frame->goaway.error_code);
  } else if (frame->hd.type == NGHTTP2_RST_STREAM) {
    SessionOf(user_data).OnResetSent(frame->rst_stream.error_code);
  } else if (frame->hd.type <= NGHTTP2_HEADERS && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
    Http2Stream* stream = StreamOf(session, frame->hd.stream_id);
    if (stream != nullptr) SessionOf(user_data).OnAnswerSent(*stream);
  }
  return 0;
}

int OnStreamClose(nghttp2_session* session, int32_t stream_id, uint32_t /*error*/, void* user_data) {
  Http2Stream* stream = StreamOf(session, stream_id);
  if (stream == nullptr) return 0;
  nghttp2_session_set_stream_user_data(session, stream_id, nullptr);
  SessionOf(user_data).OnStreamClose(*stream);
  return 0;
}

}  // namespace

Http2Shared::Http2Shared() {
  nghttp2_option_new(&options_);
  // Closed streams are kept for the old priority tree only, which is not used.
  nghttp2_option_set_no_closed_streams(options_, 1);
  // A client whose unread acknowledgements pile up is cut off; so is one with more than these settings in a frame. The
  // limits on resets and CONTINUATION frames are on by default.
  nghttp2_option_set_max_outbound_ack(options_, 1000);
  nghttp2_option_set_max_settings(options_, 32);
  for (int type = kFirstUnknownType; type <= 0xFF; ++type) {
    nghttp2_option_set_user_recv_extension_type(options_, static_cast<uint8_t>(type));
  }

  nghttp2_session_callbacks_new(&callbacks_);
  nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks_, OnBeginFrame);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks_, OnBeginHeaders);
  nghttp2_session_callbacks_set_on_header_callback(callbacks_, OnHeader);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks_, OnFrame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks_, OnData);
  nghttp2_session_callbacks_set_unpack_extension_callback(callbacks_, OnUnknownFrame);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks_, OnFrameSent);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks_, OnStreamClose);
}

Http2Shared::~Http2Shared() {
  nghttp2_session_callbacks_del(callbacks_);
  nghttp2_option_del(options_);
}

std::unique_ptr<Http2Stream> Http2Shared::TakeStream() {
  if (free_streams_.empty()) return std::make_unique<Http2Stream>();
  std::unique_ptr<Http2Stream> stream = std::move(free_streams_.back());
  free_streams_.pop_back();
  return stream;
}

void Http2Shared::GiveBack(std::unique_ptr<Http2Stream> stream) {
  if (free_streams_.size() >= kFreeStreamsMax) return;
  stream->Reset();
  free_streams_.push_back(std::move(stream));
}

}  // namespace tailrace
