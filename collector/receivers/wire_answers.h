// The few bytes of protobuf, JSON and text that answers are made of, written by hand. Pure functions; any thread; each
// appends to `out`.
//
//   message google.rpc.Status { int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3; }
//   message google.rpc.RetryInfo { google.protobuf.Duration retry_delay = 1; }
//   message ExportTraceServiceResponse { ExportTracePartialSuccess partial_success = 1; }
//   message ExportTracePartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tailrace {

// google.rpc.Code, those that are answered with.
enum class RpcCode : uint8_t {
  kOk = 0,
  kInvalidArgument = 3,
  kNotFound = 5,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kUnauthenticated = 16,
};

// google.rpc.Status; with a RetryInfo where retry_after_ms is not 0.
void AppendStatusProto(RpcCode code, std::string_view message, uint32_t retry_after_ms, std::string* out);
// {"code":3,"message":"..."}
void AppendStatusJson(RpcCode code, std::string_view message, std::string* out);
void AppendPartialSuccessProto(uint64_t rejected_spans, std::string_view message, std::string* out);
void AppendPartialSuccessJson(uint64_t rejected_spans, std::string_view message, std::string* out);

// Percent-encoding of `grpc-message` (gRPC over HTTP/2, "Status-Message").
void AppendPercentEncoded(std::string_view text, std::string* out);
// Base64 without padding, as gRPC's `-bin` fields are sent.
void AppendBase64(std::string_view bytes, std::string* out);

}  // namespace tailrace
