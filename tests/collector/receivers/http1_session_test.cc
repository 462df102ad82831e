// HTTP/1.1 as such: how requests are told apart and connections end.
#include <gtest/gtest.h>

#include "tests/collector/receivers/receiver_server.h"
#include "tests/support/http_client.h"
#include "tests/support/wait_for.h"

namespace tailrace::testing {
namespace {

const std::string kJsonType = "Content-Type: application/json";
const std::string kEmptyRequest = Http1Request("POST", "/v1/traces", kJsonType, "{}");

TEST(Http1Session, ThousandRequestsOnOneConnection) {
  ReceiverServer server;
  HttpClient client(server.port());
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(client.Send(kEmptyRequest));
    ASSERT_EQ(client.ReadResponse().status, 200) << i;
  }
  EXPECT_EQ(server.ingest().taken, 1000u);
  EXPECT_EQ(server.stats().opened, 1u);
}

TEST(Http1Session, PipelinedRequestsAreAnsweredInOrder) {
  ReceiverServer server;
  HttpClient client(server.port());
  std::string all;
  for (int i = 0; i < 100; ++i) {
    all += i % 10 == 0 ? Http1Request("GET", "/v1/traces", "", "") : kEmptyRequest;
    if (i % 7 == 0) all += "\r\n";  // an empty line before a request is passed over
  }
  ASSERT_TRUE(client.Send(all));
  for (int i = 0; i < 100; ++i) ASSERT_EQ(client.ReadResponse().status, i % 10 == 0 ? 405 : 200) << i;
}

TEST(Http1Session, ByteByByte) {
  ReceiverServer server;
  HttpClient client(server.port());
  for (const char byte : kEmptyRequest + kEmptyRequest) ASSERT_TRUE(client.Send({&byte, 1}));
  EXPECT_EQ(client.ReadResponse().status, 200);
  EXPECT_EQ(client.ReadResponse().status, 200);
}

TEST(Http1Session, ChunkedBodyInTinyPieces) {
  ReceiverServer server;
  HttpClient client(server.port());
  const std::string request =
      "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: "
      "chunked\r\n\r\n"
      "1\r\n\x0A\r\n1;ext=1\r\n\x03\r\n3\r\n\x1A\x01x\r\n0\r\nTrailer: t\r\n\r\n";
  for (const char byte : request) ASSERT_TRUE(client.Send({&byte, 1}));
  EXPECT_EQ(client.ReadResponse().status, 200);
  EXPECT_EQ(server.ingest().bodies(), std::vector<std::string>{"\x0A\x03\x1A\x01x"});
  ASSERT_TRUE(client.Send(request + request));
  EXPECT_EQ(client.ReadResponse().status, 200);
  EXPECT_EQ(client.ReadResponse().status, 200);
}

// Chunks cost more than their bytes. So many in a row are no client's way of writing.
TEST(Http1Session, TinyChunksForEverAre400) {
  for (const std::string& chunk : {std::string("1\r\na\r\n"), "1;" + std::string(8000, 'x') + "\r\na\r\n"}) {
    ReceiverServer server({.overhead_frames_max = 1000});
    HttpClient client(server.port());
    std::string many;
    for (int i = 0; i < 2000; ++i) many += chunk;
    client.Send("POST /v1/traces HTTP/1.1\r\n" + kJsonType + "\r\nTransfer-Encoding: chunked\r\n\r\n" + many);
    EXPECT_EQ(client.ReadResponse().status, 400);
    EXPECT_EQ(server.stats().closed_by_limit, 1u);
  }
}

TEST(Http1Session, RequestsEarnChunks) {
  ReceiverServer server({.overhead_frames_max = 1000});
  HttpClient client(server.port());
  for (int i = 0; i < 50; ++i) {
    std::string request =
        "POST /v1/traces HTTP/1.1\r\nHost: a\r\n" + kJsonType + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int k = 0; k < 100; ++k) request += "1\r\n \r\n";
    ASSERT_TRUE(client.Send(request + "2\r\n{}\r\n0\r\n\r\n"));
    ASSERT_EQ(client.ReadResponse().status, 200) << i;
  }
}

TEST(Http1Session, EmptyChunkedBodyInTinyPieces) {
  ReceiverServer server;
  HttpClient client(server.port());
  const std::string request =
      "POST /v1/traces HTTP/1.1\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  ASSERT_TRUE(client.Send(request + request.substr(0, request.size() - 2)));
  EXPECT_EQ(client.ReadResponse().status, 200);
  for (const char* byte : {"\r", "\n"}) ASSERT_TRUE(client.Send(byte));
  EXPECT_EQ(client.ReadResponse().status, 200);
}

TEST(Http1Session, TrailersSayNothingOfTheBody) {
  ReceiverServer server;
  HttpClient client(server.port());
  client.Send("POST /v1/traces HTTP/1.1\r\n" + kJsonType + "\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" +
              "Content-Type: application/x-protobuf\r\nContent-Encoding: gzip\r\n\r\n");
  const HttpResponse response = client.ReadResponse();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.fields.at("content-type"), "application/json");
}

TEST(Http1Session, ChunkedBodyOverTheLimitIs413) {
  ReceiverServer server({.body_bytes_max = 1000});
  HttpClient client(server.port());
  client.Send("POST /v1/traces HTTP/1.1\r\n" + kJsonType + "\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n" +
              std::string(0x800, 'x'));
  EXPECT_EQ(client.ReadResponse().status, 413);
  EXPECT_TRUE(client.Ended());
  EXPECT_EQ(server.stats().too_large, 1u);
}

