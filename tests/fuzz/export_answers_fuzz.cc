// Any bytes as what a backend answers an export: over HTTP (Retry-After, protobuf and JSON bodies) and over gRPC
// (grpc-message, grpc-status-details-bin, the response). The first byte is the status, the second the content type and
// whether it is gRPC, the third the size of the Retry-After or message, which follows; the rest is the body or details.
//
// No answer makes a text that is unbounded, a delay below zero, or a batch that is sent again by mistake; a response
// that libprotobuf reads means what libprotobuf says.
#include <algorithm>
#include <array>

#include "collector/exporters/http_status.h"
#include "collector/exporters/otlp_status.h"
#include "collector/exporters/partial_success_json.h"
#include "google/protobuf/stubs/logging.h"
#include "otlp/trace_service.pb.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/proto/long_varint.h"

namespace tailrace::testing {
namespace {

using Outcome = SendResult::Outcome;
using Response = opentelemetry::proto::collector::trace::v1::ExportTraceServiceResponse;

constexpr size_t kErrorMax = 600;
constexpr int64_t kNowS = 1'700'000'000;

void CheckResult(const SendResult& result) {
  Require(result.error.size() <= kErrorMax, "an error's text is bounded", result.error);
  Require(!result.retry_after.has_value() || result.retry_after->count() >= 0, "nobody waits for the past");
  if (result.outcome != Outcome::kForwarded) {
    Require(result.rejected_spans == 0 && !result.error.empty(), "what failed says why, and rejects nothing by name");
  }
}

void CheckHttp(const HttpAnswer& answer) {
  const SendResult result = ReadHttpAnswer(answer, kNowS);
  CheckResult(result);
  const bool good = answer.status >= 200 && answer.status < 300;
  Require(good == (result.outcome == Outcome::kForwarded), "2xx, and nothing else, is taken");
  const bool later = answer.status == 429 || (answer.status >= 502 && answer.status <= 504);
  Require(later == (result.outcome == Outcome::kRetry), "what may be sent again");
  Require(later || !result.retry_after.has_value(), "a delay only where it is sent again");
  for (const char c : good ? std::string() : result.error) Require(c >= ' ' && c < '\x7f', "printable", result.error);
  const bool digits =
      !answer.retry_after.empty() && answer.retry_after.size() < 10 &&
      std::all_of(answer.retry_after.begin(), answer.retry_after.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (later && digits) {
    Require(result.retry_after == std::chrono::seconds(std::stoll(std::string(answer.retry_after))), "its seconds");
  }
}

void CheckGrpc(int code, std::string_view message, std::string_view details) {
  const SendResult failed = FailedExport(code, message, details);
  CheckResult(failed);
  Require(failed.outcome != Outcome::kForwarded, "a failed call is no success");
  Require(failed.retry_after == RetryInfoDelay(details), "the delay is that of the details");

  const SendResult taken = SuccessfulExport(details);
  CheckResult(taken);
  Require(taken.outcome == Outcome::kForwarded, "a call that succeeded did");
  Response response;
  const google::protobuf::LogSilencer silencer;
  if (HoldsLongVarint(details, *Response::descriptor())) return;
  if (!response.ParseFromArray(details.data(), static_cast<int>(details.size()))) return;
  const auto& partial = response.partial_success();
  Require(taken.rejected_spans == static_cast<uint64_t>(std::max<int64_t>(0, partial.rejected_spans())),
          "as many are rejected as libprotobuf says");
  Require(taken.error == partial.error_message().substr(0, taken.error.size()), "in libprotobuf's words");
  Require(!taken.error.empty() || partial.error_message().empty(), "all of them, if they are few");
}

}  // namespace
}  // namespace tailrace::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace::testing;  // NOLINT
  if (size < 3) return 0;
  constexpr std::array<std::string_view, 4> kTypes = {"application/json; charset=utf-8", "application/x-protobuf",
                                                      "text/plain", ""};
  constexpr std::array<int, 16> kStatuses = {200, 202, 301, 400, 401, 404, 413, 422,
                                             429, 500, 502, 503, 504, 505, 0,   99};
  const std::string text(AsText(data + 3, std::min<size_t>(data[2], size - 3)));
  const std::string body(AsText(data + 3 + text.size(), size - 3 - text.size()));
  if ((data[1] & 4) != 0) {
    CheckGrpc(data[0] % 20, text, body);
  } else {
    CheckHttp(
        {.status = kStatuses[data[0] % 16], .content_type = kTypes[data[1] % 4], .retry_after = text, .body = body});
  }
  return 0;
}
