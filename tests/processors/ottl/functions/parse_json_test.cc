#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::string_literals;

// Of a span whose attribute "x" is `text`; J in the condition is its parsed value.
std::string AskOf(const std::string& text, std::string condition) {
  Scene scene;
  testing::OtlpSpan more(0xABCD, 7, "x");
  more.Attribute("x", testing::StringValue(text));
  scene.span += more.Bytes();
  for (size_t at; (at = condition.find('J')) != std::string::npos;) {
    condition.replace(at, 1, "Parse\1SON(attributes[\"x\"])");
  }
  for (char& c : condition) c = c == '\1' ? 'J' : c;
  return scene.Ask(condition);
}

std::string Repeat(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(ParseJson, Values) {
  EXPECT_EQ(AskOf(R"({"a": {"b": [1, "x", true, null]}})", "J[\"a\"][\"b\"][0] == 1.0"), "yes");
  EXPECT_EQ(AskOf(R"({"a": {"b": [1, "x", true, null]}})", "J[\"a\"][\"b\"][1] == \"x\""), "yes");
  EXPECT_EQ(AskOf(R"([true, false, null])", "J[0] == true and J[1] == false and J[2] == nil"), "yes");
  EXPECT_EQ(AskOf(" \t\r\n[ ] ", "Len(J) == 0"), "yes");
  EXPECT_EQ(AskOf("{}", "Len(J) == 0 and IsMap(J)"), "yes");
  EXPECT_EQ(AskOf("[{}]", "IsList(J) and IsMap(J[0])"), "yes");
}

TEST(ParseJson, NumbersAreFloats) {
  EXPECT_EQ(AskOf("[5]", "IsDouble(J[0]) and not IsInt(J[0])"), "yes");
  EXPECT_EQ(AskOf("[-1.5e2, 1E-2, 9007199254740993]", "J[0] == -150.0 and J[1] == 0.01 and J[2] == 9007199254740992.0"),
            "yes");
  EXPECT_EQ(AskOf("[1e-999]", "J[0] == 0.0"), "yes");
  EXPECT_THAT(AskOf("[1e999]", "J[0] == 0.0"), StartsWith("error:"));
}

// The Collector's decoder takes all of these, though JSON does not.
TEST(ParseJson, LaxAsTheCollector) {
  EXPECT_EQ(AskOf("[01, 1., -.5, -01]", "J[0] == 1.0 and J[1] == 1.0 and J[2] == -0.5 and J[3] == -1.0"), "yes");
  EXPECT_EQ(AskOf("{\"a\nb\": \"c\td\"}", "J[\"a\\nb\"] == \"c\\td\""), "yes");
  EXPECT_EQ(AskOf("{null: 1}", "J[\"\"] == 1.0"), "yes");
  EXPECT_EQ(AskOf("[1]\0 whatever"s, "J[0] == 1.0"), "yes");
}

TEST(ParseJson, KeysInTheirOrderAndOfTwoTheLast) {
  EXPECT_EQ(AskOf(R"({"z": 1, "a": 2, "z": 3})", "Keys(J) == [\"z\", \"a\"] and J[\"z\"] == 3.0"), "yes");
}

TEST(ParseJson, Escapes) {
  EXPECT_EQ(AskOf(R"(["\u0041\u00e9\n\"\\\/"])", "J[0] == \"Aé\\n\\\"\\\\/\""), "yes");
  EXPECT_EQ(AskOf(R"(["\ud83d\ude00"])", "J[0] == \"😀\""), "yes");
  // Half a pair is U+FFFD; what follows it stays.
  EXPECT_EQ(AskOf(R"(["\ud83d\u0041"])", "J[0] == \"\uFFFDA\""), "yes");
  EXPECT_EQ(AskOf(R"(["\ude00x"])", "J[0] == \"\uFFFDx\""), "yes");
  EXPECT_EQ(AskOf(R"({"\u0061": 1})", "J[\"a\"] == 1.0"), "yes");
  EXPECT_EQ(AskOf(R"(["\u0000"])", "Hex(J[0]) == \"00\""), "yes");
}

TEST(ParseJson, BrokenUtf8StaysAsItIs) {
  EXPECT_EQ(AskOf("[\"a\xff\xc3\"]", "Hex(J[0]) == \"61ffc3\""), "yes");
  EXPECT_EQ(AskOf("[\"\\n\xed\xa0\x80\"]", "Hex(J[0]) == \"0aeda080\""), "yes");
}

TEST(ParseJson, WhatIsNone) {
  const std::string texts[] = {"",
                               " ",
                               "{",
                               "[",
                               "}",
                               "[1",
                               "[1,]",
                               "[,1]",
                               "[1 2]",
                               "{\"a\"}",
                               "{a:1}",
                               "{\"a\":}",
                               "{'a':1}",
                               "{\"a\":1,}",
                               "[tru]",
                               "[truex]",
                               "[-]",
                               "[+1]",
                               "[.5]",
                               "[1e]",
                               "[0x1]",
                               "[NaN]",
                               "[1]x",
                               "[1][2]",
                               "[\"a",
                               "[\"\\",
                               "[\"\\u0",
                               "[\"\\x\"]",
                               "[\"\\uzzzz\"]",
                               "[\"a\0\"]"s,
                               "[1\0]"s,
                               "[1.2.3]",
                               "[1-2]",
                               "\xEF\xBB\xBF[]",
                               "\v[]",
                               "{1:2}"};
  for (const std::string& text : texts) EXPECT_THAT(AskOf(text, "Len(J) >= 0"), HasSubstr("ParseJSON: ")) << text;
  for (const char* text : {"1", "\"a\"", "true", "null"}) {
    EXPECT_THAT(AskOf(text, "Len(J) >= 0"), HasSubstr("neither a map nor a list")) << text;
  }
  EXPECT_THAT(Ask("ParseJSON(attributes[\"i\"]) == nil"), HasSubstr("expected string"));
  EXPECT_THAT(Ask("ParseJSON(attributes[\"missing\"]) == nil"), StartsWith("error:"));
  EXPECT_THAT(Ask("ParseJSON(1) == nil"), StartsWith("refused:"));
}

TEST(ParseJson, BombsFailCleanly) {
  EXPECT_EQ(AskOf(Repeat("[", 1000) + Repeat("]", 1000), "Len(J) == 1"), "yes");
  EXPECT_THAT(AskOf(Repeat("[", 1'000'000), "Len(J) == 1"), HasSubstr("nested too deep"));
  EXPECT_THAT(AskOf(Repeat("{\"a\":", 200'000), "Len(J) == 1"), HasSubstr("nested too deep"));
  EXPECT_EQ(AskOf("[0" + Repeat(",0", 500'000) + "]", "Len(J) == 500001"), "yes");
  // A list of empty lists is the text that needs the most memory.
  EXPECT_THAT(AskOf("[[]" + Repeat(",[]", 1'500'000) + "]", "Len(J) == 1"), HasSubstr("memory"));
  EXPECT_THAT(AskOf("[0" + Repeat(",0", 5'000'000) + "]", "Len(J) == 1"), HasSubstr("memory"));
}

}  // namespace
}  // namespace tailrace::ottl
