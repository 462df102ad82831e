#include "collector/admin/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "tests/collector/admin/raw_client.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using ::testing::EndsWith;
using testing::Fetch;
using ::testing::HasSubstr;
using testing::RawClient;
using ::testing::StartsWith;
using testing::WaitFor;

class AdminServerTest : public ::testing::Test {
 protected:
  uint16_t Start(AdminLimits limits = {}) {
    server_ = std::make_unique<AdminServer>(limits);
    server_->AddRoute({"/hello", [](const AdminRequest& request) {
                         return AdminResponse{.content_type = "text/x-test", .body = "hello " + request.query};
                       }});
    server_->AddRoute({"/big", [](const AdminRequest&) { return AdminResponse{.body = std::string(10 << 20, 'x')}; }});
    server_->AddRoute({"/throws", [](const AdminRequest&) -> AdminResponse { throw std::runtime_error("no luck"); }});
    server_->AddRoute(
        {"/page/", [](const AdminRequest& request) { return AdminResponse{.body = "page " + request.path}; }});
    server_->AddRoute({"/page/api/", [](const AdminRequest&) { return AdminResponse{.status = 503, .body = "api"}; }});
    absl::StatusOr<uint16_t> port = server_->Start("127.0.0.1", 0);
    EXPECT_TRUE(port.ok()) << port.status();
    return port.value_or(0);
  }

  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminServerTest, AnswersGet) {
  const std::string answer = Fetch(Start(), "GET", "/hello?to=you");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/x-test\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 12\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nhello to=you"));
  EXPECT_EQ(server_->counters().requests, 1u);
}

