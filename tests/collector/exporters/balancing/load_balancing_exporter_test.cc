// Members that come and go: every trace to its owner, nothing lost, nothing twice, and the account balanced all along.
#include "collector/exporters/balancing/load_balancing_exporter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "collector/exporters/balancing/routing_table.h"
#include "proto/request_split.h"
#include "tests/collector/exporters/balancing/fake_members.h"
#include "tests/collector/exporters/test_batch.h"
#include "tests/support/recording_logger.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using namespace std::chrono_literals;
using namespace testing;  // NOLINT: builders and helpers
using Answer = FakeMembers::Answer;
using Names = std::vector<std::string>;

// Traces `first` to `last`, two spans each, by turns.
ExportBatch MixedBatch(uint64_t first, uint64_t last) {
  OtlpRequest request;
  request.Service("cart");
  for (uint64_t span = 1; span <= 2; ++span) {
    for (uint64_t trace = first; trace <= last; ++trace) request.Span(OtlpSpan(trace, span, "GET /").Times(1, 2));
  }
  const auto traces = static_cast<uint32_t>(last - first + 1);
  return {.payload = std::make_shared<const std::string>(request.Bytes()), .spans = 2 * traces, .traces = traces};
}

class LoadBalancingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    config_.id.text = "loadbalancing";
    config_.member.retry = {.initial_interval = 5ms, .randomization_factor = 0, .max_interval = 10ms};
  }
  void Make() {
    exporter_ = MakeLoadBalancingExporter(config_, std::make_unique<FakeResolver>(&resolver_),
                                          members_.Maker(logger_, clock_), logger_, clock_);
    ASSERT_TRUE(exporter_->Start().ok());
  }
  // With these members in use.
  void Use(Names names) {
    const uint64_t updates = exporter_->Stats().routing.member_updates;
    resolver_->Find(std::move(names));
    ASSERT_TRUE(WaitFor([&] { return exporter_->Stats().routing.member_updates > updates; }));
  }
  void AwaitForwarded(uint64_t spans) {
    EXPECT_TRUE(WaitFor([&] {
      const ExporterStats stats = exporter_->Stats();
      EXPECT_TRUE(Balanced(stats));
      return stats.forwarded_spans == spans;
    })) << exporter_->Stats().forwarded_spans
        << " forwarded, " << exporter_->Stats().queued_spans << " queued, " << exporter_->Stats().in_flight_spans
        << " in flight, dropped for a full queue " << Dropped(exporter_->Stats(), DropReason::kQueueFull);
  }
  ExporterStats Stop() {
    exporter_->Stop(In(20s));
    const ExporterStats stats = exporter_->Stats();
    EXPECT_TRUE(Balanced(stats));
    return stats;
  }
  // Each trace is where the ring says, whole, and nowhere else.
  void ExpectOwners(const Names& names, uint64_t traces) {
    const RoutingTable table(names, 1);
    std::set<std::string> seen;
    for (uint32_t owner = 0; owner < table.owners(); ++owner) {
      for (const auto& [trace, spans] : members_.Taken(table.addresses()[owner])) {
        EXPECT_EQ(spans.size(), 2u) << trace;
        EXPECT_TRUE(seen.insert(trace).second) << trace;
      }
    }
    EXPECT_EQ(seen.size(), traces);
    for (uint64_t n = 1; n <= traces; ++n) {
      const TraceId id = TraceId::FromBytes(TestId(16, n).data());
      EXPECT_EQ(members_.Taken(table.addresses()[table.OwnerOf(id)]).count(id.ToHex()), 1u) << n;
    }
  }

  FakeMembers members_;
  RecordingLogger logger_;
  SystemClock clock_;
  config::LoadBalancingConfig config_;
  FakeResolver* resolver_ = nullptr;
  std::unique_ptr<Exporter> exporter_;
};

TEST_F(LoadBalancingTest, EveryTraceGoesToItsOwnerWhole) {
  Make();
  const Names names = {"a", "b", "c:1234"};
  Use(names);
  for (uint64_t first = 1; first <= 1000; first += 50) exporter_->Offer(MixedBatch(first, first + 49));
  AwaitForwarded(2000);
  const ExporterStats stats = Stop();
  EXPECT_EQ(stats.received_spans, 2000u);
  EXPECT_EQ(stats.routing.resolver, "fake");
  EXPECT_EQ(stats.routing.members.size(), 3u);
  EXPECT_EQ(stats.routing.rerouted_spans, 0u);
  ExpectOwners(names, 1000);
}

