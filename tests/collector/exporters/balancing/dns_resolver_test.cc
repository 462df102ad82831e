// The resolver `dns`: a scripted system, and the real one for names that every machine knows.
#include "collector/exporters/balancing/dns_resolver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <utility>

#include "tests/support/manual_clock.h"
#include "tests/support/recording_logger.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using namespace std::chrono_literals;
using Addresses = absl::StatusOr<std::vector<std::string>>;
using Names = std::vector<std::string>;

// Answers as told, the last answer again and again.
class ScriptedLookup final : public AddressLookup {
 public:
  explicit ScriptedLookup(std::deque<Addresses> answers) : answers_(std::move(answers)) {}
  Addresses Find(const std::string& hostname, config::Duration) override {
    std::lock_guard lock(mutex_);
    EXPECT_EQ(hostname, "members.example");
    Addresses answer = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    return answer;
  }
  void Cancel() override {}

 private:
  std::mutex mutex_;
  std::deque<Addresses> answers_;  // guarded by mutex_
};

class DnsResolverTest : public ::testing::Test {
 protected:
  void Start(std::deque<Addresses> answers, config::Duration interval = 1ms) {
    config::DnsResolverConfig config;
    config.hostname = "members.example";
    config.port = "4317";
    config.interval = interval;
    resolver_ = MakeDnsResolver(config, std::make_unique<ScriptedLookup>(std::move(answers)), "loadbalancing", logger_,
                                clock_);
    ASSERT_TRUE(resolver_->Start([this](Names names) {
      std::lock_guard lock(mutex_);
      if (found_.empty() || found_.back() != names) found_.push_back(std::move(names));
    }).ok());
  }
  std::vector<Names> found() {
    std::lock_guard lock(mutex_);
    return found_;
  }

  testing::RecordingLogger logger_;
  testing::ManualClock clock_;
  std::mutex mutex_;
  std::vector<Names> found_;  // guarded by mutex_; neighbours differ
  std::unique_ptr<MemberResolver> resolver_;
};

TEST_F(DnsResolverTest, TellsOfEachListThatItFinds) {
  Start({Names{"10.0.0.2", "10.0.0.1"}, Names{"10.0.0.1"}, Names{"10.0.0.1", "10.0.0.3"}});
  ASSERT_TRUE(testing::WaitFor([this] { return found().size() == 3; }));
  resolver_->Stop();
  EXPECT_EQ(found()[0], (Names{"10.0.0.1:4317", "10.0.0.2:4317"}));
  EXPECT_EQ(found()[1], (Names{"10.0.0.1:4317"}));
  EXPECT_EQ(found()[2], (Names{"10.0.0.1:4317", "10.0.0.3:4317"}));
  EXPECT_GE(resolver_->counts().ok, 3u);
  EXPECT_EQ(resolver_->counts().failed, 0u);
}

TEST_F(DnsResolverTest, ALookUpThatFailsTellsNothingIsCountedAndLoggedOnce) {
  const Addresses failed = absl::NotFoundError("members.example: Name or service not known");
  Start({Names{"10.0.0.1"}, failed, failed, failed, failed, Names{"10.0.0.1"}});
  ASSERT_TRUE(testing::WaitFor([this] { return resolver_->counts().ok >= 2; }));
  resolver_->Stop();
  EXPECT_EQ(found().size(), 1u);
  EXPECT_EQ(resolver_->counts().failed, 4u);
  EXPECT_EQ(logger_.Count("cannot be looked up; they stay as they were"), 1u);
  EXPECT_EQ(logger_.Count("can be looked up again"), 1u);
}

TEST_F(DnsResolverTest, LinkLocalAddressesAreWarnedOfOnce) {
  Start({Names{"fe80::1", "10.0.0.1"}});
  ASSERT_TRUE(testing::WaitFor([this] { return resolver_->counts().ok >= 3; }));
  resolver_->Stop();
  EXPECT_EQ(found()[0], (Names{"10.0.0.1:4317", "[fe80::1]:4317"}));
  EXPECT_EQ(logger_.Count("link-local"), 1u);
}

TEST_F(DnsResolverTest, StopDoesNotWaitForTheInterval) {
  Start({Names{"10.0.0.1"}}, 1h);
  ASSERT_TRUE(testing::WaitFor([this] { return found().size() == 1; }));
  resolver_->Stop();
  EXPECT_EQ(resolver_->counts().ok, 1u);
}

TEST(SystemLookup, KnowsThisMachineAndSaysWhatItDoesNotKnow) {
  const auto lookup = MakeSystemLookup();
  const Addresses localhost = lookup->Find("localhost", 20s);
  ASSERT_TRUE(localhost.ok()) << localhost.status();
  EXPECT_TRUE(std::find(localhost->begin(), localhost->end(), "127.0.0.1") != localhost->end() ||
              std::find(localhost->begin(), localhost->end(), "::1") != localhost->end());
  EXPECT_EQ(*lookup->Find("::ffff:127.0.0.2", 20s), Names{"127.0.0.2"});
  EXPECT_EQ(*lookup->Find("fd00:0:0:0:1:0:0:1", 20s), Names{"fd00::1:0:0:1"});
  const Addresses nothing = lookup->Find("", 20s);
  EXPECT_FALSE(nothing.ok());
  lookup->Cancel();
  EXPECT_TRUE(absl::IsCancelled(lookup->Find("localhost", 20s).status()));
}

}  // namespace
}  // namespace tailrace
