// Which members are this process itself: by the name that it is given, or by address and port.
#include "collector/exporters/balancing/self_finder.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace tailrace {
namespace {

using Names = std::vector<std::string>;

class FakeLookup final : public AddressLookup {
 public:
  absl::StatusOr<Names> Find(const std::string& hostname, config::Duration) override {
    asked.push_back(hostname);
    const auto entry = addresses.find(hostname);
    if (entry == addresses.end()) return absl::NotFoundError(hostname);
    return entry->second;
  }
  void Cancel() override {}

  std::map<std::string, Names> addresses;
  Names asked;
};

class SelfFinderTest : public ::testing::Test {
 protected:
  SelfFinder Make() {
    auto lookup = std::make_unique<FakeLookup>();
    lookup_ = lookup.get();
    return SelfFinder(config_, std::move(lookup),
                      [](const std::string& ip) { return ip == "10.0.0.1" || ip == "fd00::1"; });
  }

  config::LoadBalancingConfig config_;
  FakeLookup* lookup_ = nullptr;
};

TEST_F(SelfFinderTest, TheNameThatItIsGivenIsAllThatCounts) {
  config_.self = "10.0.0.2";
  config_.own_endpoints = {{"0.0.0.0", 4317}};
  SelfFinder finder = Make();
  finder.Look({"10.0.0.1:4317", "10.0.0.2:4317", "name:4317"});
  EXPECT_TRUE(finder.IsSelf("10.0.0.2:4317"));
  EXPECT_FALSE(finder.IsSelf("10.0.0.1:4317"));
  EXPECT_FALSE(finder.incomplete());
  EXPECT_TRUE(lookup_->asked.empty());
}

TEST_F(SelfFinderTest, AnAddressOfThisMachineWithAPortThatItListensOn) {
  config_.own_endpoints = {{"0.0.0.0", 4317}, {"", 4318}};
  SelfFinder finder = Make();
  finder.Look({"10.0.0.1", "10.0.0.1:4319", "10.0.0.2", "fd00::1", "https://10.0.0.1:4318", "fe80::1"});
  EXPECT_TRUE(finder.IsSelf("10.0.0.1:4317"));
  EXPECT_TRUE(finder.IsSelf("[fd00::1]:4317"));
  EXPECT_TRUE(finder.IsSelf("https://10.0.0.1:4318"));
  EXPECT_FALSE(finder.IsSelf("10.0.0.1:4319"));
  EXPECT_FALSE(finder.IsSelf("10.0.0.2:4317"));
  EXPECT_FALSE(finder.IsSelf("[fe80::1]:4317"));
  EXPECT_FALSE(finder.IsSelf("10.9.9.9:4317")) << "it was not looked at";
}

TEST_F(SelfFinderTest, AListenerAtOneAddressIsNotReachedAtAnother) {
  config_.own_endpoints = {{"127.0.0.2", 4317}};
  SelfFinder finder = Make();
  finder.Look({"10.0.0.1", "127.0.0.2", "::ffff:127.0.0.2"});
  EXPECT_TRUE(finder.IsSelf("127.0.0.2:4317"));
  EXPECT_TRUE(finder.IsSelf("[::ffff:127.0.0.2]:4317"));
  EXPECT_FALSE(finder.IsSelf("10.0.0.1:4317"));
}

TEST_F(SelfFinderTest, NamesAreAskedForWhereThePortFitsAndAgainUntilTheyAreKnown) {
  config_.own_endpoints = {{"0.0.0.0", 4317}};
  SelfFinder finder = Make();
  lookup_->addresses = {{"one", {"10.0.0.9", "10.0.0.1"}}, {"two", {"10.0.0.2"}}};
  finder.Look({"one", "other:9", "three", "two"});
  EXPECT_EQ(lookup_->asked, (Names{"one", "three", "two"}));
  EXPECT_TRUE(finder.IsSelf("one:4317"));
  EXPECT_FALSE(finder.IsSelf("two:4317"));
  EXPECT_TRUE(finder.incomplete());
  lookup_->asked.clear();
  lookup_->addresses["three"] = {"10.0.0.3"};
  finder.Look({"one", "three", "two"});
  EXPECT_EQ(lookup_->asked, Names{"three"}) << "what is known is not asked for again";
  EXPECT_FALSE(finder.incomplete());
}

TEST_F(SelfFinderTest, AHundredNamesThatNobodyKnowsAreNotAllWaitedFor) {
  config_.own_endpoints = {{"0.0.0.0", 4317}};
  SelfFinder finder = Make();
  Names names;
  for (int i = 0; i < 100; ++i) names.push_back("name-" + std::to_string(i));
  finder.Look(names);
  EXPECT_EQ(lookup_->asked.size(), 3u);
  EXPECT_FALSE(finder.found());
}

TEST(IsAddressOfThisMachine, LoopbackIs) {
  EXPECT_TRUE(IsAddressOfThisMachine("127.0.0.1"));
  EXPECT_TRUE(IsAddressOfThisMachine("127.9.8.7"));
  EXPECT_TRUE(IsAddressOfThisMachine("::1"));
  EXPECT_FALSE(IsAddressOfThisMachine("192.0.2.1"));
  EXPECT_FALSE(IsAddressOfThisMachine("2001:db8::1"));
  EXPECT_FALSE(IsAddressOfThisMachine("a name"));
}

}  // namespace
}  // namespace tailrace
