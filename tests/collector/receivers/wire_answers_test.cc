#include "collector/receivers/wire_answers.h"

#include <gtest/gtest.h>

#include <array>

#include "collector/receivers/body_buffer.h"
#include "collector/receivers/grpc_framing.h"
#include "collector/receivers/request_head.h"
#include "collector/receivers/unfinished_bodies.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::testing {
namespace {

TEST(WireAnswers, Base64WithoutPadding) {
  for (const auto& [bytes, text] : {std::pair<const char*, const char*>{"", ""},
                                    {"f", "Zg"},
                                    {"fo", "Zm8"},
                                    {"foo", "Zm9v"},
                                    {"foobar", "Zm9vYmFy"},
                                    {"\xFF\xFE\xFD", "//79"}}) {
    std::string out;
    AppendBase64(bytes, &out);
    EXPECT_EQ(out, text);
  }
}

TEST(WireAnswers, PercentEncoding) {
  std::string out;
  AppendPercentEncoded("a b%c\n\xC3\xA4~\x7F", &out);
  EXPECT_EQ(out, "a b%25c%0A%C3%A4~%7F");
}

TEST(WireAnswers, JsonIsEscaped) {
  std::string out;
  AppendStatusJson(RpcCode::kInvalidArgument, "a\"b\\c\n\x01", &out);
  EXPECT_EQ(out, R"({"code":3,"message":"a\"b\\c\u000a\u0001"})");
  out.clear();
  AppendPartialSuccessJson(5, "why", &out);
  EXPECT_EQ(out, R"({"partialSuccess":{"rejectedSpans":"5","errorMessage":"why"}})");
}

TEST(WireAnswers, StatusProto) {
  std::string out;
  AppendStatusProto(RpcCode::kInvalidArgument, "unexpected EOF", 0, &out);
  EXPECT_EQ(out, "\x08\x03\x12\x0eunexpected EOF");
}

TEST(RequestHead, Encodings) {
  RequestHead head;
  head.OnContentEncoding("GZIP");
  EXPECT_EQ(head.content_encoding, Encoding::kGzip);
  head.OnContentEncoding("gzip, gzip");
  EXPECT_EQ(head.content_encoding, Encoding::kUnsupported);
  EXPECT_EQ(head.unsupported_encoding, "gzip, gzip");
}

TEST(RequestHead, MediaTypes) {
  for (const auto& [value, media] : {std::pair<const char*, MediaType>{"application/grpc", MediaType::kGrpc},
                                     {"application/grpc+proto", MediaType::kGrpc},
                                     {"application/grpc;a=b", MediaType::kGrpc},
                                     {"application/grpc-web", MediaType::kOther},
                                     {"application/json ; charset=x", MediaType::kJson},
                                     {"application/X-Protobuf", MediaType::kProtobuf},
                                     {"application/jsonx", MediaType::kOther},
                                     {" ", MediaType::kMissing}}) {
    RequestHead head;
    head.OnContentType(value);
    EXPECT_EQ(head.media, media) << value;
  }
}

// A pool, and the bodies that arrive in it.
struct Arriving {
  explicit Arriving(size_t bytes_max) : pool(bytes_max) {}
  BufferPool pool;
  int64_t now_ns = 0;
  uint64_t given_up = 0;
  UnfinishedBodies bodies{pool, now_ns, given_up};
};

TEST(BodyBuffer, GrowsWithWhatCame) {
  Arriving arriving(size_t{16} << 20);
  BufferPool& pool = arriving.pool;
  BodyBuffer body;
  body.Start(/*declared=*/size_t{8} << 20, /*bytes_max=*/size_t{8} << 20);
  std::string sent;
  for (int i = 0; i < 100; ++i) {
    const std::string piece(70000, static_cast<char>('a' + i % 26));
    ASSERT_EQ(body.Append(arriving.bodies, piece), BodyError::kNone);
    sent += piece;
    EXPECT_LE(pool.bytes_in_use(), std::max(size_t{512} << 10, sent.size() * 4));
  }
  EXPECT_TRUE(body.Take()->view() == sent);
  EXPECT_EQ(pool.bytes_in_use(), 0u);
}

