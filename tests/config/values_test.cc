// The dialect's scalars and endpoints.
#include "config/values.h"

#include <gtest/gtest.h>

#include "config/components.h"
#include "config/did_you_mean.h"
#include "config/endpoint.h"
#include "config/report.h"

namespace tailrace::config {
namespace {

TEST(DurationTest, ReadsWhatGoReads) {
  const std::pair<const char*, int64_t> cases[] = {{"0", 0},
                                                   {"1ns", 1},
                                                   {"300ms", 300'000'000},
                                                   {"1.5h", 5'400'000'000'000},
                                                   {"+5s", 5'000'000'000},
                                                   {"2h45m", 9'900'000'000'000},
                                                   {"1us", 1000},
                                                   {"1\xc2\xb5s", 1000},
                                                   {".5s", 500'000'000},
                                                   {"1.s", 1'000'000'000},
                                                   {"-1s", -1'000'000'000},
                                                   {"0.0000000001s", 0}};
  for (const auto& [text, ns] : cases) {
    ASSERT_TRUE(ParseDuration(text).ok()) << text;
    EXPECT_EQ(ParseDuration(text)->count(), ns) << text;
  }
}

TEST(DurationTest, RefusesTheRest) {
  for (const char* text : {"", "10", "1e400", "s", ".s", "1x", "1 s", "--1s", "3000000h", "99999999999999999999s",
                           "1s2", "nan", "1S", "0x1s", "9223372036854775808ns"}) {
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
  }
}

TEST(DurationTest, PrintsWhatItReadsBack) {
  for (const int64_t ns : {int64_t{0}, int64_t{1}, int64_t{1500}, int64_t{1'500'000}, int64_t{1'500'000'000},
                           int64_t{90'000'000'000}, int64_t{5'400'000'000'000}, int64_t{3'661'000'000'000}}) {
    EXPECT_EQ(ParseDuration(FormatDuration(Duration(ns)))->count(), ns) << FormatDuration(Duration(ns));
  }
  EXPECT_EQ(FormatDuration(std::chrono::minutes(90)), "1h30m");
}

TEST(IntegerTest, Forms) {
  absl::int128 value = 0;
  const std::pair<const char*, int64_t> cases[] = {{"10", 10},  {"-7", -7},  {"0x1F", 31},    {"0o17", 15},
                                                   {"017", 15}, {"0b11", 3}, {"1_000", 1000}, {"0", 0}};
  for (const auto& [text, expected] : cases) {
    ASSERT_TRUE(ParseInteger(text, &value)) << text;
    EXPECT_TRUE(value == expected) << text;
  }
  for (const char* text : {"", "1.0", "1e3", "x", "08", "18446744073709551616", "-", "_", "0x", " 1"}) {
    EXPECT_FALSE(ParseInteger(text, &value)) << text;
  }
}

TEST(NumberTest, FiniteOnly) {
  double value = 0;
  ASSERT_TRUE(ParseNumber("33.333", &value));
  EXPECT_EQ(value, 33.333);
  EXPECT_EQ(FormatNumber(33.333), "33.333");
  EXPECT_EQ(FormatNumber(1), "1");
  for (const char* text : {"", "nan", ".nan", "inf", "-inf", "1e400", "1x", "."})
    EXPECT_FALSE(ParseNumber(text, &value)) << text;
}

TEST(EndpointTest, Forms) {
  EXPECT_EQ(ParseHostPort("localhost:4317")->host, "localhost");
  EXPECT_EQ(ParseHostPort("[::1]:4317")->host, "::1");
  EXPECT_EQ(ParseHostPort(":4317")->host, "");
  EXPECT_EQ(ParseHostPort("0.0.0.0:0")->port, 0);
  EXPECT_EQ(JoinHostPort("::1", 5), "[::1]:5");
  for (const char* text :
       {"", "localhost", "[::1]", "::1:4317", "h:", "h:x", "h:-1", "h:65536", "[::1:4317", "a b:1", "h/x:1"}) {
    EXPECT_FALSE(ParseHostPort(text).ok()) << text;
  }
}

TEST(EndpointTest, DialTargets) {
  EXPECT_EQ(ParseDialTarget("http://h:1/")->endpoint, "h:1");
  EXPECT_EQ(ParseDialTarget("http://h:1")->scheme, DialTarget::Scheme::kHttp);
  EXPECT_EQ(ParseDialTarget("https://h:1")->scheme, DialTarget::Scheme::kHttps);
  EXPECT_EQ(ParseDialTarget("dns:///h:1")->endpoint, "h:1");
  EXPECT_EQ(ParseDialTarget("unix:///run/otlp.sock")->endpoint, "unix:///run/otlp.sock");
  EXPECT_EQ(ParseDialTarget("[::1]:1")->endpoint, "[::1]:1");
  for (const char* text : {"h", ":1", "h:0", "ftp://h:1", "unix:", "http://h"})
    EXPECT_FALSE(ParseDialTarget(text).ok()) << text;
}

TEST(SuggestionTest, NearestOnly) {
  EXPECT_EQ(DidYouMean("policy", {"policies", "tail_storage"}), "; did you mean \"policies\"?");
  EXPECT_EQ(DidYouMean("zzz", {"policies"}), "");
  EXPECT_EQ(DidYouMean("x", {"a", "b"}), "");
}

TEST(ComponentIdTest, Forms) {
  EXPECT_EQ(ParseComponentId(" otlp / a ")->text, "otlp/a");
  EXPECT_EQ(ParseComponentId("otlp/a/b")->name, "a/b");
  for (const char* text : {"", "/", "otlp/", "/x", "1a", "a-b", "a/b c", "a/$"})
    EXPECT_FALSE(ParseComponentId(text).ok()) << text;
  EXPECT_EQ(CanonicalType(Section::kExporters, "logging"), "debug");
}

}  // namespace
}  // namespace tailrace::config
