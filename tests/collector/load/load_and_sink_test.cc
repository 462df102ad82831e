// The generator against the sink over loopback, and against servers that are not there or are something else.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <thread>

#include "collector/load/load_report.h"
#include "collector/load/load_worker.h"
#include "collector/load/sink.h"

namespace tailrace {
namespace {

class RunningSink {
 public:
  explicit RunningSink(SinkOptions options = {}) : sink_(Loopback(options)) {
    const absl::Status status = sink_.Start();
    EXPECT_TRUE(status.ok()) << status;
    thread_ = std::thread([this] { sink_.Run(/*signals=*/false); });
  }
  ~RunningSink() { Stop(); }
  void Stop() {
    sink_.Stop();
    if (thread_.joinable()) thread_.join();
  }
  std::string port() const { return std::to_string(sink_.ports().front()); }
  Sink& sink() { return sink_; }

 private:
  static SinkOptions Loopback(SinkOptions options) {
    options.listen = {"127.0.0.1:0"};
    return options;
  }
  Sink sink_;
  std::thread thread_;
};

LoadOptions Options(const std::string& port) {
  LoadOptions options;
  options.port = port;
  options.duration_s = 0;
  options.traces = 2000;
  options.timeout_s = 20;
  options.shape.seed = 11;
  return options;
}

LoadTotals Send(const LoadOptions& options) {
  const SystemClock clock;
  LoadWorker worker(options, 0, &clock);
  absl::Status status = worker.Start();
  EXPECT_TRUE(status.ok()) << status;
  if (!status.ok()) return {};
  status = worker.Run();
  EXPECT_TRUE(status.ok()) << status;
  return Sum({&worker.counters()});
}

struct Way {
  LoadProtocol protocol;
  LoadCompression compression;
  bool interleave;
};

class EveryWay : public testing::TestWithParam<Way> {};

TEST_P(EveryWay, AllTracesArriveWholeAndOnce) {
  RunningSink sink;
  LoadOptions options = Options(sink.port());
  options.protocol = GetParam().protocol;
  options.compression = GetParam().compression;
  options.shape.interleave = GetParam().interleave;
  options.shape.error_share = 0.05;
  options.shape.slow_share = 0.05;
  const LoadTotals totals = Send(options);
  sink.Stop();
  const CensusReport report = sink.sink().report();
  EXPECT_EQ(totals.acknowledged_spans, 40'000u);
  EXPECT_EQ(totals.sent_spans, 40'000u);
  EXPECT_EQ(report.spans, 40'000u);
  EXPECT_EQ(report.foreign_spans, 0u);
  for (size_t i = 0; i < kTraceClasses; ++i) {
    EXPECT_GT(totals.whole_traces[i], 0u) << kTraceClassNames[i];
    EXPECT_EQ(report.classes[i].whole, totals.whole_traces[i]) << kTraceClassNames[i];
    EXPECT_EQ(report.classes[i].broken, 0u);
    EXPECT_EQ(report.classes[i].doubled, 0u);
  }
  EXPECT_GT(LatencyMs(totals.latency, LatencyCounts{}, 0.99), 0);
}

INSTANTIATE_TEST_SUITE_P(LoadAndSink, EveryWay,
                         testing::Values(Way{LoadProtocol::kGrpc, LoadCompression::kNone, false},
                                         Way{LoadProtocol::kGrpc, LoadCompression::kNone, true},
                                         Way{LoadProtocol::kGrpc, LoadCompression::kGzip, true},
                                         Way{LoadProtocol::kGrpc, LoadCompression::kZstd, true},
                                         Way{LoadProtocol::kHttp1, LoadCompression::kNone, false},
                                         Way{LoadProtocol::kHttp1, LoadCompression::kGzip, true},
                                         Way{LoadProtocol::kHttp2, LoadCompression::kNone, false},
                                         Way{LoadProtocol::kHttp2, LoadCompression::kZstd, false}));

TEST(LoadAndSink, RefusalsAreCountedAndWithRetryEverythingArrives) {
  RunningSink sink({.fail_share = 0.2});
  LoadOptions options = Options(sink.port());
  LoadTotals totals = Send(options);
  EXPECT_EQ(totals.refused_requests, 80u);
  EXPECT_EQ(totals.acknowledged_requests, 320u);
  EXPECT_EQ(totals.whole_traces[0] + totals.whole_traces[1] + totals.whole_traces[2], 1600u);
  options.retry_s = 60;
  options.shape.seed = 12;
  totals = Send(options);
  EXPECT_EQ(totals.acknowledged_requests, 400u);
  EXPECT_EQ(totals.retries, totals.refused_requests);
  EXPECT_GE(totals.retries, 80u);
  sink.Stop();
  EXPECT_EQ(sink.sink().report().spans, 32'000u + 40'000u);
}

TEST(LoadAndSink, TheSameSeedTwiceIsSeenAsDoubled) {
  RunningSink sink;
  Send(Options(sink.port()));
  Send(Options(sink.port()));
  sink.Stop();
  uint64_t doubled = 0;
  for (const CensusReport::Class& c : sink.sink().report().classes) {
    EXPECT_EQ(c.whole + c.broken, 0u);
    doubled += c.doubled;
  }
  EXPECT_EQ(doubled, 2000u);
}

TEST(LoadAndSink, NoServerIsAnErrorThatSaysSo) {
  std::string port;
  {
    RunningSink sink;
    port = sink.port();
  }
  const SystemClock clock;
  LoadWorker worker(Options(port), 0, &clock);
  const absl::Status status = worker.Start();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(std::string(status.message()).find("127.0.0.1:" + port), std::string::npos) << status;
}

TEST(LoadAndSink, TheSinkNamesAnAddressThatIsTaken) {
  RunningSink first;
  Sink second({.listen = {"127.0.0.1:" + first.port()}});
  const absl::Status status = second.Start();
  EXPECT_FALSE(status.ok());
  EXPECT_NE(std::string(status.message()).find(first.port()), std::string::npos) << status;
  Sink third({.listen = {"nonsense"}});
  EXPECT_FALSE(third.Start().ok());
}

}  // namespace
}  // namespace tailrace
