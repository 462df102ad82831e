#include "collector/exporters/otlp_status.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr std::array<const char*, 17> kCodeNames = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

constexpr int kUnknown = 2;
constexpr int kInvalidArgument = 3;
constexpr int kResourceExhausted = 8;
constexpr std::string_view kRetryInfoType = "google.rpc.RetryInfo";

bool Retryable(int code) {
  switch (code) {
    case 1:   // CANCELLED
    case 4:   // DEADLINE_EXCEEDED
    case 10:  // ABORTED
    case 11:  // OUT_OF_RANGE
    case 14:  // UNAVAILABLE
    case 15:  // DATA_LOSS
      return true;
    default:
      return false;
  }
}

// How gRPC's libraries and the proxies before them say that a message is over a limit.
bool SaysTooLarge(std::string_view message) {
  const std::string text = absl::AsciiStrToLower({message.data(), message.size()});
  if (absl::StrContains(text, "metadata size")) return false;  // the headers of the answer
  return absl::StrContains(text, "larger than") || absl::StrContains(text, "too large") ||
         absl::StrContains(text, "exceeds") || absl::StrContains(text, "message size");
}

SendResult::Outcome OutcomeOf(int code, std::string_view message, bool has_retry_info) {
  switch (code) {
    case kResourceExhausted:
      if (has_retry_info) return SendResult::Outcome::kRetry;
      return SaysTooLarge(message) ? SendResult::Outcome::kTooLarge : SendResult::Outcome::kDropped;
    case kInvalidArgument:
      return SendResult::Outcome::kBadData;
    case kUnknown:
      // The library's words for a connection that ended in the middle of a call.
      return message == "Stream removed" ? SendResult::Outcome::kRetry : SendResult::Outcome::kDropped;
    default:
      return Retryable(code) ? SendResult::Outcome::kRetry : SendResult::Outcome::kDropped;
  }
}

// message Duration { int64 seconds = 1; int32 nanos = 2; }
config::Duration ReadDuration(std::string_view bytes) {
  // Longer than any pause that is granted, and far from overflow.
  constexpr int64_t kSecondsMax = int64_t{1} << 32;
  int64_t seconds = 0;
  int64_t nanos = 0;
  WireReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kVarint):
        seconds = static_cast<int64_t>(reader.Varint());
        break;
      case WireTag(2, kVarint):
        nanos = static_cast<int32_t>(reader.Varint());
        break;
      default:
        reader.SkipUnknown();
    }
  }
  seconds = std::clamp<int64_t>(seconds, 0, kSecondsMax);
  return std::max(config::Duration::zero(), std::chrono::seconds(seconds) + config::Duration(nanos));
}

// message RetryInfo { Duration retry_delay = 1; }
config::Duration ReadRetryInfo(std::string_view bytes) {
  config::Duration delay{0};
  WireReader reader(bytes);
  while (reader.Next()) {
    if (reader.tag() == WireTag(1, kLengthDelimited)) {
      delay = ReadDuration(reader.Bytes());
    } else {
      reader.SkipUnknown();
    }
  }
  return delay;
}

// message Any { string type_url = 1; bytes value = 2; }
std::optional<config::Duration> ReadDetail(std::string_view bytes) {
  std::string_view type;
  std::string_view value;
  WireReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(1, kLengthDelimited):
        type = reader.Bytes();
        break;
      case WireTag(2, kLengthDelimited):
        value = reader.Bytes();
        break;
      default:
        reader.SkipUnknown();
    }
  }
  if (!reader.ok() || type.substr(type.rfind('/') + 1) != kRetryInfoType) return std::nullopt;
  return ReadRetryInfo(value);
}

}  // namespace

std::string GrpcCodeName(int grpc_code) {
  if (grpc_code >= 0 && static_cast<size_t>(grpc_code) < kCodeNames.size()) return kCodeNames[grpc_code];
  return "code " + std::to_string(grpc_code);
}

// message google.rpc.Status { int32 code = 1; string message = 2; repeated Any details = 3; }
std::optional<config::Duration> RetryInfoDelay(std::string_view details) {
  WireReader reader(details);
  while (reader.Next()) {
    if (reader.tag() != WireTag(3, kLengthDelimited)) {
      reader.SkipUnknown();
      continue;
    }
    if (const auto delay = ReadDetail(reader.Bytes()); delay.has_value()) return delay;
  }
  return std::nullopt;
}

SendResult FailedExport(int grpc_code, std::string_view message, std::string_view details) {
  SendResult result;
  result.error = GrpcCodeName(grpc_code) + ": " + std::string(message.substr(0, kBackendWordsMax));
  result.retry_after = RetryInfoDelay(details);
  result.outcome = OutcomeOf(grpc_code, message, result.retry_after.has_value());
  result.reason = DropReason::kRefusedByBackend;
  return result;
}

// message ExportTraceServiceResponse { ExportTracePartialSuccess partial_success = 1; }
// message ExportTracePartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
SendResult SuccessfulExport(std::string_view response) {
  SendResult result;
  WireReader reader(response);
  while (reader.Next()) {
    if (reader.tag() != WireTag(1, kLengthDelimited)) {
      reader.SkipUnknown();
      continue;
    }
    WireReader partial(reader.Bytes());
    while (partial.Next()) {
      switch (partial.tag()) {
        case WireTag(1, kVarint): {
          const int64_t rejected = static_cast<int64_t>(partial.Varint());
          result.rejected_spans = rejected > 0 ? static_cast<uint64_t>(rejected) : 0;
          break;
        }
        case WireTag(2, kLengthDelimited):
          result.error = std::string(partial.Bytes().substr(0, kBackendWordsMax));
          break;
        default:
          partial.SkipUnknown();
      }
    }
  }
  return result;
}

}  // namespace tailrace
