#include "collector/receivers/otlp_http.h"

#include <algorithm>

#include "collector/receivers/text.h"

namespace tailrace {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kProtobuf = "application/x-protobuf";

std::string_view TypeOf(const RequestHead& head) { return head.media == MediaType::kJson ? kJson : kProtobuf; }

}  // namespace

std::string_view HttpReason(uint16_t status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Request Entity Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    case 508:
      return "Loop Detected";
    default:
      return "Error";
  }
}

HttpAnswer OtlpHttp::AnswerRefusal(const RequestHead& head, const AuthVerdict& verdict, std::string_view challenge) {
  if (verdict.outcome == AuthOutcome::kBusy) {
    return Error(head, 503, RpcCode::kUnavailable, verdict.text, kAuthRetryAfterMs);
  }
  HttpAnswer answer = Error(head, 401, RpcCode::kUnauthenticated, verdict.text);
  answer.challenge = challenge;
  if (head.media == MediaType::kJson || head.media == MediaType::kProtobuf) return answer;
  answer.content_type = "text/plain; charset=utf-8";
  answer.body = verdict.text;
  return answer;
}

HttpAnswer OtlpHttp::CheckHead(const RequestHead& head, const Port& port) {
  if (head.route != Route::kHttpTraces) {
    return {.status = 404, .content_type = "text/plain; charset=utf-8", .body = "404 page not found\n"};
  }
  if (!head.post) {
    ingest_.CountFailed(port.receiver, Transport::kHttp);
    return {.status = 405, .content_type = "text/plain", .body = "405 method not allowed, supported: [POST]"};
  }
  if (head.media != MediaType::kJson && head.media != MediaType::kProtobuf) {
    ingest_.CountFailed(port.receiver, Transport::kHttp);
    return {.status = 415,
            .content_type = "text/plain",
            .body = "415 unsupported media type, supported: [application/json, application/x-protobuf]"};
  }
  if (head.content_encoding == Encoding::kUnsupported) {
    ingest_.CountFailed(port.receiver, Transport::kHttp);
    return Error(head, 400, RpcCode::kInvalidArgument,
                 Joined("unsupported Content-Encoding: ", head.unsupported_encoding));
  }
  if (head.content_length != kNoContentLength && head.content_length > port.limits.body_bytes_max) {
    return AnswerBodyError(head, BodyError::kTooLarge, port);
  }
  return {};
}

HttpAnswer OtlpHttp::AnswerBodyError(const RequestHead& head, BodyError error, const Port& port) {
  return FromVerdict(head, error == BodyError::kTooLarge ? intake_.RefuseTooLarge(port, Transport::kHttp)
                                                         : intake_.RefuseForWantOfBuffers(port, Transport::kHttp));
}

HttpAnswer OtlpHttp::AnswerBody(const RequestHead& head, BufferRef body, const Port& port) {
  const bool json = head.media == MediaType::kJson;
  const Verdict verdict = intake_.Take(std::move(body), head.content_encoding, json, port, Transport::kHttp, head.hops);
  return FromVerdict(head, verdict);
}

HttpAnswer OtlpHttp::FromVerdict(const RequestHead& head, const Verdict& verdict) {
  switch (verdict.code) {
    case VerdictCode::kOk:
      break;
    case VerdictCode::kMalformed:
      return Error(head, 400, RpcCode::kInvalidArgument, verdict.message);
    case VerdictCode::kTooLarge:
      return Error(head, 413, RpcCode::kResourceExhausted, verdict.message);
    case VerdictCode::kLoop:
      return Error(head, 508, RpcCode::kFailedPrecondition, verdict.message);
    case VerdictCode::kOverloaded:
      return Error(head, 503, RpcCode::kUnavailable, verdict.message, verdict.retry_after_ms);
  }
  const bool json = head.media == MediaType::kJson;
  if (verdict.rejected_spans == 0) {
    // An empty partial_success, as the Collector writes it.
    return {.status = 200, .content_type = TypeOf(head), .body = json ? R"({"partialSuccess":{}})"sv : "\x0A\x00"sv};
  }
  body_.clear();
  (json ? AppendPartialSuccessJson : AppendPartialSuccessProto)(verdict.rejected_spans, verdict.message, &body_);
  return {.status = 200, .content_type = TypeOf(head), .body = body_};
}

HttpAnswer OtlpHttp::Error(const RequestHead& head, uint16_t status, RpcCode code, std::string_view message,
                           uint32_t retry_after_ms) {
  body_.clear();
  if (head.media == MediaType::kJson) {
    AppendStatusJson(code, message, &body_);
  } else {
    AppendStatusProto(code, message, 0, &body_);
  }
  HttpAnswer answer{.status = status, .content_type = TypeOf(head), .body = body_};
  if (status == 503) answer.retry_after_s = std::max<uint32_t>(1, (retry_after_ms + 999) / 1000);
  return answer;
}

}  // namespace tailrace
