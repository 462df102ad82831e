// The classes of a backend's answers over HTTP.
#include "collector/exporters/http_status.h"

#include "gtest/gtest.h"
#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using namespace std::chrono_literals;
using testing::WireBuilder;
using Outcome = SendResult::Outcome;

constexpr int64_t kNow = 1'700'000'000;

TEST(HttpStatus, EachCodeHasItsClass) {
  const std::pair<int, Outcome> cases[] = {
      {200, Outcome::kForwarded}, {202, Outcome::kForwarded}, {301, Outcome::kDropped}, {400, Outcome::kBadData},
      {401, Outcome::kDropped},   {403, Outcome::kDropped},   {404, Outcome::kDropped}, {413, Outcome::kTooLarge},
      {422, Outcome::kBadData},   {429, Outcome::kRetry},     {500, Outcome::kDropped}, {501, Outcome::kDropped},
      {502, Outcome::kRetry},     {503, Outcome::kRetry},     {504, Outcome::kRetry}};
  for (const auto& [status, outcome] : cases) EXPECT_EQ(ReadHttpAnswer({status}, kNow).outcome, outcome) << status;
  EXPECT_NE(ReadHttpAnswer({302}, kNow).error.find("redirects are not followed"), std::string::npos);
}

TEST(HttpStatus, RetryAfterIsSecondsOrADate) {
  const auto pause = [](std::string_view text) {
    return ReadHttpAnswer({.status = 503, .retry_after = text}, kNow).retry_after;
  };
  EXPECT_EQ(pause("7"), 7s);
  EXPECT_EQ(pause("0"), 0s);
  EXPECT_EQ(pause("-5"), 0s);
  EXPECT_EQ(pause("Tue, 14 Nov 2023 22:13:50 GMT"), 30s);
  EXPECT_EQ(pause("Tue, 14 Nov 2000 22:13:50 GMT"), 0s);
  EXPECT_GT(pause("99999999999999999999"), 1000h);
  for (const char* garbage : {"", "soon", "7 seconds", "1.5"}) EXPECT_FALSE(pause(garbage).has_value()) << garbage;
  EXPECT_FALSE(ReadHttpAnswer({.status = 400, .retry_after = "7"}, kNow).retry_after.has_value());
}

TEST(HttpStatus, PartialSuccessInBothEncodings) {
  const std::string body =
      WireBuilder().Bytes(1, WireBuilder().Varint(1, 3).Bytes(2, "three were bad").Bytes()).Bytes();
  const SendResult of_protobuf = ReadHttpAnswer({200, "application/x-protobuf", "", body}, kNow);
  EXPECT_EQ(of_protobuf.rejected_spans, 3u);
  EXPECT_EQ(of_protobuf.error, "three were bad");
  for (const char* json : {R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"three were bad"}})",
                           R"({"partialSuccess":{"rejectedSpans":3,"errorMessage":"three were bad"}})"}) {
    const SendResult of_json = ReadHttpAnswer({200, "application/json; charset=utf-8", "", json}, kNow);
    EXPECT_EQ(of_json.rejected_spans, 3u) << json;
    EXPECT_EQ(of_json.error, "three were bad") << json;
  }
  for (const char* garbage : {"", "{", "[]", "\xff\xff\xff", R"({"partialSuccess":{"rejectedSpans":-3}})"}) {
    EXPECT_EQ(ReadHttpAnswer({200, "application/json", "", garbage}, kNow).rejected_spans, 0u) << garbage;
    EXPECT_EQ(ReadHttpAnswer({200, "application/x-protobuf", "", garbage}, kNow).outcome, Outcome::kForwarded);
  }
}

TEST(HttpStatus, WhatIsSaidOfRejectedSpansIsBounded) {
  const std::string words(5000, 'x');
  const std::string body = WireBuilder().Bytes(1, WireBuilder().Varint(1, 3).Bytes(2, words).Bytes()).Bytes();
  EXPECT_EQ(ReadHttpAnswer({200, "application/x-protobuf", "", body}, kNow).error.size(), 500u);
  const std::string json = R"({"partialSuccess":{"rejectedSpans":3,"errorMessage":")" + words + "\"}}";
  EXPECT_EQ(ReadHttpAnswer({200, "application/json", "", json}, kNow).error.size(), 500u);
}

TEST(HttpStatus, TheBackendsWordsAreShownBoundedAndPrintable) {
  const std::string status = WireBuilder().Varint(1, 3).Bytes(2, "no such tenant").Bytes();
  EXPECT_EQ(ReadHttpAnswer({400, "application/x-protobuf", "", status}, kNow).error, "HTTP 400: no such tenant");
  EXPECT_EQ(ReadHttpAnswer({400, "application/json", "", R"({"code":3,"message":"no such tenant"})"}, kNow).error,
            "HTTP 400: no such tenant");
  EXPECT_EQ(ReadHttpAnswer({502, "text/html", "", "<html>\r\nBad\x1b[31m"}, kNow).error, "HTTP 502: <html>  Bad [31m");
  EXPECT_LT(ReadHttpAnswer({500, "", "", std::string(100000, 'x')}, kNow).error.size(), 300u);
}

}  // namespace
}  // namespace tailrace
