// The OTLP exporter against a real gRPC server: every class of answer, and where each span is counted afterwards.
#include "collector/exporters/otlp_exporter.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/collector/exporters/scripted_backend.h"
#include "tests/collector/exporters/test_batch.h"
#include "tests/support/recording_logger.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: builders and helpers
using namespace std::chrono_literals;

constexpr int kInvalidArgument = 3;
constexpr int kResourceExhausted = 8;
constexpr int kUnavailable = 14;

config::OtlpExporterConfig ConfigFor(const std::string& endpoint) {
  config::OtlpExporterConfig config;
  config.id = {"otlp", "test", "otlp/test"};
  config.endpoint = endpoint;
  config.tls.insecure = true;
  config.timeout = 10s;
  config.retry.initial_interval = 5ms;
  config.retry.max_interval = 20ms;
  return config;
}

class OtlpExporterTest : public ::testing::Test {
 protected:
  void Begin(std::vector<Answer> script) {
    backend_ = std::make_unique<ScriptedBackend>(std::move(script));
    config_ = ConfigFor(backend_->endpoint());
  }
  void Start() {
    exporter_ = MakeOtlpExporter(config_, nullptr, logger_, clock_);
    ASSERT_TRUE(exporter_->Start().ok());
  }
  bool WaitForStats(const std::function<bool(const ExporterStats&)>& condition) {
    return WaitFor([&] {
      const ExporterStats stats = exporter_->Stats();
      EXPECT_TRUE(Balanced(stats));
      return condition(stats);
    });
  }
  // Stops with time to spare; afterwards nothing is on its way.
  ExporterStats Stop(std::chrono::nanoseconds limit = 20s) {
    exporter_->Stop(In(limit));
    const ExporterStats stats = exporter_->Stats();
    EXPECT_TRUE(Balanced(stats));
    EXPECT_EQ(stats.queued_spans, 0u);
    EXPECT_EQ(stats.in_flight_spans, 0u);
    EXPECT_EQ(stats.queue_batches, 0u);
    EXPECT_EQ(stats.queue_bytes, 0u);
    return stats;
  }

  RecordingLogger logger_;
  SystemClock clock_;
  std::unique_ptr<ScriptedBackend> backend_;
  config::OtlpExporterConfig config_;
  std::unique_ptr<Exporter> exporter_;
};

TEST_F(OtlpExporterTest, ThePayloadArrivesByteForByte) {
  for (const char* compression : {"gzip", "none"}) {
    Begin({});
    config_.compression = compression;
    config_.headers = {{"X-Scope-OrgID", "tenant"}};
    Start();
    const ExportBatch batch = TestBatch(1, 500);
    exporter_->Offer(batch);
    const ExporterStats stats = Stop();
    EXPECT_EQ(stats.forwarded_spans, 500u);
    EXPECT_EQ(stats.requests_ok, 1u);
    EXPECT_EQ(stats.server_address, "127.0.0.1");
    EXPECT_EQ(stats.server_port, std::to_string(backend_->port()));
    const auto requests = backend_->requests();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(requests[0].method, "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
    EXPECT_EQ(requests[0].payload, *batch.payload);
    const auto tenant = requests[0].metadata.find("x-scope-orgid");
    ASSERT_NE(tenant, requests[0].metadata.end());
    EXPECT_EQ(tenant->second, "tenant");
    EXPECT_EQ(batch.payload.use_count(), 1) << "a reference to the payload was kept";
  }
}

TEST_F(OtlpExporterTest, LargeBatchesPass) {
  Begin({});
  Start();
  exporter_->Offer(TestBatch(1, 100000));
  EXPECT_EQ(Stop().forwarded_spans, 100000u);
}

TEST_F(OtlpExporterTest, UnavailableIsRetriedUntilItWorks) {
  Begin({Failing(kUnavailable), Failing(kUnavailable), Failing(kUnavailable)});
  Start();
  exporter_->Offer(TestBatch(1, 3));
  ASSERT_TRUE(WaitForStats([](const auto& s) { return s.forwarded_spans == 3; }));
  const ExporterStats stats = Stop();
  EXPECT_EQ(stats.retries, 3u);
  EXPECT_EQ(stats.requests_failed, 3u);
  EXPECT_EQ(stats.requests_ok, 1u);
  EXPECT_EQ(stats.last_error, "UNAVAILABLE: scripted");
  EXPECT_EQ(logger_.Count("will retry"), 1u) << "a state is logged when it begins, not at each attempt";
  EXPECT_EQ(logger_.Count("works again"), 1u);
}

TEST_F(OtlpExporterTest, ABatchThatWaitsLetsOthersPast) {
  Begin({Failing(kUnavailable)});
  config_.retry.initial_interval = config_.retry.max_interval = 3600s;
  config_.retry.max_elapsed_time = 0s;
  config_.queue.num_consumers = 1;
  Start();
  exporter_->Offer(TestBatch(1, 3));
  ASSERT_TRUE(WaitForStats([](const auto& s) { return s.retries == 1; }));
  for (int i = 0; i < 5; ++i) exporter_->Offer(TestBatch(2, 1));
  ASSERT_TRUE(WaitForStats([](const auto& s) { return s.forwarded_spans == 5; }));
  EXPECT_EQ(exporter_->Stats().queued_spans, 3u);
  // What would come due only after the deadline is not waited for.
  const auto before = std::chrono::steady_clock::now();
  const ExporterStats stats = Stop(60s);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 30s);
  EXPECT_EQ(Dropped(stats, DropReason::kShutdown), 3u);
}

