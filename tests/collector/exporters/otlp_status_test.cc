// The table of retryable codes, and what is read out of an answer's bytes.
#include "collector/exporters/otlp_status.h"

#include "gtest/gtest.h"
#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: builders
using namespace std::chrono_literals;
using Outcome = SendResult::Outcome;

std::string Details(std::string_view type, std::string_view value) {
  return WireBuilder().Varint(1, 8).Bytes(3, WireBuilder().Bytes(1, type).Bytes(2, value).Bytes()).Bytes();
}

std::string RetryInfo(int64_t seconds, int32_t nanos) {
  const std::string duration = WireBuilder()
                                   .Varint(1, static_cast<uint64_t>(seconds))
                                   .Varint(2, static_cast<uint64_t>(static_cast<int64_t>(nanos)))
                                   .Bytes();
  return Details("type.googleapis.com/google.rpc.RetryInfo", WireBuilder().Bytes(1, duration).Bytes());
}

TEST(OtlpStatus, RetryableCodes) {
  const std::string retryable = ".R..R.....RR..RR.";  // by code
  for (int code = 1; code <= 16; ++code) {
    const SendResult result = FailedExport(code, "m", "");
    const Outcome otherwise = code == 3 ? Outcome::kBadData : Outcome::kDropped;
    EXPECT_EQ(result.outcome, retryable[code] == 'R' ? Outcome::kRetry : otherwise) << code;
    EXPECT_EQ(result.error, GrpcCodeName(code) + ": m");
    EXPECT_FALSE(result.retry_after.has_value());
  }
  EXPECT_EQ(FailedExport(99, "m", "").outcome, Outcome::kDropped);
  EXPECT_EQ(FailedExport(99, "m", "").error, "code 99: m");
}

TEST(OtlpStatus, ResourceExhaustedIsRetriedOnlyWithRetryInfo) {
  EXPECT_EQ(FailedExport(8, "", "").outcome, Outcome::kDropped);
  EXPECT_EQ(FailedExport(8, "", Details("type.googleapis.com/google.rpc.BadRequest", "")).outcome, Outcome::kDropped);
  const SendResult result = FailedExport(8, "", RetryInfo(1, 500000000));
  EXPECT_EQ(result.outcome, Outcome::kRetry);
  EXPECT_EQ(result.retry_after, 1500ms);
}

TEST(OtlpStatus, RetryInfoDoesNotMakeAnErrorRetryable) {
  EXPECT_EQ(FailedExport(5, "", RetryInfo(1, 0)).outcome, Outcome::kDropped);
  EXPECT_EQ(FailedExport(3, "", RetryInfo(1, 0)).outcome, Outcome::kBadData);
}

TEST(OtlpStatus, AMessageOverALimitIsTooLarge) {
  for (const char* message :
       {"grpc: received message larger than max (5000000 vs. 4194304)", "Received message larger than max (5 vs. 4)",
        "message size exceeds limit", "rpc error: TRACE_TOO_LARGE: max size of trace exceeded: too large"}) {
    EXPECT_EQ(FailedExport(8, message, "").outcome, Outcome::kTooLarge) << message;
  }
  EXPECT_EQ(FailedExport(8, "quota used up", "").outcome, Outcome::kDropped);
  EXPECT_EQ(FailedExport(8, "received initial metadata size exceeds limit", "").outcome, Outcome::kDropped)
      << "the answer's headers are too large, not the request";
}

TEST(OtlpStatus, AConnectionThatEndedIsNoAnswer) {
  EXPECT_EQ(FailedExport(2, "Stream removed", "").outcome, Outcome::kRetry);
  EXPECT_EQ(FailedExport(2, "anything else", "").outcome, Outcome::kDropped);
}

TEST(OtlpStatus, DelaysOutOfRangeAreClamped) {
  EXPECT_EQ(RetryInfoDelay(RetryInfo(-5, 0)), 0ns);
  EXPECT_EQ(RetryInfoDelay(RetryInfo(0, -5)), 0ns);
  EXPECT_GT(*RetryInfoDelay(RetryInfo(INT64_MAX, 0)), 1000h);
  EXPECT_EQ(RetryInfoDelay(Details("google.rpc.RetryInfo", "")), 0ns);
}

TEST(OtlpStatus, MalformedDetailsAreNone) {
  EXPECT_FALSE(RetryInfoDelay("\x1A\x7F").has_value());
  const std::string whole = RetryInfo(1, 1);
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(RetryInfoDelay(whole.substr(0, size)).has_value()) << size;
  }
}

TEST(OtlpStatus, PartialSuccess) {
  const auto response = [](int64_t rejected) {
    return WireBuilder()
        .Bytes(1, WireBuilder().Varint(1, static_cast<uint64_t>(rejected)).Bytes(2, "why").Bytes())
        .Bytes();
  };
  EXPECT_EQ(SuccessfulExport("").rejected_spans, 0u);
  EXPECT_EQ(SuccessfulExport(WireBuilder().Bytes(1, "").Bytes()).rejected_spans, 0u);
  EXPECT_EQ(SuccessfulExport(response(3)).rejected_spans, 3u);
  EXPECT_EQ(SuccessfulExport(response(3)).error, "why");
  EXPECT_EQ(SuccessfulExport(response(-3)).rejected_spans, 0u);
  EXPECT_EQ(SuccessfulExport("\xFF\xFF").outcome, Outcome::kForwarded);
}

TEST(OtlpStatus, UnknownGroupsArePassedOver) {
  // Fields 6 and 7 as groups, one in the other, with a number in each.
  const std::string group("\x33\x08\x05\x3B\x38\x01\x3C\x34", 8);
  const std::string partial = WireBuilder().Bytes(1, group + WireBuilder().Varint(1, 3).Bytes()).Bytes();
  EXPECT_EQ(SuccessfulExport(group + partial).rejected_spans, 3u);
  EXPECT_EQ(RetryInfoDelay(group + RetryInfo(2, 0)), 2s);
  EXPECT_EQ(SuccessfulExport("\x33" + partial).rejected_spans, 0u) << "all of it lies in a group without an end";
  EXPECT_EQ(SuccessfulExport("\x34" + partial).rejected_spans, 0u) << "an end without a beginning";
}

}  // namespace
}  // namespace tailrace
