// Requests whose credentials take a while to check: they wait, in order, and nothing of them is looked at meanwhile.
#include <gtest/gtest.h>

#include "tests/collector/receivers/receiver_server.h"
#include "tests/support/http2_client.h"
#include "tests/support/http_client.h"
#include "tests/support/otlp_builder.h"
#include "tests/support/tls_material.h"
#include "tests/support/wait_for.h"

namespace tailrace::testing {
namespace {

// "u:secret"; at this cost a check takes some milliseconds.
const std::string kGood = "Basic dTpzZWNyZXQ=";

config::ListenerConfig Asking(const std::string& cost = "04") {
  config::ListenerConfig config;
  config.authenticator.text = "basicauth";
  // The second user only makes checks of unknown users slow.
  config.auth = config::BasicAuthConfig{
      .htpasswd_inline = "u:$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW\nslow:$2y$" + cost +
                         "$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"};
  return config;
}

// A password of nobody's, in Base64: "nobody:" and two letters' worth of bytes.
std::string Unknown(char a, char b = 'A') { return std::string("Basic bm9ib2R5Om") + a + b; }

std::string Post(const std::string& credentials) {
  return Http1Request("POST", "/v1/traces", "Content-Type: application/json\r\nAuthorization: " + credentials, "{}");
}

Fields With(Fields fields, const std::string& credentials) {
  fields.emplace_back("authorization", credentials);
  return fields;
}

std::string OneSpan() {
  return OtlpRequest().Service("cart").Span(OtlpSpan(TestId(16, 1), TestId(8, 1), "GET /")).Bytes();
}

TEST(Admission, PipelinedRequestsWaitAndAreAnsweredInOrder) {
  ReceiverServer server(Asking());
  HttpClient client(server.port());
  const std::string wrong = "Basic dTp3cm9uZw==";  // u:wrong
  ASSERT_TRUE(client.Send(Post(kGood) + Post(wrong) + Post(kGood) + Post(wrong) + Post(kGood)));
  for (const int status : {200, 401, 200, 401, 200}) ASSERT_EQ(client.ReadResponse().status, status);
  EXPECT_EQ(server.ingest().taken, 3u);
  EXPECT_EQ(server.access_stats().auth_refused_requests[3], 2u);
}

TEST(Admission, ByteByByte) {
  ReceiverServer server(Asking());
  HttpClient client(server.port());
  for (const char byte : Post(kGood) + Post(kGood)) ASSERT_TRUE(client.Send({&byte, 1}));
  EXPECT_EQ(client.ReadResponse().status, 200);
  EXPECT_EQ(client.ReadResponse().status, 200);
}

TEST(Admission, RequestsWithoutABodyWait) {
  ReceiverServer server(Asking());
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(Http1Request("GET", "/v1/traces", "Authorization: " + kGood, "") + Post(kGood)));
  EXPECT_EQ(client.ReadResponse().status, 405);
  EXPECT_EQ(client.ReadResponse().status, 200);
}

TEST(Admission, AClientThatHasSaidAllStillGetsItsAnswer) {
  ReceiverServer server(Asking());
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(Post(kGood)));
  client.ShutdownWrite();
  EXPECT_EQ(client.ReadResponse().status, 200);
}

TEST(Admission, StreamsWaitEachForItsOwn) {
  ReceiverServer server(Asking("08"));
  Http2Client client(server.port());
  std::vector<std::pair<int32_t, int>> calls;
  for (int i = 0; i < 20; ++i) {
    const bool good = i % 2 == 0;
    calls.emplace_back(
        client.Submit(With(GrpcFields(), good ? kGood : Unknown(static_cast<char>('A' + i))), GrpcFrame(OneSpan())),
        good ? 0 : 16);
  }
  for (const auto& [stream, status] : calls) EXPECT_EQ(client.Wait(stream).grpc_status(), status);
  EXPECT_EQ(server.ingest().bodies(), std::vector<std::string>(10, OneSpan()));
}

