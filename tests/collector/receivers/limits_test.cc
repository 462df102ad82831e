// What a client cannot do: take for ever, take all the memory, stop half-way, never read, send noise. Every case ends
// with a server that serves the next client and holds no buffer.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "tests/collector/receivers/packed.h"
#include "tests/collector/receivers/receiver_server.h"
#include "tests/support/http2_client.h"
#include "tests/support/http_client.h"
#include "tests/support/otlp_builder.h"
#include "tests/support/wait_for.h"

namespace tailrace::testing {
namespace {

using std::chrono::milliseconds;

const std::string kHead = "POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";

void ExpectHealthy(ReceiverServer& server) {
  HttpClient client(server.port());
  client.Send(Http1Request("POST", "/v1/traces", "Content-Type: application/json", "{}"));
  EXPECT_EQ(client.ReadResponse().status, 200);
  EXPECT_EQ(server.buffer_bytes_in_use(), 0u);
}

TEST(Limits, SilentConnectionIsClosed) {
  ReceiverServer server({.header_timeout = milliseconds(80)});
  HttpClient client(server.port());
  EXPECT_TRUE(client.Ended());
  EXPECT_EQ(server.stats().closed_by_limit, 1u);
  ExpectHealthy(server);
}

TEST(Limits, HalfAPrefaceIsClosed) {
  ReceiverServer server({.header_timeout = milliseconds(80)});
  HttpClient client(server.port());
  client.Send("PRI * HTTP/2.0\r\n");
  EXPECT_TRUE(client.Ended());
  EXPECT_EQ(server.stats().closed_by_limit, 1u);
}

TEST(Limits, HalfAHeaderIs408) {
  ReceiverServer server({.header_timeout = milliseconds(80)});
  HttpClient client(server.port());
  client.Send("POST /v1/traces HTTP/1.1\r\nContent-Ty");
  EXPECT_EQ(client.ReadResponse().status, 408);
  EXPECT_TRUE(client.Ended());
  EXPECT_EQ(server.stats().closed_by_limit, 1u);
  ExpectHealthy(server);
}

// Clients that begin large bodies and end none cannot keep others out until their time-outs are over.
TEST(Limits, UnfinishedBodiesMakeRoom) {
  ReceiverServer server({}, size_t{2} << 20);
  std::vector<std::unique_ptr<HttpClient>> holders;
  for (int i = 0; i < 8; ++i) {
    holders.push_back(std::make_unique<HttpClient>(server.port()));
    holders.back()->Send(
        "POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n" +
        std::string(200'000, ' '));
  }
  ASSERT_TRUE(WaitFor([&] { return server.buffer_bytes_in_use() > (size_t{1} << 20); }));
  const auto is_taken = [&](const std::string& body) {
    HttpClient honest(server.port());
    honest.Send(Http1Request("POST", "/v1/traces", "Content-Type: application/json", body));
    return honest.ReadResponse().status == 200;
  };
  ASSERT_TRUE(WaitFor([&] { return is_taken("{}"); }));
  ASSERT_TRUE(WaitFor([&] { return is_taken(std::string(900'000, ' ') + "{}"); }));
  EXPECT_GT(server.stats().bodies_given_up, 3u);
  holders[0]->Send(" ");
  const HttpResponse answer = holders[0]->ReadResponse();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.fields.at("retry-after"), "1");
}

TEST(Limits, HalfABodyIs408) {
  ReceiverServer server({.body_timeout = milliseconds(80)});
  HttpClient client(server.port());
  client.Send(kHead + "{");
  EXPECT_EQ(client.ReadResponse().status, 408);
  EXPECT_TRUE(client.Ended());
  EXPECT_EQ(server.stats().closed_by_limit, 1u);
  EXPECT_EQ(server.ingest().failed, 1u);
  ExpectHealthy(server);
}

TEST(Limits, ClientThatGoesAwayMidBody) {
  ReceiverServer server;
  {
    HttpClient client(server.port());
    client.Send(kHead + std::string(500, ' '));
    ASSERT_TRUE(WaitFor([&] { return server.buffer_bytes_in_use() > 0; }));
  }
  EXPECT_TRUE(WaitFor([&] { return server.connections() == 0; }));
  ExpectHealthy(server);
}

TEST(Limits, HalfAGrpcMessageIsReset) {
  ReceiverServer server({.body_timeout = milliseconds(80)});
  Http2Client client(server.port());
  const std::string frame = GrpcFrame(std::string(1000, 'x'));
  const Http2Client::Response response = client.Wait(client.Submit(GrpcFields(), frame.substr(0, 500), /*end=*/false));
  EXPECT_TRUE(response.closed);
  EXPECT_EQ(response.error, static_cast<uint32_t>(NGHTTP2_CANCEL));
  EXPECT_EQ(server.stats().closed_by_limit, 1u);
  EXPECT_EQ(server.ingest().failed, 1u);
  EXPECT_EQ(client.Call(GrpcFields(), GrpcFrame("")).grpc_status(), 0) << "the connection goes on";
  ExpectHealthy(server);
}

TEST(Limits, IdleConnectionsAreClosed) {
  ReceiverServer server({.idle_timeout = milliseconds(80)});
  HttpClient h1(server.port());
  h1.Send(Http1Request("GET", "/", "", ""));
  EXPECT_EQ(h1.ReadResponse().status, 404);
  EXPECT_TRUE(h1.Ended());
  Http2Client h2(server.port());
  EXPECT_EQ(h2.Call(GrpcFields(), GrpcFrame("")).grpc_status(), 0);
  while (h2.Step()) {
  }
  EXPECT_TRUE(h2.goaway());
  EXPECT_EQ(server.stats().closed_by_limit, 2u);
}

// Answers pile up on the server until it stops reading; then they do not grow, and in the end the connection goes.
TEST(Limits, ClientThatNeverReads) {
  ReceiverServer server({.body_timeout = milliseconds(200)});
  HttpClient client(server.port(), /*receive_buffer_bytes=*/4096);
  std::string many;
  for (int i = 0; i < 10000; ++i) many += "GET / HTTP/1.1\r\n\r\n";
  bool open = true;
  for (int i = 0; i < 2000 && open; ++i) open = client.Send(many);
  EXPECT_FALSE(open);
  EXPECT_EQ(server.stats().closed_by_limit, 1u);
  ExpectHealthy(server);
}

TEST(Limits, StreamsOverTheLimitAreRefused) {
  ReceiverServer server({.streams_max = 2});
  Http2Client client(server.port());
  // The client's library holds a third request back until a stream is free.
  const int32_t a = client.Submit(GrpcFields(), GrpcFrame(""), /*end=*/false);
  const int32_t b = client.Submit(GrpcFields(), GrpcFrame(""), /*end=*/false);
  client.Flush();
  ASSERT_TRUE(client.Step());
  const int32_t c = client.Submit(GrpcFields(), GrpcFrame(""));
  client.Flush();
  client.End(a);
  client.End(b);
  EXPECT_EQ(client.Wait(a).grpc_status(), 0);
  EXPECT_EQ(client.Wait(c).grpc_status(), 0);
  EXPECT_EQ(server.ingest().taken, 3u);
}

TEST(Limits, GzipBombCostsItsBound) {
  constexpr size_t kMax = size_t{1} << 20;
  ReceiverServer server({.inflated_bytes_max = kMax}, /*buffer_bytes=*/8 * kMax);
  const std::string bomb = Gzip(std::string(size_t{256} << 20, '\0'));
  HttpClient client(server.port());
  client.Send(Http1Request("POST", "/v1/traces", "Content-Type: application/json\r\nContent-Encoding: gzip", bomb));
  EXPECT_EQ(client.ReadResponse().status, 413);
  EXPECT_EQ(server.stats().too_large, 1u);
  client.Send(Http1Request("POST", "/v1/traces", "Content-Type: application/json\r\nContent-Encoding: zstd",
                           Zstd(std::string(size_t{256} << 20, '\0'))));
  EXPECT_EQ(client.ReadResponse().status, 413);
  ExpectHealthy(server);
}

// A few kB that unpack to 64 MiB cost a client nothing and a shard a tenth of a second.
TEST(Limits, InflationRatio) {
  ReceiverServer server;
  HttpClient client(server.port());
  const auto status = [&](const std::string& plain) {
    client.Send(
        Http1Request("POST", "/v1/traces", "Content-Type: application/json\r\nContent-Encoding: gzip", Gzip(plain)));
    return client.ReadResponse().status;
  };
  EXPECT_EQ(status("{}" + std::string(size_t{3} << 20, ' ')), 200) << "so much is always taken";
  EXPECT_EQ(status("{}" + std::string(size_t{5} << 20, ' ')), 413);
  std::string fair = "{}";
  for (uint64_t seed = 0; fair.size() < size_t{5} << 20; ++seed) {
    std::string filler(1000, ' ');
    for (size_t bit = 0; bit < 64; ++bit)
      filler[bit * 15] = (seed * 0x9E3779B97F4A7C15ULL >> bit & 1) != 0 ? '\t' : ' ';
    fair += filler;
  }
  EXPECT_EQ(status(fair), 200);
  EXPECT_EQ(server.stats().too_large, 1u);
  ExpectHealthy(server);
}

TEST(Limits, InflationRatioIsWhatTheConfigurationSays) {
  ReceiverServer server({.inflation_ratio_max = 1'000'000});
  HttpClient client(server.port());
  client.Send(Http1Request("POST", "/v1/traces", "Content-Type: application/json\r\nContent-Encoding: gzip",
                           Gzip("{}" + std::string(size_t{5} << 20, ' '))));
  EXPECT_EQ(client.ReadResponse().status, 200);
}

// The answer for a request that holds pieces of too many traces, which a retry cannot help.
TEST(Limits, TooManyRunsIs413) {
  ReceiverServer server;
  server.ingest().too_large = true;
  HttpClient client(server.port());
  client.Send(Http1Request("POST", "/v1/traces", "Content-Type: application/json", "{}"));
  const HttpResponse answer = client.ReadResponse();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.fields.count("retry-after"), 0u);
  EXPECT_EQ(server.stats().too_large, 1u);
}

TEST(Limits, NoBufferIs503) {
  ReceiverServer server({}, /*buffer_bytes=*/4096);
  HttpClient client(server.port());
  client.Send(Http1Request("POST", "/v1/traces", "Content-Type: application/json", std::string(100000, ' ')));
  const HttpResponse response = client.ReadResponse();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.fields.at("retry-after"), "1");
  EXPECT_EQ(server.ingest().refused, 1u);
  ExpectHealthy(server);
}

TEST(Limits, DeclaredLengthPinsLittle) {
  ReceiverServer server;
  HttpClient client(server.port());
  client.Send("POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 60000000\r\n\r\n{");
  ASSERT_TRUE(WaitFor([&] { return server.buffer_bytes_in_use() > 0; }));
  EXPECT_LE(server.buffer_bytes_in_use(), size_t{1} << 20);
}

// xorshift: the same noise every time.
std::string Noise(uint64_t seed, size_t size) {
  std::string noise;
  for (uint64_t x = seed * 0x9E3779B97F4A7C15ULL + 1; noise.size() < size;) {
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    noise.push_back(static_cast<char>(x));
  }
  return noise;
}

TEST(Limits, RandomBytes) {
  ReceiverServer server({.header_timeout = milliseconds(500), .body_timeout = milliseconds(500)});
  Http2Client valid(server.port());
  ASSERT_EQ(valid.Call(GrpcFields(), GrpcFrame("")).grpc_status(), 0);
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + std::string("\0\0\0\4\0\0\0\0\0", 9);
  const std::string prefixes[] = {"", "POST /v1/traces HTTP/1.1\r\n", kHead, preface,
                                  preface + std::string("\0\0\x10\x01\x04\0\0\0\x01", 9)};
  for (uint64_t seed = 0; seed < 200; ++seed) {
    HttpClient client(server.port());
    client.Send(prefixes[seed % 5] + Noise(seed, 10 + seed * 7));
    client.ShutdownWrite();
    client.ReceiveAll();
  }
  EXPECT_TRUE(WaitFor([&] { return server.connections() == 1; }));
  EXPECT_EQ(valid.Call(GrpcFields(), GrpcFrame("")).grpc_status(), 0);
  ExpectHealthy(server);
}

TEST(Limits, RandomGrpcMessages) {
  ReceiverServer server;
  Http2Client client(server.port());
  Fields gzip = GrpcFields();
  gzip.emplace_back("grpc-encoding", "gzip");
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const std::string noise = Noise(seed, 1 + seed * 5);
    EXPECT_TRUE(client.Call(GrpcFields(), noise).closed);
    EXPECT_TRUE(client.Call(GrpcFields(), GrpcFrame(noise)).closed);
    EXPECT_EQ(client.Call(gzip, GrpcFrame(noise, 1)).grpc_status(), 3);
  }
  ExpectHealthy(server);
}

}  // namespace
}  // namespace tailrace::testing
