// What a backend's answer to TraceService/Export means, by the OTLP specification's table of retryable codes. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "collector/exporters/sending_queue.h"

namespace tailrace {

// Of a backend's words, which go into logs and dead letters.
inline constexpr size_t kBackendWordsMax = 500;

// `details`: the value of grpc-status-details-bin, a google.rpc.Status.
// RESOURCE_EXHAUSTED (also: 'message too large') is retried only with a RetryInfo among the details.
SendResult FailedExport(int grpc_code, std::string_view message, std::string_view details);

// An ExportTraceServiceResponse of a call that succeeded. Bytes that do not parse count as full success: the backend
// said OK. A rejected_spans below 0 counts as 0.
SendResult SuccessfulExport(std::string_view response);

// "UNAVAILABLE"; "code 99" for a code that gRPC does not know.
std::string GrpcCodeName(int grpc_code);

// The delay of the RetryInfo in a google.rpc.Status; none where there is none.
std::optional<config::Duration> RetryInfoDelay(std::string_view details);

}  // namespace tailrace