TEST_F(LoadBalancingTest, WhatComesBeforeAMemberIsKnownWaitsForIt) {
  Make();
  exporter_->Offer(MixedBatch(1, 50));
  EXPECT_EQ(exporter_->Stats().queued_spans, 100u);
  EXPECT_EQ(exporter_->Stats().state, BackendState::kDown);
  resolver_->Find({});
  Use({"a", "b"});
  AwaitForwarded(100);
  ExpectOwners({"a", "b"}, 50);
  EXPECT_EQ(Stop().queued_spans, 0u);
}

TEST_F(LoadBalancingTest, ABatchThatAPipelineGatheredByOwnerGoesThereAndAnOldOneIsRoutedAnew) {
  Make();
  Use({"a", "b"});
  const auto router = exporter_->router();
  ASSERT_NE(router, nullptr);
  // The generation follows the table.
  EXPECT_TRUE(WaitFor([&] { return exporter_->router_generation() == router->generation(); }));
  ExportBatch batch = MixedBatch(1, 1);
  batch.routed_by = router->generation();
  batch.owner = router->OwnerOf(TraceId::FromBytes(TestId(16, 1).data()));
  exporter_->Offer(batch);
  AwaitForwarded(2);
  ExpectOwners({"a", "b"}, 1);
  Use({"c"});
  EXPECT_TRUE(WaitFor([&] { return exporter_->router_generation() != router->generation(); }));
  batch.payload = MixedBatch(2, 2).payload;
  exporter_->Offer(batch);
  AwaitForwarded(4);
  EXPECT_EQ(members_.Taken("c:4317").size(), 1u);
}

TEST_F(LoadBalancingTest, WhatWaitsForAMemberThatLeavesIsRoutedAgainOnce) {
  Make();
  members_.Set("b:4317", Answer::kRefuseForNow);
  Use({"a", "b"});
  for (uint64_t first = 1; first <= 500; first += 50) exporter_->Offer(MixedBatch(first, first + 49));
  const RoutingTable table({"a", "b"}, 1);
  uint64_t of_b = 0;
  for (uint64_t n = 1; n <= 500; ++n) of_b += table.OwnerOf(TraceId::FromBytes(TestId(16, n).data())) == 1 ? 2 : 0;
  ASSERT_GT(of_b, 100u);
  AwaitForwarded(1000 - of_b);
  Use({"a", "c"});
  AwaitForwarded(1000);
  const ExporterStats stats = Stop();
  EXPECT_EQ(stats.routing.rerouted_spans, of_b);
  EXPECT_EQ(stats.received_spans, 1000u);
  EXPECT_EQ(members_.TakenSpans(), 1000u);
  EXPECT_TRUE(members_.Taken("b:4317").empty());
}

TEST_F(LoadBalancingTest, WhatIsRoutedAgainAndAgainStaysFewBatches) {
  config_.member.queue.queue_size = 4;
  for (const char* member : {"a", "b", "c", "d", "e", "f"}) {
    members_.Set(std::string(member) + ":4317", Answer::kRefuseForNow);
  }
  Make();
  Use({"a"});
  for (uint64_t first = 1; first <= 80; first += 20) exporter_->Offer(MixedBatch(first, first + 19));
  Use({"b", "c"});
  Use({"d", "e", "f"});
  Use({"a", "b"});
  EXPECT_EQ(Dropped(exporter_->Stats(), DropReason::kQueueFull), 0u);
  for (const char* member : {"a:4317", "b:4317"}) members_.Set(member, Answer::kTake);
  AwaitForwarded(160);
  Stop();
  ExpectOwners({"a", "b"}, 80);
}

