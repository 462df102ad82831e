#include "collector/receivers/listener.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <ctime>
#include <memory>
#include <vector>

#include "tests/support/http_client.h"

namespace tailrace::testing {
namespace {

class ListenerTest : public ::testing::Test {
 protected:
  ~ListenerTest() override {
    for (const int fd : accepted_) ::close(fd);
  }
  absl::StatusOr<std::unique_ptr<Listener>> Open(const std::string& host, uint16_t port) {
    // Not through `this`: UBSan looks at its type through a pipe, and here may be no descriptor for one.
    return Listener::Open(
        io_, host, port, [this](int fd) { accepted_.push_back(fd); }, [pauses = &pauses_] { ++*pauses; });
  }
  void RunUntilAccepted(size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (accepted_.size() < count && std::chrono::steady_clock::now() < deadline) {
      io_.run_one_for(std::chrono::milliseconds(20));
    }
  }

  boost::asio::io_context io_{1};
  std::vector<int> accepted_;
  int pauses_ = 0;
};

TEST_F(ListenerTest, ReportsTheFreePortAndAccepts) {
  const auto listener = Open("127.0.0.1", 0);
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_NE((*listener)->port(), 0);
  EXPECT_EQ((*listener)->address(), "127.0.0.1:" + std::to_string((*listener)->port()));
  const HttpClient a((*listener)->port()), b((*listener)->port());
  RunUntilAccepted(2);
  EXPECT_EQ(accepted_.size(), 2u);
}

TEST_F(ListenerTest, NamesAreResolved) {
  const auto listener = Open("localhost", 0);
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_TRUE(HttpClient((*listener)->port()).connected());
}

TEST_F(ListenerTest, EveryAddressTakesIpv4Too) {
  for (const char* host : {"", "0.0.0.0"}) {
    const auto listener = Open(host, 0);
    ASSERT_TRUE(listener.ok()) << listener.status();
    EXPECT_TRUE(HttpClient((*listener)->port()).connected());
  }
}

TEST_F(ListenerTest, PortInUse) {
  const auto first = Open("127.0.0.1", 0);
  ASSERT_TRUE(first.ok());
  const auto second = Open("127.0.0.1", (*first)->port());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(std::string(second.status().message()),
            "cannot listen on " + (*first)->address() + ": address already in use");
}

TEST_F(ListenerTest, UnknownHost) {
  const auto listener = Open("no-such-host.invalid", 4317);
  ASSERT_FALSE(listener.ok());
  EXPECT_NE(std::string(listener.status().message()).find("cannot listen on no-such-host.invalid:4317: "),
            std::string::npos);
}

TEST_F(ListenerTest, PortIsFreeAgainOnceClosed) {
  auto first = Open("127.0.0.1", 0);
  ASSERT_TRUE(first.ok());
  const uint16_t port = (*first)->port();
  first->reset();
  EXPECT_TRUE(Open("127.0.0.1", port).ok());
}

// Out of descriptors it waits, without burning the processor, and goes on when there are some again.
TEST_F(ListenerTest, PausesWithoutDescriptors) {
  const auto listener = Open("127.0.0.1", 0);
  ASSERT_TRUE(listener.ok());
  const HttpClient client((*listener)->port());
  ASSERT_TRUE(client.connected());
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 3;
  ::setrlimit(RLIMIT_NOFILE, &none);
  const std::clock_t cpu = std::clock();
  io_.run_for(std::chrono::milliseconds(350));
  const double cpu_s = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_TRUE(accepted_.empty());
  EXPECT_LT(cpu_s, 0.1);
  EXPECT_GE(pauses_, 2) << "each is counted";
  RunUntilAccepted(1);
  EXPECT_EQ(accepted_.size(), 1u);
}

}  // namespace
}  // namespace tailrace::testing
