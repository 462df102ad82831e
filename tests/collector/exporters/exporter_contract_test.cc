// The contract of collector/exporters/exporter.h, for every exporter; otlp_exporter_test.cc has what backends may do to
// those that have one.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "collector/exporters/factory.h"
#include "proto/json_reader.h"
#include "proto/json_writer.h"
#include "tests/collector/exporters/scripted_backend.h"
#include "tests/collector/exporters/test_batch.h"
#include "tests/support/recording_logger.h"
#include "tests/support/scanned_spans.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using testing::TestBatch;
namespace fs = std::filesystem;

fs::path TestDirectory() {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  std::string name = std::string(info->test_suite_name()) + "-" + info->name();
  for (char& c : name) c = c == '/' ? '-' : c;
  const fs::path path = fs::path(::testing::TempDir()) / ("tailrace-" + std::to_string(getpid())) / name;
  fs::create_directories(path);
  return path;
}

config::ComponentId Id(const std::string& text) { return {text, "", text}; }

struct Kind {
  const char* name;
  std::function<config::ExporterConfig()> config;
};

class ExporterContract : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    auto made = MakeExporter(GetParam().config(), {}, logger_);
    ASSERT_TRUE(made.ok()) << made.status();
    exporter_ = std::move(*made);
    ASSERT_TRUE(exporter_->Start().ok());
  }

  testing::RecordingLogger logger_;
  std::unique_ptr<Exporter> exporter_;
};

TEST_P(ExporterContract, ForwardsWhatItIsOffered) {
  for (uint64_t trace = 1; trace <= 50; ++trace) exporter_->Offer(TestBatch(trace, 3));
  EXPECT_TRUE(testing::Balanced(exporter_->Stats()));
  exporter_->Stop(testing::In(std::chrono::seconds(20)));
  const ExporterStats stats = exporter_->Stats();
  EXPECT_EQ(stats.received_spans, 150u);
  EXPECT_EQ(stats.forwarded_spans, 150u);
  EXPECT_TRUE(testing::Balanced(stats));
}

TEST_P(ExporterContract, IsBalancedAtEveryMomentUnderSeveralThreads) {
  std::atomic<bool> done{false};
  std::atomic<int> unbalanced{0};
  std::thread reader([&] {
    while (!done) unbalanced += testing::Balanced(exporter_->Stats()) ? 0 : 1;
  });
  std::vector<std::thread> writers;
  for (uint64_t writer = 0; writer < 3; ++writer) {
    writers.emplace_back([this, writer] {
      for (uint64_t i = 1; i <= 200; ++i) exporter_->Offer(TestBatch(writer * 1000 + i, 2));
    });
  }
  for (std::thread& writer : writers) writer.join();
  exporter_->Stop(testing::In(std::chrono::seconds(20)));
  done = true;
  reader.join();
  EXPECT_EQ(unbalanced, 0);
  const ExporterStats stats = exporter_->Stats();
  EXPECT_EQ(stats.received_spans, 1200u);
  EXPECT_EQ(stats.forwarded_spans + testing::DroppedSpans(stats), 1200u);
}

config::DebugExporterConfig Debug(config::Verbosity verbosity) {
  config::DebugExporterConfig config;
  config.id = Id("debug");
  config.verbosity = verbosity;
  return config;
}

// Between two backends that take everything; they stay for all tests.
config::LoadBalancingConfig Balancing() {
  static testing::ScriptedBackend one, other;
  config::LoadBalancingConfig config;
  config.id = Id("loadbalancing");
  config.resolver.fixed = {true, {one.endpoint(), other.endpoint()}};
  config.member.tls.insecure = true;
  config.member.compression = "none";
  return config;
}

INSTANTIATE_TEST_SUITE_P(Kinds, ExporterContract,
                         ::testing::Values(Kind{"nop",
                                                [] {
                                                  config::NopExporterConfig config;
                                                  config.id = Id("nop");
                                                  return config;
                                                }},
                                           Kind{"loadbalancing", [] { return Balancing(); }},
                                           Kind{"debug_basic", [] { return Debug(config::Verbosity::kBasic); }},
                                           Kind{"debug_normal", [] { return Debug(config::Verbosity::kNormal); }},
                                           Kind{"debug_detailed", [] { return Debug(config::Verbosity::kDetailed); }},
                                           Kind{"file",
                                                [] {
                                                  config::FileExporterConfig config;
                                                  config.id = Id("file");
                                                  config.path = TestDirectory() / "out.jsonl";
                                                  return config;
                                                }}),
                         [](const auto& param) { return param.param.name; });

