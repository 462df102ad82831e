// Http2Session's answers: how a GrpcAnswer and an HttpAnswer become HEADERS, DATA and trailers.
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "collector/receivers/http2_session.h"
#include "collector/receivers/shard_receiver.h"
#include "collector/receivers/text.h"

namespace tailrace {
namespace {

// Both name and value are literals: nothing is copied.
nghttp2_nv Literal(std::string_view name, std::string_view value) {
  return {reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

// The value is copied by nghttp2.
nghttp2_nv Copied(std::string_view name, std::string_view value) {
  nghttp2_nv field = Literal(name, value);
  field.flags = NGHTTP2_NV_FLAG_NO_COPY_NAME;
  return field;
}

ssize_t ReadAnswer(nghttp2_session* session, int32_t stream_id, uint8_t* out, size_t size, uint32_t* flags,
                   nghttp2_data_source* /*source*/, void* user_data) {
  auto* stream = static_cast<Http2Stream*>(nghttp2_session_get_stream_user_data(session, stream_id));
  if (stream == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  const size_t bytes = std::min(size, stream->answer.size() - stream->answer_sent);
  std::memcpy(out, stream->answer.data() + stream->answer_sent, bytes);
  stream->answer_sent += bytes;
  if (stream->answer_sent == stream->answer.size()) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (stream->answer_is_grpc) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      static_cast<Http2Session*>(user_data)->SubmitTrailers(*stream);
    }
  }
  return static_cast<ssize_t>(bytes);
}

constexpr nghttp2_data_provider kAnswerProvider{{.ptr = nullptr}, ReadAnswer};

}  // namespace

void Http2Session::SubmitTrailers(const Http2Stream& stream) {
  const nghttp2_nv trailer = Literal("grpc-status", "0");
  nghttp2_submit_trailer(session_, stream.id, &trailer, 1);
}

void Http2Session::AnswerGrpcCall(Http2Stream& stream, const GrpcAnswer& answer) {
  stream.answered = true;
  stream.since_ns = shard_.now_ns;
  stream.message.Reset();
  std::array<nghttp2_nv, 6> fields = {Literal(":status", "200"), Literal("content-type", "application/grpc")};
  if (answer.code == RpcCode::kOk) {
    const uint32_t size = static_cast<uint32_t>(shard_.text.size());
    const char prefix[5] = {0, static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                            static_cast<char>(size >> 8), static_cast<char>(size)};
    stream.answer.assign(prefix, sizeof(prefix));
    stream.answer.append(shard_.text);
    stream.answer_is_grpc = true;
    nghttp2_submit_response(session_, stream.id, fields.data(), 2, &kAnswerProvider);
    return;
  }
  // An error has no message: all of it is in one HEADERS frame ("Trailers-Only").
  size_t count = 2;
  const std::string status = Joined(static_cast<uint64_t>(answer.code));
  std::string message, details;
  AppendPercentEncoded(answer.text, &message);
  fields[count++] = Copied("grpc-status", status);
  fields[count++] = Copied("grpc-message", message);
  if (answer.retry_after_ms > 0) {
    std::string proto;
    AppendStatusProto(answer.code, answer.text, answer.retry_after_ms, &proto);
    AppendBase64(proto, &details);
    fields[count++] = Copied("grpc-status-details-bin", details);
  }
  if (answer.name_encodings) fields[count++] = Literal("grpc-accept-encoding", kGrpcEncodingsAccepted);
  nghttp2_submit_response(session_, stream.id, fields.data(), count, nullptr);
}

void Http2Session::AnswerHttpRequest(Http2Stream& stream, const HttpAnswer& answer) {
  stream.answered = true;
  stream.since_ns = shard_.now_ns;
  stream.message.Reset();
  stream.body.Reset();
  stream.answer.assign(answer.body);
  std::array<nghttp2_nv, 6> fields;
  size_t count = 0;
  const std::string status = Joined(answer.status);
  const std::string length = Joined(answer.body.size());
  const std::string retry_after = Joined(answer.retry_after_s);
  fields[count++] = Copied(":status", status);
  fields[count++] = Copied("content-type", answer.content_type);
  fields[count++] = Copied("content-length", length);
  if (answer.retry_after_s > 0) fields[count++] = Copied("retry-after", retry_after);
  if (answer.status == 405) fields[count++] = Literal("allow", "POST");
  if (!answer.challenge.empty()) fields[count++] = Copied("www-authenticate", answer.challenge);
  const bool without_body = stream.head.answer_without_body;
  nghttp2_submit_response(session_, stream.id, fields.data(), count, without_body ? nullptr : &kAnswerProvider);
}

}  // namespace tailrace
