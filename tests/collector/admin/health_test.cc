#include "collector/admin/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "collector/admin/metrics_route.h"
#include "tests/collector/admin/raw_client.h"

namespace tailrace {
namespace {

using ::testing::EndsWith;
using testing::Fetch;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class HandClock final : public Clock {
 public:
  int64_t MonotonicNs() const override { return monotonic_ns; }
  int64_t WallNs() const override { return wall_ns; }
  int64_t monotonic_ns = 77;
  int64_t wall_ns = 1'764'000'000'123'000'000;  // 2025-11-24T16:00:00.123Z
};

constexpr char kNotAvailable[] = R"({"status":"Server not available","upSince":"0001-01-01T00:00:00Z","uptime":""})";

TEST(Health, StartsNotAvailable) {
  HandClock clock;
  HealthState state(clock);
  EXPECT_EQ(state.Get(), Health::kStarting);
  const AdminResponse answer = state.Answer();
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_EQ(answer.body, kNotAvailable);
}

TEST(Health, ReadySaysSinceWhenAndHowLong) {
  HandClock clock;
  HealthState state(clock);
  state.Set(Health::kReady);
  clock.monotonic_ns += 3'725'500'000'000;
  clock.wall_ns -= 999'000'000'000;  // a step of the wall clock changes neither
  const AdminResponse answer = state.Answer();
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.body, R"({"status":"Server available","upSince":"2025-11-24T16:00:00.123Z","uptime":"1h2m5.5s"})");
}

TEST(Health, StoppingIsNotAvailable) {
  HandClock clock;
  HealthState state(clock);
  state.Set(Health::kReady);
  state.Set(Health::kStopping);
  EXPECT_EQ(state.Answer().status, 503u);
  EXPECT_EQ(state.Answer().body, kNotAvailable);
}

TEST(Health, ServedOverHttpFollowsTheState) {
  HandClock clock;
  HealthState state(clock);
  AdminServer server;
  server.AddRoute({"/", HealthRoute(state)});
  const absl::StatusOr<uint16_t> port = server.Start("127.0.0.1", 0);
  ASSERT_TRUE(port.ok()) << port.status();
  EXPECT_THAT(Fetch(*port, "GET", "/"), StartsWith("HTTP/1.1 503 "));
  state.Set(Health::kReady);
  const std::string ready = Fetch(*port, "GET", "/");
  EXPECT_THAT(ready, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(ready, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(Fetch(*port, "GET", "/healthz"), StartsWith("HTTP/1.1 200 ")) << "as the Collector's";
  state.Set(Health::kStopping);
  EXPECT_THAT(Fetch(*port, "GET", "/"), StartsWith("HTTP/1.1 503 "));
}

TEST(MetricsRoute, EachScrapeTakesASnapshot) {
  HandClock clock;
  ProcessStatsReader process(clock);
  uint64_t snapshots = 0;
  AdminServer server;
  server.AddRoute({"/metrics", MetricsRoute([&] { return DaemonSnapshot{.shards = ++snapshots}; }, process,
                                            {.service_instance_id = "8a6f"})});
  const absl::StatusOr<uint16_t> port = server.Start("127.0.0.1", 0);
  ASSERT_TRUE(port.ok()) << port.status();
  const std::string first = Fetch(*port, "GET", "/metrics");
  EXPECT_THAT(first, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(first, HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_THAT(first, HasSubstr("\ntailrace_shards 1\n"));
  EXPECT_THAT(first, HasSubstr("target_info{service_instance_id=\"8a6f\","));
  EXPECT_THAT(Fetch(*port, "GET", "/metrics"), HasSubstr("\ntailrace_shards 2\n"));
}

}  // namespace
}  // namespace tailrace
