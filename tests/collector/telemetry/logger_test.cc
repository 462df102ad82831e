#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "collector/telemetry/json_text.h"
#include "collector/telemetry/log.h"

namespace tailrace {
namespace {

using ::testing::ContainsRegex;
using ::testing::internal::CaptureStderr;
using ::testing::internal::GetCapturedStderr;

#define TIME "20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]\\.[0-9][0-9][0-9]Z"

std::string Logged(const char* level, const char* encoding, const std::function<void(Logger&)>& write) {
  CaptureStderr();
  write(*MakeLogger({.level = level, .encoding = encoding}));
  return GetCapturedStderr();
}

TEST(Logger, ConsoleIsTabSeparatedWithFieldsAsJson) {
  const std::string text = Logged("info", "console", [](Logger& log) {
    log.Info("service", "Everything is ready", {{"shards", "2"}, {"config", "a \"b\""}});
    log.Warn("otlp", "no fields");
  });
  EXPECT_THAT(text,
              ContainsRegex("^" TIME "\tinfo\tservice\tEverything is ready\t\\{\"shards\": \"2\", \"config\": \"a "
                            "\\\\\"b\\\\\"\"\\}\n" TIME "\twarn\totlp\tno fields\n$"));
}

TEST(Logger, JsonIsOneObjectALine) {
  const std::string text = Logged("info", "json", [](Logger& log) {
    log.Error("otlp/jaeger", "gave up", {{"error", "a\nb"}});
  });
  EXPECT_THAT(text, ContainsRegex("^\\{\"level\":\"error\",\"ts\":\"" TIME
                                  "\",\"component\":\"otlp/jaeger\",\"msg\":\"gave up\",\"error\":\"a\\\\nb\"\\}\n$"));
}

TEST(Logger, LevelFilters) {
  const auto all = [](Logger& log) {
    log.Debug("c", "one");
    log.Info("c", "two");
    log.Warn("c", "three");
    log.Error("c", "four");
  };
  const auto lines = [&](const char* level) {
    const std::string text = Logged(level, "console", all);
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_EQ(lines("debug"), 4);
  EXPECT_EQ(lines("info"), 3);
  EXPECT_EQ(lines("warn"), 2);
  EXPECT_EQ(lines("error"), 1);
}

TEST(Logger, TextFromOutsideCannotMakeALineOrAFormat) {
  const std::string text = Logged("info", "console", [](Logger& log) {
    log.Info("service", "a\nfaked\tline {} %v \x1b[31m", {{"k", "v\n"}});
  });
  EXPECT_THAT(text, ContainsRegex("\tinfo\tservice\ta\n    faked\\\\tline \\{\\} %v \\\\u001b\\[31m\t\\{\"k\": "
                                  "\"v\\\\n\"\\}\n$"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(Logger, ThreadsKeepTheirLinesWhole) {
  const std::string body(300, 'x');
  const std::string text = Logged("info", "console", [&](Logger& log) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < 50; ++j) log.Info("service", body);
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  size_t whole = 0;
  for (size_t at = text.find(body + "\n"); at != std::string::npos; at = text.find(body + "\n", at + 1)) ++whole;
  EXPECT_EQ(whole, 200u);
}

TEST(JsonQuote, EscapesWhatJsonMust) {
  EXPECT_EQ(JsonQuote(""), "\"\"");
  EXPECT_EQ(JsonQuote("a\"\\/b"), "\"a\\\"\\\\/b\"");
  EXPECT_EQ(JsonQuote(std::string_view("\0\x1f\x7f\n\r\t", 6)), "\"\\u0000\\u001f\\u007f\\n\\r\\t\"");
}

TEST(JsonQuote, KeepsUtf8AndReplacesWhatIsNot) {
  EXPECT_EQ(JsonQuote("é€😀"), "\"é€😀\"");
  EXPECT_EQ(JsonQuote("a\xff"
                      "b"),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(JsonQuote("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"") << "overlong";
  EXPECT_EQ(JsonQuote("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"") << "surrogate";
  EXPECT_EQ(JsonQuote("\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"") << "cut off";
  EXPECT_EQ(JsonQuote("\xF5\x80\x80\x80").size(), 2u + 4 * 3) << "above U+10FFFF";
}

}  // namespace
}  // namespace tailrace