TEST_F(LoadBalancingTest, WhatWasUnderWayToAMemberThatLeftIsRoutedAgainWhenItFails) {
  Make();
  members_.Set("a:4317", Answer::kHang);
  Use({"a"});
  exporter_->Offer(MixedBatch(1, 20));
  ASSERT_TRUE(WaitFor([this] { return members_.Hanging() == 1; }));
  Use({"b"});
  EXPECT_EQ(exporter_->Stats().in_flight_spans, 40u);
  members_.EndHanging();
  AwaitForwarded(40);
  EXPECT_EQ(Stop().routing.rerouted_spans, 40u);
  EXPECT_EQ(members_.Taken("b:4317").size(), 20u);
}

TEST_F(LoadBalancingTest, WhenTheLastMemberLeavesWhatWaitsStays) {
  Make();
  members_.Set("a:4317", Answer::kRefuseForNow);
  Use({"a"});
  exporter_->Offer(MixedBatch(1, 10));
  Use({});
  ASSERT_TRUE(WaitFor([this] { return exporter_->Stats().queued_spans == 20; }));
  exporter_->Offer(MixedBatch(11, 20));
  EXPECT_EQ(exporter_->router(), nullptr);
  Use({"b"});
  AwaitForwarded(40);
  EXPECT_EQ(Stop().received_spans, 40u);
}

TEST_F(LoadBalancingTest, TheQueueOfWhatHasNoMemberIsBounded) {
  config_.member.queue.queue_size = 3;
  Make();
  for (uint64_t n = 1; n <= 5; ++n) exporter_->Offer(MixedBatch(n, n));
  const ExporterStats stats = exporter_->Stats();
  EXPECT_EQ(stats.queued_spans, 6u);
  EXPECT_EQ(Dropped(stats, DropReason::kQueueFull), 4u);
  exporter_->Stop(std::chrono::steady_clock::now());
  EXPECT_EQ(Dropped(exporter_->Stats(), DropReason::kShutdown), 6u);
  EXPECT_TRUE(Balanced(exporter_->Stats()));
}

TEST_F(LoadBalancingTest, MembersShareTheMemory) {
  const uint64_t bytes = MixedBatch(1, 1).payload->size();
  config_.member.queue.memory_bytes_max = 8 * bytes;
  Make();
  members_.Set("a:4317", Answer::kRefuseForNow);
  members_.Set("b:4317", Answer::kRefuseForNow);
  Use({"a", "b"});
  for (uint64_t n = 1; n <= 100; ++n) exporter_->Offer(MixedBatch(n, n));
  EXPECT_LE(exporter_->Stats().queue_bytes, 8 * bytes + 100);
  EXPECT_GT(Dropped(exporter_->Stats(), DropReason::kQueueFull), 0u);
  exporter_->Stop(std::chrono::steady_clock::now());
}

TEST_F(LoadBalancingTest, WhatWaitedAndIsThisProcesssOwnGoesToItsPipelines) {
  config_.is_connector = true;
  config_.self = "b";
  Make();
  exporter_->Offer(MixedBatch(1, 50));
  Use({"a", "b"});
  const auto router = exporter_->router();
  const RoutingTable table({"a", "b"}, 1);
  for (uint32_t owner = 0; owner < 2; ++owner) EXPECT_EQ(router->is_own(owner), table.addresses()[owner] == "b:4317");
  ASSERT_TRUE(WaitFor([&] { return members_.TakenSpans() > 0; }));
  EXPECT_FALSE(exporter_->own_settled()) << "the pipelines are not there yet";
  std::mutex mutex;
  SpansByTrace own;
  exporter_->GiveOwnTo([&](const ExportBatch& batch) {
    std::lock_guard lock(mutex);
    AddSpans(*batch.payload, &own);
    return SendResult();
  });
  AwaitForwarded(100);
  EXPECT_TRUE(exporter_->own_settled());
  EXPECT_TRUE(members_.Taken("b:4317").empty()) << "not through a socket";
  EXPECT_EQ(own.size() + members_.Taken("a:4317").size(), 50u);
  for (const auto& [trace, spans] : own) EXPECT_EQ(spans.size(), 2u);
  exporter_->GiveOwnTo(nullptr);
  Use({"b"});
  exporter_->Offer(MixedBatch(1, 1));
  ASSERT_TRUE(WaitFor([&] { return exporter_->own_settled(); }));
  EXPECT_EQ(Stop().dropped_spans[static_cast<size_t>(DropReason::kShutdown)], 2u) << "what comes after the end";
}

