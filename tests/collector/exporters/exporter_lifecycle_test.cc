// What collector/exporters/exporter.h promises, tried on every exporter that there is.
#include <unistd.h>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "collector/exporters/factory.h"
#include "gtest/gtest.h"
#include "tests/collector/exporters/scripted_backend.h"
#include "tests/collector/exporters/test_batch.h"
#include "tests/support/recording_logger.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: builders and helpers
using namespace std::chrono_literals;

// What an exporter of the kind under test needs around it.
struct Surroundings {
  ScriptedBackend backend;
  std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("tailrace_contract_" + std::to_string(::getpid()) + ".jsonl");
  ~Surroundings() { std::filesystem::remove(file); }
};

struct Kind {
  const char* name;
  std::function<config::ExporterConfig(const Surroundings&)> config;
};

config::ExporterConfig Otlp(const Surroundings& around) {
  config::OtlpExporterConfig config;
  config.id.text = "otlp";
  config.endpoint = around.backend.endpoint();
  config.tls.insecure = true;
  return config;
}
config::ExporterConfig File(const Surroundings& around) {
  config::FileExporterConfig config;
  config.id.text = "file";
  config.path = around.file;
  return config;
}
template <config::Verbosity verbosity>
config::ExporterConfig Debug(const Surroundings&) {
  config::DebugExporterConfig config;
  config.id.text = "debug";
  config.verbosity = verbosity;
  return config;
}
config::ExporterConfig Nop(const Surroundings&) {
  config::NopExporterConfig config;
  config.id.text = "nop";
  return config;
}

class ExporterLifecycle : public ::testing::TestWithParam<Kind> {
 protected:
  ExporterLifecycle() {
    auto made = MakeExporter(GetParam().config(around_), {}, logger_);
    EXPECT_TRUE(made.ok());
    exporter_ = *std::move(made);
  }
  ~ExporterLifecycle() override { exporter_.reset(); }

  Surroundings around_;
  RecordingLogger logger_;
  std::unique_ptr<Exporter> exporter_;
};

TEST_P(ExporterLifecycle, StopFlushes) {
  ASSERT_TRUE(exporter_->Start().ok());
  for (int i = 1; i <= 100; ++i) exporter_->Offer(TestBatch(i, 3));
  exporter_->Stop(In(30s));
  const ExporterStats stats = exporter_->Stats();
  EXPECT_EQ(stats.received_spans, 300u);
  EXPECT_EQ(stats.forwarded_spans, 300u);
  EXPECT_EQ(DroppedSpans(stats), 0u);
  EXPECT_EQ(stats.queued_spans + stats.in_flight_spans, 0u);
  EXPECT_EQ(stats.queue_batches + stats.queue_bytes + stats.in_flight_requests, 0u);
}

TEST_P(ExporterLifecycle, TheEquationHoldsAtEveryMoment) {
  ASSERT_TRUE(exporter_->Start().ok());
  std::atomic<bool> done{false};
  std::atomic<int> looks{0};
  std::thread reader([&] {
    while (!done.load()) {
      EXPECT_TRUE(Balanced(exporter_->Stats()));
      looks.fetch_add(1);
    }
  });
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < 100; ++i) exporter_->Offer(TestBatch(1 + writer * 1000 + i, 2));
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_TRUE(WaitFor([&] { return looks.load() > 10; }));
  exporter_->Stop(In(30s));
  done = true;
  reader.join();
  const ExporterStats stats = exporter_->Stats();
  EXPECT_EQ(stats.received_spans, 800u);
  EXPECT_EQ(stats.forwarded_spans + DroppedSpans(stats), 800u);
}

TEST_P(ExporterLifecycle, ADeadlineThatHasPassedLosesNothingFromTheAccount) {
  ASSERT_TRUE(exporter_->Start().ok());
  for (int i = 1; i <= 50; ++i) exporter_->Offer(TestBatch(i, 3));
  exporter_->Stop(In(-1s));
  const ExporterStats stats = exporter_->Stats();
  EXPECT_EQ(stats.received_spans, 150u);
  EXPECT_EQ(stats.forwarded_spans + Dropped(stats, DropReason::kShutdown), 150u);
}

TEST_P(ExporterLifecycle, ItGivesItsPayloadsBack) {
  ASSERT_TRUE(exporter_->Start().ok());
  const ExportBatch batch = TestBatch(1, 3);
  exporter_->Offer(batch);
  exporter_->Stop(In(30s));
  exporter_.reset();
  EXPECT_EQ(batch.payload.use_count(), 1);
}

TEST_P(ExporterLifecycle, WithoutStartOrStopItEndsToo) {
  exporter_.reset();
  auto started = MakeExporter(GetParam().config(around_), {}, logger_);
  ASSERT_TRUE((*started)->Start().ok());
  (*started)->Offer(TestBatch(1, 1));
}

TEST_P(ExporterLifecycle, StopWithNothingToDoIsQuick) {
  ASSERT_TRUE(exporter_->Start().ok());
  const auto before = std::chrono::steady_clock::now();
  exporter_->Stop(In(60s));
  EXPECT_LT(std::chrono::steady_clock::now() - before, 20s);
  EXPECT_EQ(exporter_->Stats().received_spans, 0u);
}

TEST_P(ExporterLifecycle, StatsCarryTheConfiguredName) {
  EXPECT_FALSE(exporter_->Stats().exporter.empty());
  EXPECT_EQ(std::string(GetParam().name).rfind(exporter_->Stats().exporter, 0), 0u);
}

INSTANTIATE_TEST_SUITE_P(All, ExporterLifecycle,
                         ::testing::Values(Kind{"otlp", Otlp}, Kind{"file", File},
                                           Kind{"debug_basic", Debug<config::Verbosity::kBasic>},
                                           Kind{"debug_normal", Debug<config::Verbosity::kNormal>},
                                           Kind{"debug_detailed", Debug<config::Verbosity::kDetailed>},
                                           Kind{"nop", Nop}),
                         [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace tailrace