TEST_F(OtlpExporterTest, ABackendThatAsksForAPauseGetsItFromAll) {
  Begin({Failing(kUnavailable, 3600s)});
  config_.retry.max_interval = 1800s;
  config_.retry.max_elapsed_time = 0s;
  Start();
  exporter_->Offer(TestBatch(1, 3));
  ASSERT_TRUE(WaitForStats([](const auto& s) { return s.retries == 1; }));
  for (int i = 0; i < 5; ++i) exporter_->Offer(TestBatch(2, 1));
  EXPECT_EQ(exporter_->Stats().state, BackendState::kDown);
  const auto before = std::chrono::steady_clock::now();
  const ExporterStats stats = Stop(60s);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 30s);
  EXPECT_EQ(stats.forwarded_spans, 0u);
  EXPECT_EQ(Dropped(stats, DropReason::kShutdown), 8u);
}

TEST_F(OtlpExporterTest, ResourceExhaustedIsRetriedOnlyWithRetryInfo) {
  Begin({Failing(kResourceExhausted, 1ms), Ok(), Failing(kResourceExhausted)});
  Start();
  exporter_->Offer(TestBatch(1, 2));
  ASSERT_TRUE(WaitForStats([](const auto& s) { return s.forwarded_spans == 2; }));
  exporter_->Offer(TestBatch(2, 5));
  ASSERT_TRUE(WaitForStats([](const auto& s) { return Dropped(s, DropReason::kRefusedByBackend) == 5; }));
  EXPECT_EQ(Stop().retries, 1u);
}

TEST_F(OtlpExporterTest, InvalidArgumentIsNotRetried) {
  Begin({Failing(kInvalidArgument)});
  Start();
  exporter_->Offer(TestBatch(1, 1));  // a single span: there is nothing to cut in two
  ASSERT_TRUE(WaitForStats([](const auto& s) { return Dropped(s, DropReason::kRefusedByBackend) == 1; }));
  exporter_->Offer(TestBatch(2, 4));
  const ExporterStats stats = Stop();
  EXPECT_EQ(Dropped(stats, DropReason::kRefusedByBackend), 1u);
  EXPECT_EQ(stats.forwarded_spans, 4u);
  EXPECT_EQ(stats.requests_failed, 1u);
  EXPECT_EQ(stats.retries, 0u);
  EXPECT_EQ(backend_->requests().size(), 2u);
  EXPECT_EQ(logger_.Count("refused"), 1u);
}

TEST_F(OtlpExporterTest, PartialSuccessIsCountedAndNotRetried) {
  Begin({PartialSuccess(2, "too old"), PartialSuccess(99, "all"), PartialSuccess(0, "a warning")});
  config_.queue.num_consumers = 1;
  Start();
  for (int i = 1; i <= 3; ++i) exporter_->Offer(TestBatch(i, 5));
  const ExporterStats stats = Stop();
  EXPECT_EQ(Dropped(stats, DropReason::kPartialSuccess), 7u) << "never more than the batch had";
  EXPECT_EQ(stats.forwarded_spans, 8u);
  EXPECT_EQ(backend_->requests().size(), 3u);
  EXPECT_EQ(stats.last_error, "a warning");
  EXPECT_GE(logger_.Count("Partial success"), 1u);
}

TEST_F(OtlpExporterTest, AHangingBackendMeetsTheDeadlineAndIsTriedAgain) {
  Begin({Hang()});
  config_.timeout = 100ms;
  Start();
  exporter_->Offer(TestBatch(1, 3));
  ASSERT_TRUE(WaitForStats([](const auto& s) { return s.forwarded_spans == 3; }));
  EXPECT_EQ(Stop().retries, 1u);
}

