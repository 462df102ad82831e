// HTTP/2 and gRPC framing with requests that no library would send.
#include <gtest/gtest.h>

#include "tests/collector/receivers/packed.h"
#include "tests/collector/receivers/receiver_server.h"
#include "tests/support/http2_client.h"
#include "tests/support/otlp_builder.h"
#include "tests/support/wait_for.h"

namespace tailrace::testing {
namespace {

std::string OneSpan() {
  return OtlpRequest().Service("cart").Span(OtlpSpan(TestId(16, 1), TestId(8, 1), "GET /")).Bytes();
}

Fields Encoded(const std::string& encoding) {
  Fields fields = GrpcFields();
  fields.emplace_back("grpc-encoding", encoding);
  return fields;
}

TEST(Http2Session, PrefaceAndEverythingByteByByte) {
  ReceiverServer server;
  Http2Client client(server.port());
  client.SendByteByByte();
  const Http2Client::Response response = client.Call(GrpcFields(), GrpcFrame(OneSpan()));
  EXPECT_EQ(response.status(), 200);
  EXPECT_EQ(response.fields.at("content-type"), "application/grpc");
  EXPECT_EQ(response.grpc_status(), 0);
  EXPECT_EQ(response.body, GrpcFrame(""));
  EXPECT_EQ(server.ingest().bodies(), std::vector<std::string>{OneSpan()});
}

TEST(Http2Session, ManyStreamsOnOneConnection) {
  ReceiverServer server;
  Http2Client client(server.port());
  std::vector<int32_t> streams;
  for (int i = 0; i < 1000; ++i) streams.push_back(client.Submit(GrpcFields(), GrpcFrame(OneSpan())));
  for (const int32_t stream : streams) ASSERT_EQ(client.Wait(stream).grpc_status(), 0);
  EXPECT_EQ(server.ingest().taken, 1000u);
}

TEST(Http2Session, EveryEncodingInflates) {
  ReceiverServer server;
  Http2Client client(server.port());
  EXPECT_EQ(client.Call(Encoded("gzip"), GrpcFrame(Gzip(OneSpan()), 1)).grpc_status(), 0);
  EXPECT_EQ(client.Call(Encoded("deflate"), GrpcFrame(Zlib(OneSpan()), 1)).grpc_status(), 0);
  EXPECT_EQ(client.Call(Encoded("zstd"), GrpcFrame(Zstd(OneSpan()), 1)).grpc_status(), 0);
  EXPECT_EQ(client.Call(Encoded("identity"), GrpcFrame(OneSpan())).grpc_status(), 0);
  EXPECT_EQ(client.Call(Encoded("gzip"), GrpcFrame(OneSpan())).grpc_status(), 0)
      << "not every message need be compressed";
  EXPECT_EQ(server.ingest().bodies(), std::vector<std::string>(5, OneSpan()));
}

TEST(Http2Session, CompressionErrors) {
  ReceiverServer server;
  Http2Client client(server.port());
  EXPECT_EQ(client.Call(GrpcFields(), GrpcFrame(Gzip(OneSpan()), 1)).grpc_status(), 13) << "flag without grpc-encoding";
  EXPECT_EQ(client.Call(Encoded("gzip"), GrpcFrame("garbage", 1)).grpc_status(), 3);
  EXPECT_EQ(client.Call(GrpcFields(), GrpcFrame(OneSpan(), 2)).grpc_status(), 13) << "flag of 2";
  const Http2Client::Response response = client.Call(Encoded("snappy"), GrpcFrame("x", 1));
  EXPECT_EQ(response.grpc_status(), 12);
  EXPECT_EQ(response.fields.at("grpc-accept-encoding"), "identity,gzip,deflate,zstd");
  EXPECT_EQ(server.stats().inflate_failed, 1u);
  EXPECT_EQ(server.ingest().failed, 4u);
  EXPECT_EQ(server.buffer_bytes_in_use(), 0u);
}

TEST(Http2Session, MessagesThatAreNotOne) {
  ReceiverServer server;
  Http2Client client(server.port());
  EXPECT_EQ(client.Call(GrpcFields(), GrpcFrame(OneSpan()) + GrpcFrame(OneSpan())).grpc_status(), 3);
  EXPECT_EQ(client.Call(GrpcFields(), GrpcFrame(OneSpan()).substr(0, 30)).grpc_status(), 3);
  EXPECT_EQ(client.Call(GrpcFields(), std::string(3, '\0')).grpc_status(), 3);
  EXPECT_EQ(client.Call(GrpcFields(), "").grpc_status(), 3);
  EXPECT_EQ(server.ingest().taken, 0u);
  EXPECT_EQ(server.ingest().failed, 4u);
  EXPECT_EQ(client.Call(GrpcFields(), GrpcFrame(OneSpan())).grpc_status(), 0);
}

TEST(Http2Session, ContentTypes) {
  ReceiverServer server;
  Http2Client client(server.port());
  const std::string path = GrpcFields()[2].second;
  EXPECT_EQ(client.Call(GrpcFields(path, "application/grpc+proto"), GrpcFrame(OneSpan())).grpc_status(), 0);
  EXPECT_EQ(client.Call(GrpcFields(path, "application/json"), "{}").status(), 415);
  EXPECT_EQ(client.Call(GrpcFields(path, "application/grpc-web"), "{}").status(), 415);
  Fields get = GrpcFields();
  get[0].second = "GET";
  EXPECT_EQ(client.Call(get, "").status(), 405);
}

TEST(Http2Session, GrpcMessageIsPercentEncoded) {
  ReceiverServer server;
  Http2Client client(server.port());
  EXPECT_EQ(client.Call(Encoded("a%b\xC3\xA4"), GrpcFrame("")).fields.at("grpc-message").substr(0, 26),
            "grpc-encoding a%25b%C3%A4 ");
}

TEST(Http2Session, TooLargeIsSaidAtTheFifthByte) {
  ReceiverServer server({.body_bytes_max = 1000});
  Http2Client client(server.port());
  const int32_t stream = client.Submit(GrpcFields(), GrpcFrame(std::string(1001, 'x')).substr(0, 5), /*end=*/false);
  EXPECT_EQ(client.Wait(stream).grpc_status(), 8);
  EXPECT_EQ(server.buffer_bytes_in_use(), 0u);
}

TEST(Http2Session, HeaderListOverTheLimitIs431) {
  ReceiverServer server;
  Http2Client client(server.port());
  Fields fields = GrpcFields();
  for (int i = 0; i < 8; ++i) fields.emplace_back("x-" + std::to_string(i), std::string(4000, 'a'));
  EXPECT_EQ(client.Call(fields, "").status(), 431);
  EXPECT_EQ(client.Call(GrpcFields(), GrpcFrame(OneSpan())).grpc_status(), 0);
  EXPECT_EQ(server.stats().closed_by_limit, 1u);
}

TEST(Http2Session, GarbageBehindThePrefaceEndsTheConnection) {
  ReceiverServer server;
  HttpClient client(server.port());
  client.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + std::string(100, 'x'));
  client.ReceiveAll();
  client.Close();
  EXPECT_TRUE(WaitFor([&] { return server.connections() == 0; }));
  EXPECT_EQ(server.stats().closed_by_error, 1u);
}

TEST(Http2Session, PrefaceThatTurnsOutToBeNone) {
  ReceiverServer server;
  HttpClient client(server.port());
  client.Send("PRI * HT");
  client.Send("TP/1.1\r\n\r\n");
  EXPECT_EQ(client.ReadResponse().status, 404) << "PRI is a method like any other";
}

TEST(Http2Session, PingFloodWithoutReadingIsCut) {
  ReceiverServer server;
  HttpClient client(server.port(), /*receive_buffer_bytes=*/4096);
  std::string pings = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + std::string("\0\0\0\4\0\0\0\0\0", 9);
  for (int i = 0; i < 10000; ++i) pings += std::string("\0\0\x08\x06\0\0\0\0\0", 9) + "12345678";
  bool open = true;
  for (int i = 0; i < 1000 && open; ++i) open = client.Send(pings.substr(i == 0 ? 0 : 33));
  EXPECT_FALSE(open);
  EXPECT_TRUE(WaitFor([&] { return server.connections() == 0; }));
  EXPECT_EQ(server.stats().closed_by_limit, 1u);
}

TEST(Http2Session, DrainSaysGoawayAndAnswersWhatIsIn) {
  ReceiverServer server;
  Http2Client client(server.port());
  const int32_t open = client.Submit(GrpcFields(), GrpcFrame(OneSpan()), /*end=*/false);
  ASSERT_EQ(client.Call(GrpcFields(), GrpcFrame(OneSpan())).grpc_status(), 0);
  server.Drain();
  while (!client.goaway() && client.Step()) {
  }
  EXPECT_TRUE(client.goaway());
  EXPECT_EQ(server.connections(), 1u) << "a request is still coming";
  client.End(open);
  EXPECT_EQ(client.Wait(open).grpc_status(), 0);
  while (client.Step()) {
  }
  client.socket().Close();
  EXPECT_TRUE(WaitFor([&] { return server.connections() == 0; }));
  EXPECT_EQ(server.ingest().taken, 2u);
}

TEST(Http2Session, DrainClosesIdleConnections) {
  ReceiverServer server;
  Http2Client h2(server.port());
  ASSERT_EQ(h2.Call(GrpcFields(), GrpcFrame(OneSpan())).grpc_status(), 0);
  HttpClient silent(server.port());
  HttpClient h1(server.port());
  h1.Send(Http1Request("GET", "/", "", ""));
  ASSERT_EQ(h1.ReadResponse().status, 404);
  ASSERT_TRUE(WaitFor([&] { return server.connections() == 3; }));
  server.Drain();
  while (h2.Step()) {
  }
  EXPECT_TRUE(silent.Ended());
  EXPECT_TRUE(h1.Ended());
  h1.Close();
  h2.socket().Close();
  EXPECT_TRUE(WaitFor([&] { return server.connections() == 0; }));
  HttpClient late(server.port());
  EXPECT_TRUE(late.Ended()) << "nobody is taken in any more";
}

}  // namespace
}  // namespace tailrace::testing
