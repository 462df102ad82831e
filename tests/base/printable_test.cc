#include "base/printable.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace tailrace {
namespace {

std::string Printable(std::string_view text) {
  std::string out;
  AppendPrintable(text, &out);
  return out;
}

TEST(Printable, OrdinaryTextOfAnyScriptPasses) {
  for (const std::string text : {"GET /cart", "Größe", "заказ", "注文", "\U0001F600", "e\u0301"}) {
    EXPECT_EQ(Printable(text), text);
  }
}

TEST(Printable, NothingReachesATerminalThatItWouldObey) {
  EXPECT_EQ(Printable("a\x1b[2J\r\n\t\x7f"), "a\\x1b[2J\\x0d\\x0a\\x09\\x7f");
  EXPECT_EQ(Printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(Printable("\u009b2J"), "\\u009b2J") << "the one-character form of ESC [";
  EXPECT_EQ(Printable("\x9b"
                      "2J"),
            "\\x9b"
            "2J")
      << "and the same as a bare byte";
}

TEST(Printable, NothingReordersOrHidesItsNeighbours) {
  EXPECT_EQ(Printable("abc\u202egpj.exe"), "abc\\u202egpj.exe");
  EXPECT_EQ(Printable("a\u2066b\u200bc\ufeffd\u2028"), "a\\u2066b\\u200bc\\ufeffd\\u2028");
  EXPECT_EQ(Printable("\U000E0041"), "\\U000e0041");
}

TEST(Printable, WhatIsNoUtf8IsShownByteByByte) {
  EXPECT_EQ(Printable("\xc0\xaf"), "\\xc0\\xaf");                      // overlong
  EXPECT_EQ(Printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");             // a surrogate
  EXPECT_EQ(Printable("\xf4\x90\x80\x80x"), "\\xf4\\x90\\x80\\x80x");  // above U+10FFFF
  EXPECT_EQ(Printable("\xe2\x82"), "\\xe2\\x82");                      // cut short
}

TEST(Printable, AnyBytesBecomeValidUtf8WithoutControls) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string in = {static_cast<char>(first), static_cast<char>(second), '\x9b'};
      const std::string out = Printable(in);
      for (std::string_view rest = out; !rest.empty();) {
        const size_t length = Utf8Length(rest);
        ASSERT_GT(length, 0u);
        const char32_t character = Utf8Character(rest, length);
        ASSERT_TRUE(character >= 0x20 && (character < 0x7F || character > 0x9F)) << first << " " << second;
        rest.remove_prefix(length);
      }
    }
  }
}

TEST(Printable, WidthIsInColumns) {
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("é"), 1u);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1u);
  EXPECT_EQ(DisplayWidth("注文"), 4u);
}

TEST(Printable, FitsWhatIsTooLong) {
  EXPECT_EQ(FitPrintable("checkout", 8), "checkout");
  EXPECT_EQ(FitPrintable("checkout", 5), "chec…");
  EXPECT_EQ(FitPrintable("注文注文", 5), "注文…");
  EXPECT_EQ(FitPrintable("注文注文", 4), "注…");
  EXPECT_EQ(FitPrintable("x", 0), "");
  EXPECT_EQ(FitPrintable("\x1b\x1b\x1b", 4), "…") << "never half an escape";
  EXPECT_EQ(FitPrintable("", 3), "");
}

TEST(Printable, AMegabyteOfCombiningMarksIsCutToo) {
  std::string marks = "a";
  for (int i = 0; i < 500'000; ++i) marks += "\u0301";
  EXPECT_LT(FitPrintable(marks, 10).size(), 100u);
}

}  // namespace
}  // namespace tailrace
