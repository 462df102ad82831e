#include "collector/cli/top_text.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "base/printable.h"

namespace tailrace {
namespace {

TopSample Sample(double at_s, uint64_t factor) {
  TopSample sample;
  sample.at_s = at_s;
  sample.status = {.version = "0.1.0", .instance = "host", .state = "ready", .uptime_s = 61, .shards = 2};
  sample.status.accepted_spans = 2'000 * factor;
  sample.status.cpu_seconds = static_cast<double>(factor);
  sample.status.memory = {.budget_bytes = 1u << 30, .rss_bytes = 1u << 28};
  sample.flow.pipelines = {{.id = "traces",
                            .in_table_traces = 42,
                            .sampled_traces = 10 * factor,
                            .not_sampled_traces = 90 * factor,
                            .lag_p50_ms = 1,
                            .lag_p99_ms = 8}};
  sample.flow.exporters = {{.id = "otlp", .state = "healthy", .forwarded_spans = 200 * factor}};
  sample.policies = {{.processor = "t",
                      .name = "errors",
                      .type = "status_code",
                      .sampled = 5 * factor,
                      .not_sampled = 95 * factor,
                      .cpu_ms = 10.0 * static_cast<double>(factor)}};
  return sample;
}

std::string Text(const TopSample& before, const TopSample& now, const TopSpace& space = {.rows = 100}) {
  return absl::StrJoin(TopLines(before, now, space), "\n") + "\n";
}

TEST(TopText, RatesAreOfTheTimeBetween) {
  const std::string text = Text(Sample(10, 1), Sample(12, 2));
  EXPECT_TRUE(absl::StrContains(text, "spans/s in 1k  out 100  refused 0  dropped 0\n")) << text;
  EXPECT_TRUE(absl::StrContains(text, "traces open 42  kept 10%  lag p50 1.0ms p99 8.0ms\n")) << text;
  EXPECT_TRUE(absl::StrContains(text, "memory 256 MiB of 1 GiB (25%)")) << text;
  EXPECT_TRUE(absl::StrContains(text, "cpu 50%\n")) << text;
  EXPECT_TRUE(absl::StrContains(text, "residual 0\n")) << text;
  EXPECT_TRUE(absl::StrContains(text, "errors  status_code       50      2.5     5%       0  0.5%\n")) << text;
  EXPECT_TRUE(absl::StrContains(text, "otlp      healthy      100          0       0    0%\n")) << text;
}

TEST(TopText, ADaemonThatBeganAnewHasNoRates) {
  EXPECT_TRUE(absl::StrContains(Text(Sample(10, 5), Sample(12, 1)), "spans/s in -  out -"));
}

TEST(TopText, MissingSpansAreSaid) {
  TopSample now = Sample(12, 2);
  now.status.residual_spans = -4;
  EXPECT_TRUE(absl::StrContains(Text(Sample(10, 1), now), "residual -4: spans are missing!"));
}

TEST(TopText, OperationsStandByCost) {
  TopSample now = Sample(12, 2);
  now.baselines = {.window_s = 300,
                   .rows = {{.service = "s", .operation = "cheap", .calls = 300, .total_ms = 25},
                            {.service = "s", .operation = "dear", .calls = 3, .errors = 3, .total_ms = 75}}};
  const std::string text = Text(Sample(10, 1), now);
  EXPECT_LT(text.find("dear"), text.find("cheap"));
  EXPECT_TRUE(absl::StrContains(text, "75%"));
}

TEST(TopText, FitsEveryTerminal) {
  TopSample now = Sample(12, 2);
  now.baselines.emplace();
  for (int i = 0; i < 100; ++i) {
    now.policies.push_back({.name = std::string(500, 'p'), .type = "\x1b[2J"});
    now.flow.exporters.push_back({.id = "\n\n", .last_error = std::string(10'000, '\x9b')});
    now.baselines->rows.push_back({.service = "注文注文注文注文注文", .operation = "\u202e"});
  }
  for (size_t columns = 20; columns < 240; columns += 11) {
    for (size_t rows = 0; rows < 60; rows += 7) {
      const auto lines = TopLines(Sample(10, 1), now, {.columns = columns, .rows = rows});
      ASSERT_LE(lines.size(), rows);
      for (const std::string& line : lines) {
        ASSERT_LE(DisplayWidth(line), columns) << line;
        ASSERT_EQ(line.find_first_of("\x1b\n"), std::string::npos);
      }
    }
  }
  const std::string tall = Text(Sample(10, 1), now, {.columns = 120, .rows = 40});
  for (const char* title : {"POLICY", "EXPORTER", "SERVICE"}) EXPECT_TRUE(absl::StrContains(tall, title)) << title;
}

TEST(TopText, OneLineForAPipe) {
  const std::string line = TopLine(Sample(10, 1), Sample(12, 2));
  EXPECT_TRUE(absl::StrContains(line, "spans/s in 1k out 100")) << line;
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace tailrace
