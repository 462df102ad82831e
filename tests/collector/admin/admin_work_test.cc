// Answers that take their time, and bodies, of an AdminServer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "collector/admin/http_server.h"
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

// Answers once it is told to.
class WaitingWork : public AdminWork {
 public:
  WaitingWork(std::atomic<bool>& may_end, std::atomic<int>& alive) : may_end_(may_end), alive_(alive) { ++alive_; }
  ~WaitingWork() override { --alive_; }
  std::optional<AdminResponse> Step() override {
    if (!may_end_) return std::nullopt;
    return AdminResponse{.body = "worked"};
  }

 private:
  std::atomic<bool>& may_end_;
  std::atomic<int>& alive_;
};

class AdminWorkTest : public ::testing::Test {
 protected:
  uint16_t StartWithWork() {
    server_ = std::make_unique<AdminServer>();
    server_->AddRoute({"/work", [this](const AdminRequest&) {
                         return AdminResponse{.work = std::make_shared<WaitingWork>(may_end_, alive_)};
                       }});
    server_->AddRoute({"/hello", [](const AdminRequest&) { return AdminResponse{.body = "hello"}; }});
    server_->AddRoute({.path = "/echo",
                       .handler = [](const AdminRequest& request) { return AdminResponse{.body = request.body}; },
                       .takes_post = true});
    return server_->Start("127.0.0.1", 0).value_or(0);
  }

  std::atomic<bool> may_end_{false};
  std::atomic<int> alive_{0};
  std::unique_ptr<AdminServer> server_;  // last: its work goes before what it looks at
};

TEST_F(AdminWorkTest, OthersAreAnsweredWhileAnAnswerTakesItsTime) {
  const uint16_t port = StartWithWork();
  RawClient slow(port);
  slow.Send("GET /work HTTP/1.1\r\nHost: x\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(WaitFor([&] { return alive_ == 1; }));
  EXPECT_THAT(Fetch(port, "GET", "/hello"), EndsWith("hello"));
  may_end_ = true;
  const std::string answers = slow.ReadAll();
  EXPECT_THAT(answers, HasSubstr("worked"));
  EXPECT_THAT(answers, EndsWith("hello")) << "what the client sent meanwhile waited for its turn";
  EXPECT_EQ(alive_, 0);
}

TEST_F(AdminWorkTest, WhoHangsUpEndsTheWork) {
  const uint16_t port = StartWithWork();
  {
    RawClient client(port);
    client.Send("GET /work HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(WaitFor([&] { return alive_ == 1; }));
  }
  EXPECT_TRUE(WaitFor([&] { return alive_ == 0; }));
}

TEST_F(AdminWorkTest, AStopEndsTheWork) {
  const uint16_t port = StartWithWork();
  RawClient client(port);
  client.Send("GET /work HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(WaitFor([&] { return alive_ == 1; }));
  server_->Stop();
  EXPECT_EQ(alive_, 0);
}

TEST_F(AdminWorkTest, ARouteMayTakePost) {
  const uint16_t port = StartWithWork();
  const auto post = [port](const std::string& path) {
    RawClient client(port);
    client.Send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody");
    return client.ReadAll();
  };
  EXPECT_THAT(post("/echo"), EndsWith("\r\n\r\nbody"));
  EXPECT_THAT(post("/hello"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(Fetch(port, "DELETE", "/echo"), HasSubstr("Allow: GET, HEAD, POST\r\n"));
}

}  // namespace
}  // namespace tailrace