TEST_F(LoadBalancingTest, AnExporterNeverTakesAMemberForItself) {
  config_.self = "a";
  Make();
  Use({"a"});
  EXPECT_FALSE(exporter_->router()->is_own(0));
  exporter_->Offer(MixedBatch(1, 1));
  AwaitForwarded(2);
  EXPECT_EQ(members_.Taken("a:4317").size(), 1u);
}

TEST_F(LoadBalancingTest, TenThousandMembersAreCut) {
  Make();
  Names names;
  for (int i = 0; i < 10000; ++i) names.push_back("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256));
  std::sort(names.begin(), names.end());
  Use(names);
  EXPECT_EQ(exporter_->Stats().routing.members.size(), 256u);
  exporter_->Offer(MixedBatch(1, 500));
  AwaitForwarded(1000);
}

TEST_F(LoadBalancingTest, ALongListIsCutAndSaysSo) {
  config_.members_max = 5;
  Make();
  Names names;
  for (int i = 100; i < 200; ++i) names.push_back("host-" + std::to_string(i));
  Use(names);
  EXPECT_EQ(exporter_->Stats().routing.members.size(), 5u);
  EXPECT_EQ(logger_.Count("More members than members_max"), 1u);
  Stop();
}

TEST_F(LoadBalancingTest, ABatchThatIsNoOtlpIsCounted) {
  Make();
  Use({"a", "b"});
  exporter_->Offer({.payload = std::make_shared<const std::string>("\x0A\xFFgarbage"), .spans = 7, .traces = 1});
  const ExporterStats stats = Stop();
  EXPECT_EQ(Dropped(stats, DropReason::kWriteFailed), 7u);
}

TEST_F(LoadBalancingTest, ByServiceASpansResourceChooses) {
  config_.routing_key = config::RoutingKey::kService;
  Make();
  Use({"a", "b", "c"});
  EXPECT_EQ(exporter_->router(), nullptr);
  OtlpRequest request;
  for (uint64_t n = 1; n <= 30; ++n) {
    request.Service("service-" + std::to_string(n % 3)).Span(OtlpSpan(n, 1, "x"));
  }
  exporter_->Offer({.payload = std::make_shared<const std::string>(request.Bytes()), .spans = 30, .traces = 30});
  AwaitForwarded(30);
  const RoutingTable table({"a", "b", "c"}, 1);
  std::map<std::string, uint64_t> expected;
  for (int n = 0; n < 3; ++n) {
    expected[table.addresses()[table.OwnerOfKey("service.name=service-" + std::to_string(n) + "|")]] += 10;
  }
  for (const auto& [address, traces] : expected) EXPECT_EQ(members_.Taken(address).size(), traces) << address;
}

TEST_F(LoadBalancingTest, BalancedAtEveryMomentWhileMembersComeAndGo) {
  Make();
  std::atomic<bool> done{false};
  std::atomic<int> unbalanced{0};
  std::thread reader([&] {
    while (!done) unbalanced += Balanced(exporter_->Stats()) ? 0 : 1;
  });
  std::vector<std::thread> writers;
  for (uint64_t writer = 0; writer < 2; ++writer) {
    writers.emplace_back([this, writer] {
      for (uint64_t i = 0; i < 150; ++i)
        exporter_->Offer(MixedBatch(writer * 3000 + i * 20 + 1, writer * 3000 + i * 20 + 20));
    });
  }
  const std::vector<Names> lists = {{"a"}, {"a", "b"}, {}, {"b", "c"}, {"a", "b", "c", "d"}, {"d"}, {"a", "b"}};
  for (int round = 0; round < 5; ++round) {
    for (const Names& names : lists) {
      members_.Set("b:4317", round % 2 == 0 ? Answer::kRefuseForNow : Answer::kTake);
      Use(names);
    }
  }
  for (std::thread& writer : writers) writer.join();
  members_.Set("b:4317", Answer::kTake);
  AwaitForwarded(12'000);
  done = true;
  reader.join();
  EXPECT_EQ(unbalanced, 0);
  EXPECT_EQ(members_.TakenSpans(), 12'000u);
  EXPECT_EQ(Stop().received_spans, 12'000u);
}

}  // namespace
}  // namespace tailrace
