#include "collector/exporters/debug_exporter.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/collector/exporters/test_batch.h"
#include "tests/support/recording_logger.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: builders and helpers
using namespace std::chrono_literals;

std::vector<RecordingLogger::Record> Log(config::Verbosity verbosity) {
  RecordingLogger logger;
  SystemClock clock;
  config::DebugExporterConfig config;
  config.id.text = "debug/x";
  config.verbosity = verbosity;
  auto exporter = MakeDebugExporter(config, logger, clock);
  EXPECT_TRUE(exporter->Start().ok());
  exporter->Offer(TestBatch(1, 2));
  exporter->Offer(TestBatch(2, 3));
  exporter->Stop(In(30s));
  EXPECT_EQ(exporter->Stats().forwarded_spans, 5u);
  return logger.records();
}

TEST(DebugExporter, BasicIsALineABatch) {
  const auto records = Log(config::Verbosity::kBasic);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1].component, "debug/x");
  EXPECT_EQ(records[1].message, "Traces");
  EXPECT_EQ(records[1].Field("traces"), "1");
  EXPECT_EQ(records[1].Field("spans"), "3");
}

TEST(DebugExporter, NormalIsARecordATrace) {
  const auto records = Log(config::Verbosity::kNormal);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].message.rfind("cart  GET /  ", 0), 0u) << records[0].message;
}

TEST(DebugExporter, DetailedHasEverything) {
  const auto records = Log(config::Verbosity::kDetailed);
  ASSERT_EQ(records.size(), 4u);
  EXPECT_NE(records[1].message.find("service.name: Str(cart)"), std::string::npos) << records[1].message;
}

}  // namespace
}  // namespace tailrace