TEST(Http1Session, DeclaredLengthOverTheLimitIs413BeforeTheBody) {
  ReceiverServer server({.body_bytes_max = 1000});
  HttpClient client(server.port());
  client.Send("POST /v1/traces HTTP/1.1\r\n" + kJsonType + "\r\nContent-Length: 99999999999\r\n\r\n");
  const HttpResponse response = client.ReadResponse();
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.fields.at("connection"), "close");
  EXPECT_EQ(response.body.substr(0, 10), "{\"code\":8,");
  EXPECT_EQ(server.buffer_bytes_in_use(), 0u);
}

TEST(Http1Session, LargeUploadOverTheLimitStillReadsIts413) {
  ReceiverServer server({.body_bytes_max = 1000});
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(Http1Request("POST", "/v1/traces", kJsonType, std::string(8 << 20, 'x'))));
  EXPECT_EQ(client.ReadResponse().status, 413);
}

TEST(Http1Session, RefusedBodyIsPassedOver) {
  ReceiverServer server;
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(Http1Request("POST", "/nowhere", kJsonType, std::string(200000, 'x')) + kEmptyRequest));
  EXPECT_EQ(client.ReadResponse().status, 404);
  EXPECT_EQ(client.ReadResponse().status, 200);
}

TEST(Http1Session, ExpectContinue) {
  ReceiverServer server;
  HttpClient client(server.port());
  const std::string head =
      "POST /v1/traces HTTP/1.1\r\n" + kJsonType + "\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
  ASSERT_TRUE(client.Send(head));
  EXPECT_EQ(client.ReadResponse().status, 100);
  ASSERT_TRUE(client.Send("{}"));
  EXPECT_EQ(client.ReadResponse().status, 200);
}

TEST(Http1Session, ExpectContinueIsRefusedByTheHead) {
  ReceiverServer server;
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(
      "POST /v1/traces HTTP/1.1\r\nContent-Type: a/b\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(client.ReadResponse().status, 415);
  EXPECT_TRUE(client.Ended());
}

TEST(Http1Session, HeadHasNoBody) {
  ReceiverServer server;
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(Http1Request("HEAD", "/v1/traces", "", "") + kEmptyRequest));
  EXPECT_EQ(client.ReadResponse(/*with_body=*/false).status, 405);
  EXPECT_EQ(client.ReadResponse().status, 200);
}

TEST(Http1Session, ConnectionCloseAndHttp10AreObeyed) {
  ReceiverServer server;
  for (const std::string& request : {Http1Request("POST", "/v1/traces", kJsonType + "\r\nConnection: close", "{}"),
                                     "POST /v1/traces HTTP/1.0\r\n" + kJsonType + "\r\nContent-Length: 2\r\n\r\n{}"}) {
    HttpClient client(server.port());
    ASSERT_TRUE(client.Send(request));
    const HttpResponse response = client.ReadResponse();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.fields.at("connection"), "close");
    EXPECT_TRUE(client.Ended());
  }
}

TEST(Http1Session, AnswerReachesAClientThatClosedItsSide) {
  ReceiverServer server;
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(kEmptyRequest));
  client.ShutdownWrite();
  EXPECT_EQ(client.ReadResponse().status, 200);
  EXPECT_TRUE(WaitFor([&] { return server.connections() == 0; }));
}

struct BadBytes {
  const char* name;
  std::string bytes;
  int status;
};
class Http1BadBytes : public ::testing::TestWithParam<BadBytes> {};

TEST_P(Http1BadBytes, AreAnsweredAndTheConnectionEnds) {
  ReceiverServer server;
  HttpClient client(server.port());
  client.Send(GetParam().bytes);
  EXPECT_EQ(client.ReadResponse().status, GetParam().status);
  EXPECT_TRUE(client.Ended());
  const ConnectionStats stats = server.stats();
  EXPECT_EQ(stats.closed_by_error + stats.closed_by_limit, 1u);
  HttpClient next(server.port());
  next.Send(kEmptyRequest);
  EXPECT_EQ(next.ReadResponse().status, 200);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Http1BadBytes,
    ::testing::Values(
        BadBytes{"Garbage", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", 11), 400},
        BadBytes{"BadVersion", "GET / HTTP/9.9\r\n\r\n", 400},
        BadBytes{"SpaceInFieldName", "POST / HTTP/1.1\r\nA B: c\r\n\r\n", 400},
        BadBytes{"TwoLengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
        BadBytes{"LengthAndChunked", "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        // What follows would otherwise be read as a request of its own.
        BadBytes{"OtherCoding",
                 "POST /v1/traces HTTP/1.1\r\n" + kJsonType + "\r\nTransfer-Encoding: xchunked\r\n\r\n" + kEmptyRequest,
                 400},
        BadBytes{"ChunkedNotLast", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n" + kEmptyRequest,
                 400},
        BadBytes{"CodingUnderChunked", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
        BadBytes{"ChunkedInHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        BadBytes{
            "BadChunk",
            "POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            400},
        BadBytes{"EndlessChunkExtension",
                 "POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                     std::string(40000, 'a'),
                 431},
        BadBytes{"HeaderTooLarge", "POST / HTTP/1.1\r\nA: " + std::string(20000, 'a') + "\r\n\r\n", 431},
        BadBytes{"EndlessTarget", "GET /" + std::string(40000, 'a'), 431}),
    [](const ::testing::TestParamInfo<BadBytes>& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace tailrace::testing