class FileExporterTest : public ::testing::Test {
 protected:
  ExporterStats Write(bool append, std::initializer_list<uint64_t> traces) {
    config::FileExporterConfig config;
    config.id = Id("file");
    config.path = path_;
    config.append = append;
    auto exporter = MakeExporter(config, {}, logger_);
    EXPECT_TRUE((*exporter)->Start().ok());
    for (uint64_t trace : traces) (*exporter)->Offer(TestBatch(trace, 2));
    (*exporter)->Stop(testing::In(std::chrono::seconds(20)));
    return (*exporter)->Stats();
  }

  std::vector<std::string> Lines() const {
    std::vector<std::string> lines;
    std::ifstream file(path_);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  testing::RecordingLogger logger_;
  const fs::path path_ = TestDirectory() / "folder" / "that is made" / "kept.jsonl";
};

TEST_F(FileExporterTest, WritesARequestALineThatReadsBackAsItWas) {
  Write(false, {1, 2});
  const std::vector<std::string> lines = Lines();
  ASSERT_EQ(lines.size(), 2u);
  for (uint64_t trace = 1; trace <= 2; ++trace) {
    std::string protobuf;
    ASSERT_TRUE(ParseOtlpJson(lines[trace - 1], &protobuf).ok());
    testing::SpansByTrace spans;
    ASSERT_TRUE(testing::AddSpans(protobuf, &spans));
    ASSERT_EQ(spans.size(), 1u);
    EXPECT_EQ(spans.begin()->first, TraceId::FromBytes(testing::TestId(16, trace).data()).ToHex());
    EXPECT_EQ(spans.begin()->second.size(), 2u);
    std::string again;
    ASSERT_TRUE(WriteOtlpJson(protobuf, &again));
    EXPECT_EQ(again, lines[trace - 1]);
  }
}

TEST_F(FileExporterTest, BeginsAnewUnlessToldToAppend) {
  Write(false, {1, 2, 3});
  Write(false, {4});
  EXPECT_EQ(Lines().size(), 1u);
  Write(true, {5, 6});
  EXPECT_EQ(Lines().size(), 3u);
}

TEST_F(FileExporterTest, ABatchThatIsNoOtlpIsCountedAndTheNextOneIsWritten) {
  config::FileExporterConfig config;
  config.id = Id("file");
  config.path = path_;
  auto exporter = MakeExporter(config, {}, logger_);
  ASSERT_TRUE((*exporter)->Start().ok());
  (*exporter)->Offer({std::make_shared<const std::string>("\x0A\xFFgarbage"), 7, 1});
  (*exporter)->Offer(TestBatch(1, 2));
  (*exporter)->Stop(testing::In(std::chrono::seconds(20)));
  EXPECT_EQ(testing::Dropped((*exporter)->Stats(), DropReason::kWriteFailed), 7u);
  EXPECT_EQ((*exporter)->Stats().forwarded_spans, 2u);
  EXPECT_EQ(Lines().size(), 1u);
}

TEST_F(FileExporterTest, ADiskThatIsFullIsCountedNotFatal) {
  config::FileExporterConfig config;
  config.id = Id("file");
  config.path = "/dev/full";
  auto exporter = MakeExporter(config, {}, logger_);
  ASSERT_TRUE((*exporter)->Start().ok());
  (*exporter)->Offer(TestBatch(1, 5));
  (*exporter)->Stop(testing::In(std::chrono::seconds(20)));
  EXPECT_EQ(testing::Dropped((*exporter)->Stats(), DropReason::kWriteFailed), 5u);
  EXPECT_FALSE((*exporter)->Stats().last_error.empty());
}

TEST_F(FileExporterTest, AFolderThatCannotBeMadeStopsTheStartWithItsName) {
  config::FileExporterConfig config;
  config.id = Id("file");
  config.path = "/proc/no/such/kept.jsonl";
  auto exporter = MakeExporter(config, {}, logger_);
  const absl::Status status = (*exporter)->Start();
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.message().find("/proc/no"), absl::string_view::npos) << status;
}

TEST(DebugExporterTest, NormalShowsTheTraceAsATree) {
  testing::RecordingLogger logger;
  auto exporter = MakeExporter(Debug(config::Verbosity::kNormal), {}, logger);
  ASSERT_TRUE((*exporter)->Start().ok());
  (*exporter)->Offer(TestBatch(1, 2));
  (*exporter)->Stop(testing::In(std::chrono::seconds(20)));
  EXPECT_EQ(logger.Count("cart"), 1u);
  EXPECT_EQ(logger.Count("GET /"), 1u);
  EXPECT_EQ(logger.Count("2 spans"), 1u);
}

}  // namespace
}  // namespace tailrace
