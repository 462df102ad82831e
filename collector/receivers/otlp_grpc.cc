#include "collector/receivers/otlp_grpc.h"

#include "collector/receivers/text.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr std::string_view kTraceService = "opentelemetry.proto.collector.trace.v1.TraceService";

GrpcAnswer FromVerdict(const Verdict& verdict) {
  switch (verdict.code) {
    case VerdictCode::kOk:
      return {};
    case VerdictCode::kMalformed:
      return {.code = RpcCode::kInvalidArgument, .text = verdict.message};
    case VerdictCode::kTooLarge:
      return {.code = RpcCode::kResourceExhausted, .text = verdict.message};
    case VerdictCode::kLoop:
      return {.code = RpcCode::kFailedPrecondition, .text = verdict.message};
    case VerdictCode::kOverloaded:
      break;
  }
  return {.code = RpcCode::kUnavailable, .text = verdict.message, .retry_after_ms = verdict.retry_after_ms};
}

//   message HealthCheckRequest { string service = 1; }
//   message HealthCheckResponse { ServingStatus status = 1; }   SERVING = 1, NOT_SERVING = 2
GrpcAnswer AnswerHealthCheck(std::string_view request, bool draining, std::string* payload) {
  WireReader reader(request);
  std::string_view service;
  while (reader.Next()) {
    if (reader.tag() == WireTag(1, kLengthDelimited)) {
      service = reader.Bytes();
    } else {
      reader.Skip();
    }
  }
  if (!reader.ok()) return {.code = RpcCode::kInvalidArgument, .text = "not a HealthCheckRequest"};
  if (!service.empty() && service != kTraceService) return {.code = RpcCode::kNotFound, .text = "unknown service"};
  *payload = draining ? "\x08\x02" : "\x08\x01";
  return {};
}

}  // namespace

GrpcAnswer AnswerGrpcRefusal(const AuthVerdict& verdict) {
  if (verdict.outcome != AuthOutcome::kBusy) return {.code = RpcCode::kUnauthenticated, .text = verdict.text};
  return {.code = RpcCode::kUnavailable, .text = verdict.text, .retry_after_ms = kAuthRetryAfterMs};
}

GrpcAnswer CheckGrpcHead(const RequestHead& head, std::string* text) {
  if (head.route != Route::kGrpcExport && head.route != Route::kGrpcHealthCheck) {
    return {.code = RpcCode::kUnimplemented, .text = "unknown service or method"};
  }
  if (head.grpc_encoding == Encoding::kUnsupported) {
    *text =
        Joined("grpc-encoding ", head.unsupported_encoding, " is not supported; supported: ", kGrpcEncodingsAccepted);
    return {.code = RpcCode::kUnimplemented, .text = *text, .name_encodings = true};
  }
  return {};
}

GrpcAnswer AnswerFramingError(FramingError error, BodyIntake& intake, Ingest& ingest, const Port& port) {
  switch (error) {
    case FramingError::kTooLarge:
      return FromVerdict(intake.RefuseTooLarge(port, Transport::kGrpc));
    case FramingError::kNoBuffer:
      return FromVerdict(intake.RefuseForWantOfBuffers(port, Transport::kGrpc));
    case FramingError::kBadFlag:
      ingest.CountFailed(port.receiver, Transport::kGrpc);
      return {.code = RpcCode::kInternal, .text = "a gRPC message's first byte is neither 0 nor 1"};
    case FramingError::kNone:
    case FramingError::kSecondMessage:
      break;
  }
  ingest.CountFailed(port.receiver, Transport::kGrpc);
  return {.code = RpcCode::kInvalidArgument, .text = "more than one message in a unary call"};
}

GrpcAnswer AnswerGrpc(const RequestHead& head, GrpcFraming& message, bool draining, BodyIntake& intake, Ingest& ingest,
                      const Port& port, std::string* payload) {
  if (!message.complete()) {
    ingest.CountFailed(port.receiver, Transport::kGrpc);
    return {.code = RpcCode::kInvalidArgument, .text = "the call ended before its message was complete"};
  }
  const Encoding encoding = message.compressed() ? head.grpc_encoding : Encoding::kIdentity;
  if (message.compressed() && encoding == Encoding::kIdentity) {
    ingest.CountFailed(port.receiver, Transport::kGrpc);
    return {.code = RpcCode::kInternal, .text = "a compressed message without grpc-encoding"};
  }
  BufferRef body = message.Take();
  if (head.route == Route::kGrpcHealthCheck) {
    if (encoding != Encoding::kIdentity) {
      const Verdict verdict = intake.Inflate(encoding, port, Transport::kGrpc, &body);
      if (verdict.code != VerdictCode::kOk) return FromVerdict(verdict);
    }
    return AnswerHealthCheck(body ? body->view() : std::string_view(), draining, payload);
  }
  const Verdict verdict = intake.Take(std::move(body), encoding, /*json=*/false, port, Transport::kGrpc, head.hops);
  if (verdict.code == VerdictCode::kOk && verdict.rejected_spans > 0) {
    AppendPartialSuccessProto(verdict.rejected_spans, verdict.message, payload);
  }
  return FromVerdict(verdict);
}

}  // namespace tailrace