TEST(BodyBuffer, Bounds) {
  Arriving arriving(4096);
  BodyBuffer body;
  body.Start(0, 3000);
  EXPECT_EQ(body.Append(arriving.bodies, std::string(3001, 'x')), BodyError::kTooLarge);
  EXPECT_EQ(body.Append(arriving.bodies, std::string(3000, 'x')), BodyError::kNone);
  EXPECT_EQ(body.Append(arriving.bodies, "x"), BodyError::kTooLarge);
  BodyBuffer second;
  second.Start(0, 3000);
  EXPECT_EQ(second.Append(arriving.bodies, "x"), BodyError::kNoBuffer);
}

TEST(UnfinishedBodies, TheOldestMakesRoomIfItHasBeenArrivingForLong) {
  Arriving arriving(size_t{1} << 20);
  std::array<BodyBuffer, 5> bodies;
  for (size_t i = 0; i < 4; ++i) {
    bodies[i].Start(0, size_t{1} << 20);
    EXPECT_EQ(bodies[i].Append(arriving.bodies, std::string(200'000, 'x')), BodyError::kNone);
    arriving.now_ns += 1'000'000;
  }
  bodies[4].Start(0, size_t{1} << 20);
  EXPECT_EQ(bodies[4].Append(arriving.bodies, std::string(200'000, 'x')), BodyError::kNoBuffer) << "all are young";
  arriving.now_ns = UnfinishedBodies::kGraceNs;
  EXPECT_EQ(bodies[4].Append(arriving.bodies, std::string(200'000, 'x')), BodyError::kNone);
  EXPECT_TRUE(bodies[0].lost());
  EXPECT_FALSE(bodies[1].lost());
  EXPECT_EQ(arriving.given_up, 1u);
  EXPECT_EQ(bodies[0].Append(arriving.bodies, "x"), BodyError::kNoBuffer) << "its client hears of it";
  EXPECT_EQ(bodies[4].Take()->size(), 200'000u);
  bodies[0].Start(0, 100);
  EXPECT_EQ(bodies[0].Append(arriving.bodies, "x"), BodyError::kNone) << "the next request is another one";
}

TEST(UnfinishedBodies, OneThatAsksForMoreMayBeTheOldestItself) {
  Arriving arriving(size_t{1} << 20);
  BodyBuffer body, other;
  body.Start(0, size_t{1} << 20);
  other.Start(0, size_t{1} << 20);
  EXPECT_EQ(body.Append(arriving.bodies, std::string(400'000, 'x')), BodyError::kNone);
  EXPECT_EQ(other.Append(arriving.bodies, std::string(400'000, 'x')), BodyError::kNone);
  arriving.now_ns = UnfinishedBodies::kGraceNs;
  EXPECT_EQ(body.Append(arriving.bodies, std::string(200'000, 'x')), BodyError::kNoBuffer);
  EXPECT_TRUE(body.lost());
  body.Reset();
  other.Reset();
  EXPECT_EQ(arriving.pool.bytes_in_use(), 0u);
}

TEST(UnfinishedBodies, WhatIsCompleteIsKept) {
  Arriving arriving(size_t{1} << 20);
  BodyBuffer body, other;
  body.Start(0, size_t{1} << 20);
  EXPECT_EQ(body.Append(arriving.bodies, std::string(900'000, 'x')), BodyError::kNone);
  const BufferRef taken = body.Take();
  arriving.now_ns = 10 * UnfinishedBodies::kGraceNs;
  other.Start(0, size_t{1} << 20);
  EXPECT_EQ(other.Append(arriving.bodies, std::string(900'000, 'x')), BodyError::kNoBuffer);
  EXPECT_EQ(taken->size(), 900'000u);
}

TEST(GrpcFraming, EverySplit) {
  Arriving arriving(1 << 20);
  const std::string frame = std::string("\0\0\0\0\x05", 5) + "hello";
  for (size_t first = 0; first <= frame.size(); ++first) {
    for (size_t second = first; second <= frame.size(); ++second) {
      GrpcFraming framing;
      framing.Reset();
      ASSERT_EQ(framing.Feed(frame.substr(0, first), 5, arriving.bodies), FramingError::kNone);
      ASSERT_EQ(framing.Feed(frame.substr(first, second - first), 5, arriving.bodies), FramingError::kNone);
      EXPECT_EQ(framing.complete(), second == frame.size());
      ASSERT_EQ(framing.Feed(frame.substr(second), 5, arriving.bodies), FramingError::kNone);
      ASSERT_TRUE(framing.complete());
      EXPECT_EQ(framing.Take()->view(), "hello");
    }
  }
}

}  // namespace
}  // namespace tailrace::testing