TEST(Admission, ABodyThatComesLaterIsTaken) {
  ReceiverServer server(Asking("08"));
  Http2Client client(server.port());
  client.SendByteByByte();
  EXPECT_EQ(client.Call(With(GrpcFields(), kGood), GrpcFrame(OneSpan())).grpc_status(), 0);
  const int32_t open = client.Submit(With(GrpcFields(), Unknown('1')), GrpcFrame(OneSpan()), /*end=*/false);
  EXPECT_EQ(client.Wait(open).grpc_status(), 16) << "refused before its end";
  EXPECT_EQ(server.ingest().taken, 1u);
}

TEST(Admission, AFullQueueSaysComeBack) {
  ReceiverServer server(Asking("15"));
  std::vector<std::unique_ptr<HttpClient>> guessers;
  const auto busy = [&] { return server.access_stats().auth_refused_requests[4] > 0; };
  for (char a = 'A'; a <= 'Z' && !busy(); ++a) {
    for (char b = 'A'; b <= 'Z' && guessers.size() < 200; ++b) {
      guessers.push_back(std::make_unique<HttpClient>(server.port()));
      ASSERT_TRUE(guessers.back()->Send(Post(Unknown(a, b))));
    }
  }
  ASSERT_TRUE(WaitFor(busy));
  const HttpResponse answer = guessers.back()->ReadResponse();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.fields.at("retry-after"), "1");
  Http2Client client(server.port());
  // Should a place have been freed meanwhile, these take it.
  for (char a = '0'; a <= '4'; ++a) {
    guessers.push_back(std::make_unique<HttpClient>(server.port()));
    ASSERT_TRUE(guessers.back()->Send(Post(Unknown(a, a))));
  }
  ASSERT_EQ(guessers.back()->ReadResponse().status, 503);
  const Http2Client::Response refused = client.Call(With(GrpcFields(), Unknown('z', 'z')), GrpcFrame(OneSpan()));
  EXPECT_EQ(refused.grpc_status(), 14);
  EXPECT_EQ(server.ingest().taken, 0u);
}

TEST(Admission, ClientsThatLeaveMeanwhileAreForgotten) {
  ReceiverServer server(Asking("10"));
  for (int i = 0; i < 5; ++i) {
    HttpClient client(server.port());
    ASSERT_TRUE(client.Send(Post(Unknown(static_cast<char>('A' + i)))));
  }
  EXPECT_TRUE(WaitFor([&] { return server.stats().opened == 5 && server.connections() == 0; }));
}

TEST(Admission, AHandshakeThatDoesNotEndIsATimeout) {
  const TlsMaterial material = MakeMaterial();
  config::ListenerConfig config;
  config.header_timeout = std::chrono::milliseconds(100);
  config.tls = {.enabled = true, .cert_pem = material.cert_pem, .key_pem = material.key_pem};
  ReceiverServer server(config);
  HttpClient silent(server.port());
  HttpClient halting(server.port());
  ASSERT_TRUE(halting.Send({"\x16\x03\x01\x02\x00\x01", 6}));  // the beginning of a hello of 512 bytes
  EXPECT_TRUE(silent.Ended());
  EXPECT_TRUE(halting.Ended());
  EXPECT_EQ(server.stats().closed_by_limit, 2u);
  EXPECT_EQ(server.access_stats().tls_handshakes_failed, 2u);
}

TEST(Admission, WhatIsNoTlsIsCutAndCounted) {
  const TlsMaterial material = MakeMaterial();
  config::ListenerConfig config;
  config.tls = {.enabled = true, .cert_pem = material.cert_pem, .key_pem = material.key_pem};
  ReceiverServer server(config);
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(Post(kGood)));
  const std::string said = client.ReceiveAll();
  EXPECT_EQ(said.find("HTTP"), std::string::npos);
  EXPECT_TRUE(WaitFor([&] { return server.stats().closed_by_error == 1; }));
  EXPECT_EQ(server.access_stats().tls_handshakes_failed, 1u);
  EXPECT_EQ(server.ingest().taken, 0u);
}

}  // namespace
}  // namespace tailrace::testing
