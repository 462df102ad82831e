#include "collector/terminal/waterfall_text.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/printable.h"

namespace tailrace {
namespace {

constexpr uint64_t kMs = 1'000'000;

std::vector<WaterfallSpan> Shop() {
  return {{.id = "1", .service = "checkout", .name = "POST /cart", .kind = 2, .end_ns = 1000 * kMs, .error = true},
          {.id = "2", .parent_id = "1", .service = "checkout", .name = "parse", .end_ns = 35'000},
          {.id = "3",
           .parent_id = "1",
           .service = "payment",
           .name = "Charge",
           .kind = 2,
           .start_ns = 200 * kMs,
           .end_ns = 900 * kMs,
           .error = true,
           .status_message = "timed out"}};
}

std::string Text(const std::vector<WaterfallSpan>& spans, const WaterfallStyle& style) {
  return WaterfallText(spans, LayOut(spans), style);
}

TEST(WaterfallText, AWholeTrace) {
  EXPECT_EQ(Text(Shop(), {.columns = 64, .unicode = false}),
            " ! POST /cart  checkout         1.00s  =========================\n"
            "     parse  checkout             35us  |\n"
            "*!   Charge  payment          700.0ms       ==================\n"
            "bottleneck: Charge in payment, by itself 700.0ms of 1.00s (70%)\n"
            "error: 'timed out' at Charge in payment\n");
}

TEST(WaterfallText, ColourAddsNothingButColour) {
  std::string colored = Text(Shop(), {.columns = 80, .color = true});
  EXPECT_NE(colored.find("\x1b[31m"), std::string::npos);
  for (size_t at; (at = colored.find('\x1b')) != std::string::npos;) colored.erase(at, colored.find('m', at) + 1 - at);
  EXPECT_EQ(colored, Text(Shop(), {.columns = 80}));
}

TEST(WaterfallText, RowsFitTheTerminalWhateverTheNames) {
  std::vector<WaterfallSpan> spans = Shop();
  const std::string name(1 << 20, 'x');
  const std::string wide = "注文注文注文注文注文注文注文注文注文注文注文注文注文注文注文注文";
  spans[0].name = name;
  spans[1].service = name;
  spans[2].name = spans[2].service = wide;
  for (size_t columns = 20; columns <= 200; columns += 3) {
    std::istringstream lines(Text(spans, {.columns = columns}));
    std::string line;
    for (int row = 0; row < 3 && std::getline(lines, line); ++row) EXPECT_LE(DisplayWidth(line), columns) << line;
  }
}

TEST(WaterfallText, NothingOfAStrangerMovesTheCursor) {
  std::vector<WaterfallSpan> spans = Shop();
  const std::string hostile =
      "\x1b]0;owned\x07\x9b"
      "2J\r\n\u202e";
  for (WaterfallSpan& span : spans) span.name = span.service = span.status_message = hostile;
  for (const char c : Text(spans, {.columns = 80})) EXPECT_TRUE(c == '\n' || static_cast<uint8_t>(c) >= ' ');
  EXPECT_EQ(Text(spans, {.columns = 80}).find("\u202e"), std::string::npos);
}

TEST(WaterfallText, LongTracesAreCut) {
  std::vector<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.push_back(std::to_string(i));
  std::vector<WaterfallSpan> spans;
  for (int i = 0; i < 1000; ++i)
    spans.push_back({.id = ids[i], .parent_id = i == 0 ? "" : std::string_view(ids[i - 1])});
  const std::string text = Text(spans, {.columns = 80, .rows_max = 50});
  EXPECT_NE(text.find("... and 950 more spans"), std::string::npos);
  EXPECT_LT(text.size(), 20'000u);
}

TEST(WaterfallText, SaysThatClocksDiffer) {
  const std::vector<WaterfallSpan> spans = {
      {.id = "1", .name = "call", .kind = 3, .start_ns = 0, .end_ns = 100},
      {.id = "2", .parent_id = "1", .name = "serve", .kind = 2, .start_ns = 5000, .end_ns = 5050}};
  EXPECT_NE(Text(spans, {.columns = 80}).find("clocks differ: 1 span is shown"), std::string::npos);
}

}  // namespace
}  // namespace tailrace