TEST_F(AdminServerTest, HeadHasLengthButNoBody) {
  const std::string answer = Fetch(Start(), "HEAD", "/hello?to=you");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 12\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(AdminServerTest, LargeAnswersArriveWhole) {
  const std::string answer = Fetch(Start(), "GET", "/big");
  EXPECT_GT(answer.size(), size_t{10} << 20);
  EXPECT_THAT(answer.substr(answer.size() - 4), "xxxx");
}

TEST_F(AdminServerTest, UnknownPathIs404AndOtherMethodsAre405) {
  const uint16_t port = Start();
  EXPECT_THAT(Fetch(port, "GET", "/"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(Fetch(port, "GET", "/hello/more"), StartsWith("HTTP/1.1 404 "));
  const std::string refused = Fetch(port, "DELETE", "/hello");
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(refused, HasSubstr("Allow: GET, HEAD\r\n"));
}

TEST_F(AdminServerTest, PathThatEndsInSlashAnswersBelowIt) {
  const uint16_t port = Start();
  EXPECT_THAT(Fetch(port, "GET", "/page/"), EndsWith("page /page/"));
  EXPECT_THAT(Fetch(port, "GET", "/page/a/b"), EndsWith("page /page/a/b"));
  EXPECT_THAT(Fetch(port, "GET", "/page/api/x"), EndsWith("api")) << "the longest wins";
  EXPECT_THAT(Fetch(port, "GET", "/page"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(AdminServerTest, AnswersThatNobodyReadsDoNotPileUp) {
  // Of /big one is always sent; while it waits for its reader there is room for nothing of that size.
  const uint16_t port = Start({.answer_bytes_max = size_t{12} << 20});
  RawClient idle(port);
  idle.Send("GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(WaitFor([&] { return server_->counters().requests == 1; }));
  EXPECT_THAT(Fetch(port, "GET", "/big"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(Fetch(port, "GET", "/hello"), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(server_->counters().requests_turned_away, 1u);
  EXPECT_GT(idle.ReadAll().size(), size_t{10} << 20);
  EXPECT_THAT(Fetch(port, "GET", "/big"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(AdminServerTest, HandlerThatThrowsIs500AndTheServerGoesOn) {
  const uint16_t port = Start();
  EXPECT_THAT(Fetch(port, "GET", "/throws"), StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(Fetch(port, "GET", "/hello"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(AdminServerTest, KeepsTheConnectionAndTakesPipelinedRequests) {
  RawClient client(Start());
  client.Send("GET /hello?1 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("hello 1"), StartsWith("HTTP/1.1 200 "));
  client.Send("GET /hello?2 HTTP/1.1\r\nHost: x\r\n\r\nGET /hello?3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string rest = client.ReadAll();
  EXPECT_THAT(rest, HasSubstr("hello 2"));
  EXPECT_THAT(rest, EndsWith("hello 3"));
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(server_->counters().requests, 3u);
}

TEST_F(AdminServerTest, BodyOverTheLimitIs413) {
  RawClient client(Start());
  client.Send("GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("too large"), StartsWith("HTTP/1.1 413 "));
}

TEST_F(AdminServerTest, BodyWithATransferCodingIs411EvenIfTheClientSendsOn) {
  const uint16_t port = Start();
  RawClient client(port);
  client.Send("POST /hello HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
  for (int i = 0; i < 16; ++i) client.Send(chunk);  // 256 KiB
  EXPECT_THAT(client.ReadUntil("its length"), StartsWith("HTTP/1.1 411 "));
  // Not the request that stands in the body.
  RawClient other(port);
  other.Send("GET /hello HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\nGET /hello HTTP/1.1\r\n\r\n");
  const std::string answers = other.ReadAll();
  EXPECT_THAT(answers, StartsWith("HTTP/1.1 411 "));
  EXPECT_EQ(answers.find("HTTP/1.1 200"), std::string::npos);
}

TEST_F(AdminServerTest, HeaderOverTheLimitIs431) {
  RawClient client(Start());
  client.Send("GET /hello HTTP/1.1\r\nX-Long: " + std::string(200'000, 'x') + "\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("too large"), StartsWith("HTTP/1.1 431 "));
}

TEST_F(AdminServerTest, WhatIsNoHttpIs400) {
  const uint16_t port = Start();
  for (const std::string& bytes :
       {std::string("\x16\x03\x01\x02\x00 a TLS hello\r\n\r\n"), std::string("GET\r\n\r\n"),
        std::string("GET / HTTP/9.9\r\n\r\n"), std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nno colon\r\n\r\n")}) {
    RawClient client(port);
    client.Send(bytes);
    EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 400 ")) << bytes;
    EXPECT_TRUE(client.closed());
  }
  EXPECT_THAT(Fetch(port, "GET", "/hello"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(AdminServerTest, ClientThatStopsMidRequestIsCut) {
  RawClient client(Start({.request_timeout = std::chrono::milliseconds(50)}));
  client.Send("GET /hello HTTP/1.1\r\nHo");
  EXPECT_EQ(client.ReadAll(), "");
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(WaitFor([&] { return server_->counters().timeouts == 1; }));
}

TEST_F(AdminServerTest, ClientThatDripsIsCutAllTheSame) {
  // A header limit that bytes sent one by one cannot reach in that time.
  RawClient client(Start({.request_bytes_max = size_t{64} << 20, .request_timeout = std::chrono::milliseconds(100)}));
  client.Send("GET /hello HTTP/1.1\r\nX: ");
  while (client.Send("x")) {  // each byte in time, the request never whole; ends when the server has closed
  }
  EXPECT_TRUE(WaitFor([&] { return server_->counters().timeouts == 1; }));
  EXPECT_EQ(server_->counters().requests, 0u);
}

TEST_F(AdminServerTest, SilentClientIsCut) {
  RawClient client(Start({.idle_timeout = std::chrono::milliseconds(50)}));
  EXPECT_EQ(client.ReadAll(), "");
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(WaitFor([&] { return server_->counters().timeouts == 1; }));
}

TEST_F(AdminServerTest, ClientThatNeverReadsIsCut) {
  RawClient client(Start({.write_timeout = std::chrono::milliseconds(50)}));
  // More than the socket buffers of both sides hold, so that the server has to wait for the client.
  for (int i = 0; i < 4; ++i) client.Send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(WaitFor([&] { return server_->counters().timeouts == 1; }));
}

TEST_F(AdminServerTest, OneConnectionTooManyIsClosedAndAFreedPlaceIsUsed) {
  const uint16_t port = Start({.connections_max = 2});
  auto first = std::make_unique<RawClient>(port);
  RawClient second(port);
  first->Send("GET /hello?1 HTTP/1.1\r\nHost: x\r\n\r\n");
  second.Send("GET /hello?2 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(first->ReadUntil("hello 1"), EndsWith("hello 1"));
  EXPECT_THAT(second.ReadUntil("hello 2"), EndsWith("hello 2"));
  EXPECT_EQ(server_->counters().connections_open, 2u);

  RawClient third(port);
  EXPECT_EQ(third.ReadAll(), "");
  EXPECT_TRUE(third.closed());
  EXPECT_EQ(server_->counters().connections_refused, 1u);

  first.reset();
  EXPECT_TRUE(WaitFor([&] { return Fetch(port, "GET", "/hello").starts_with("HTTP/1.1 200 "); }));
}

TEST_F(AdminServerTest, PortInUseIsAnErrorInWords) {
  const uint16_t port = Start();
  AdminServer other;
  const absl::StatusOr<uint16_t> result = other.Start("127.0.0.1", port);
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(std::string(result.status().message()),
              HasSubstr("cannot listen on 127.0.0.1:" + std::to_string(port) + ": Address already in use"));
}

TEST_F(AdminServerTest, HostThatIsNoneIsAnErrorInWords) {
  AdminServer server;
  const absl::StatusOr<uint16_t> result = server.Start("no such host", 0);
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("no such host"));
}

TEST_F(AdminServerTest, LocalhostIsReachedOnIpv4) {
  AdminServer server;
  server.AddRoute({"/", [](const AdminRequest&) { return AdminResponse{.body = "here"}; }});
  const absl::StatusOr<uint16_t> port = server.Start("localhost", 0);
  ASSERT_TRUE(port.ok()) << port.status();
  EXPECT_THAT(Fetch(*port, "GET", "/any/path"), EndsWith("here"));
}

TEST_F(AdminServerTest, StopClosesConnectionsAndFreesThePort) {
  const uint16_t port = Start();
  RawClient idle(port);
  ASSERT_TRUE(idle.connected());
  idle.Send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  idle.ReadUntil("hello ");
  server_->Stop();
  EXPECT_EQ(idle.ReadAll(), "");
  EXPECT_TRUE(idle.closed());
  EXPECT_FALSE(RawClient(port).connected());
  server_->Stop();  // again: nothing happens
  EXPECT_EQ(server_->counters().connections_open, 0u);
}

TEST(AdminServer, NeverStartedStopsToo) {
  AdminServer server;
  server.Stop();
}

}  // namespace
}  // namespace tailrace
