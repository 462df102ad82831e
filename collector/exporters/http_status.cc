#include "collector/exporters/http_status.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "collector/exporters/otlp_status.h"
#include "collector/exporters/partial_success_json.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr size_t kMessageMax = 200;

bool IsJson(const HttpAnswer& answer) {
  return absl::StartsWithIgnoreCase({answer.content_type.data(), answer.content_type.size()}, "application/json");
}
bool IsProtobuf(const HttpAnswer& answer) {
  return absl::StartsWithIgnoreCase({answer.content_type.data(), answer.content_type.size()}, "application/x-protobuf");
}

// Delta seconds or a date; garbage is none.
std::optional<config::Duration> ReadRetryAfter(std::string_view text, int64_t now_s) {
  if (text.empty()) return std::nullopt;
  int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec == std::errc::result_out_of_range) return config::Duration::max();
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) {
    const time_t date = curl_getdate(std::string(text).c_str(), nullptr);
    if (date < 0) return std::nullopt;
    seconds = static_cast<int64_t>(date) - now_s;
  }
  constexpr int64_t kSecondsMax = int64_t{1} << 32;
  return std::chrono::seconds(std::clamp<int64_t>(seconds, 0, kSecondsMax));
}

// google.rpc.Status: message = 2.
std::string_view StatusMessage(std::string_view body) {
  std::string_view message;
  WireReader reader(body);
  while (reader.Next()) {
    if (reader.tag() == WireTag(2, kLengthDelimited)) {
      message = reader.Bytes();
    } else {
      reader.SkipUnknown();
    }
  }
  return reader.ok() ? message : std::string_view();
}

std::string Printable(std::string_view text) {
  std::string printable(text.substr(0, kMessageMax));
  std::replace_if(
      printable.begin(), printable.end(), [](char c) { return !absl::ascii_isprint(static_cast<unsigned char>(c)); },
      ' ');
  return std::string(absl::StripAsciiWhitespace(printable));
}

std::string ErrorText(const HttpAnswer& answer) {
  std::string text = absl::StrCat("HTTP ", answer.status);
  std::string_view message = answer.body;
  std::string from_json;
  if (IsProtobuf(answer)) message = StatusMessage(answer.body);
  if (IsJson(answer) && JsonStatusMessage(answer.body, &from_json)) message = from_json;
  const std::string printable = Printable(message);
  if (!printable.empty()) absl::StrAppend(&text, ": ", printable);
  return text;
}

}  // namespace

SendResult ReadHttpAnswer(const HttpAnswer& answer, int64_t now_s) {
  if (answer.status >= 200 && answer.status < 300) {
    return IsJson(answer) ? JsonPartialSuccess(answer.body) : SuccessfulExport(IsProtobuf(answer) ? answer.body : "");
  }
  SendResult result;
  result.error = ErrorText(answer);
  switch (answer.status) {
    case 400:
    case 422:
      result.outcome = SendResult::Outcome::kBadData;
      break;
    case 413:
      result.outcome = SendResult::Outcome::kTooLarge;
      break;
    case 429:
    case 502:
    case 503:
    case 504:
      result.outcome = SendResult::Outcome::kRetry;
      result.retry_after = ReadRetryAfter(answer.retry_after, now_s);
      break;
    default:
      result.outcome = SendResult::Outcome::kDropped;
      if (answer.status >= 300 && answer.status < 400) absl::StrAppend(&result.error, " (redirects are not followed)");
  }
  return result;
}

}  // namespace tailrace