TEST_F(OtlpExporterTest, RetriesEndWithMaxElapsedTime) {
  Begin(std::vector<Answer>(1000, Failing(kUnavailable)));
  config_.retry.max_elapsed_time = 60ms;
  Start();
  exporter_->Offer(TestBatch(1, 3));
  ASSERT_TRUE(WaitForStats([](const auto& s) { return Dropped(s, DropReason::kRetriesExhausted) == 3; }));
  EXPECT_GE(Stop().retries, 1u);
}

TEST_F(OtlpExporterTest, WithoutRetriesOneAttemptIsAll) {
  Begin({Failing(kUnavailable)});
  config_.retry.enabled = false;
  Start();
  exporter_->Offer(TestBatch(1, 3));
  ASSERT_TRUE(WaitForStats([](const auto& s) { return Dropped(s, DropReason::kRetriesExhausted) == 3; }));
  EXPECT_EQ(Stop().retries, 0u);
}

TEST_F(OtlpExporterTest, ABackendThatAppearsLaterGetsEverything) {
  Begin({});
  const int port = backend_->port();
  backend_.reset();
  config_.retry.max_elapsed_time = 0s;
  Start();
  for (int i = 1; i <= 20; ++i) exporter_->Offer(TestBatch(i, 2));
  ASSERT_TRUE(WaitForStats([](const auto& s) { return s.retries >= 40; }));
  EXPECT_EQ(exporter_->Stats().forwarded_spans, 0u);
  backend_ = std::make_unique<ScriptedBackend>(std::vector<Answer>(), port);
  ASSERT_EQ(backend_->port(), port);
  ASSERT_TRUE(WaitForStats([](const auto& s) { return s.forwarded_spans == 40; }));
  EXPECT_EQ(DroppedSpans(Stop()), 0u);
}

TEST_F(OtlpExporterTest, AFullQueueDropsWhatIsNewAndSaysSo) {
  Begin(std::vector<Answer>(10, Hang()));
  config_.queue.num_consumers = 2;
  config_.queue.queue_size = 3;
  Start();
  for (int i = 1; i <= 5; ++i) exporter_->Offer(TestBatch(i, 10));
  ASSERT_TRUE(WaitForStats([](const auto& s) { return s.in_flight_spans == 20; }));
  ExporterStats stats = exporter_->Stats();
  EXPECT_EQ(Dropped(stats, DropReason::kQueueFull), 20u);
  EXPECT_EQ(stats.queued_spans, 10u);
  EXPECT_EQ(stats.queue_batches, 3u);
  EXPECT_EQ(stats.queue_capacity, 3u);
  EXPECT_EQ(logger_.Count("queue is full"), 1u);
  stats = Stop(50ms);
  EXPECT_EQ(Dropped(stats, DropReason::kShutdown), 30u);
}

TEST_F(OtlpExporterTest, NumConsumersBoundsTheRequestsInFlight) {
  Begin(std::vector<Answer>(100, Hang()));
  config_.queue.num_consumers = 4;
  Start();
  for (int i = 1; i <= 20; ++i) exporter_->Offer(TestBatch(i, 1));
  ASSERT_TRUE(WaitFor([&] { return backend_->requests().size() == 4; }));
  EXPECT_EQ(exporter_->Stats().in_flight_requests, 4u);
  Stop(50ms);
  EXPECT_EQ(backend_->requests().size(), 4u);
}

TEST_F(OtlpExporterTest, StopSendsWhatIsQueued) {
  Begin({Failing(kUnavailable), Failing(kUnavailable)});
  config_.queue.num_consumers = 1;
  Start();
  for (int i = 1; i <= 50; ++i) exporter_->Offer(TestBatch(i, 2));
  const ExporterStats stats = Stop();
  EXPECT_EQ(stats.forwarded_spans, 100u);
}

TEST_F(OtlpExporterTest, HeadersThatGrpcWouldNotSendAreRefusedAtStart) {
  Begin({});
  for (const auto& [key, value] : std::map<std::string, std::string>{
           {"bad key", "x"}, {"grpc-timeout", "1S"}, {":path", "/"}, {"x", "two\nlines"}, {"", "x"}}) {
    config_.headers = {{key, value}};
    exporter_ = MakeOtlpExporter(config_, nullptr, logger_, clock_);
    EXPECT_FALSE(exporter_->Start().ok()) << key;
  }
}

}  // namespace
}  // namespace tailrace
