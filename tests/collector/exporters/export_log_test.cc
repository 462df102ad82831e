// A trouble is logged when it begins, then every ten seconds with what it cost, then when it is over.
#include "collector/exporters/export_log.h"

#include "gtest/gtest.h"
#include "tests/support/manual_clock.h"
#include "tests/support/recording_logger.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: helpers
using namespace std::chrono_literals;

class ExportLogTest : public ::testing::Test {
 protected:
  void Drop(uint64_t spans) {
    log_.Attempt({.outcome = SendResult::Outcome::kDropped, .error = "disk full"},
                 {SendVerdict::Fate::kDropped, DropReason::kWriteFailed}, spans);
  }
  void Forward() { log_.Attempt({}, {SendVerdict::Fate::kForwarded}, 1); }

  ManualClock clock_;
  RecordingLogger logger_;
  ExportLog log_{"file/x", logger_, clock_};
};

TEST_F(ExportLogTest, OncePerChangeOfStateAndThenAtMostEachTenSeconds) {
  for (int i = 0; i < 100; ++i) Drop(2);
  ASSERT_EQ(logger_.records().size(), 1u);
  EXPECT_EQ(logger_.records()[0].component, "file/x");
  EXPECT_EQ(logger_.records()[0].level, LogLevel::kError);
  EXPECT_EQ(logger_.records()[0].Field("error"), "disk full");
  EXPECT_EQ(logger_.records()[0].Field("spans"), "2");
  clock_.Advance(10s);
  Drop(2);
  ASSERT_EQ(logger_.records().size(), 2u);
  EXPECT_EQ(logger_.records()[1].Field("spans"), "200") << "those of the records that were left out";
}

TEST_F(ExportLogTest, TheEndIsLoggedOnce) {
  Forward();
  EXPECT_TRUE(logger_.records().empty());
  Drop(1);
  Forward();
  Forward();
  EXPECT_EQ(logger_.Count("works again"), 1u);
  Drop(1);
  EXPECT_EQ(logger_.records().size(), 3u);
}

TEST_F(ExportLogTest, AQueueThatFlickersIsRateLimitedToo) {
  for (int i = 0; i < 100; ++i) {
    log_.QueueFull(1);
    Forward();
  }
  EXPECT_EQ(logger_.Count("queue is full"), 1u);
}

TEST_F(ExportLogTest, StoppedSpeaksOnlyOfLosses) {
  log_.Stopped(0);
  EXPECT_TRUE(logger_.records().empty());
  log_.Stopped(3);
  EXPECT_EQ(logger_.records()[0].Field("spans"), "3");
}

}  // namespace
}  // namespace tailrace
