#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// What ParseKeyValue makes of `text`, the attribute "x".
std::string AskOf(const std::string& text, const std::string& rest, const std::string& arguments = "") {
  Scene scene;
  testing::OtlpSpan more(0xABCD, 7, "x");
  more.Attribute("x", testing::StringValue(text));
  scene.span += more.Bytes();
  return scene.Ask("ParseKeyValue(attributes[\"x\"]" + arguments + ")" + rest);
}

TEST(ParseKeyValue, Pairs) {
  EXPECT_EQ(AskOf("a=1 b=2", " == {\"a\": \"1\", \"b\": \"2\"}"), "yes");
  EXPECT_EQ(AskOf("  a=1   b=2 ", " == {\"a\": \"1\", \"b\": \"2\"}"), "yes");
  EXPECT_EQ(AskOf("a=b=c", "[\"a\"] == \"b=c\""), "yes");
  EXPECT_EQ(AskOf("a=", "[\"a\"] == \"\""), "yes");
  EXPECT_EQ(AskOf("=1", "[\"\"] == \"1\""), "yes");
  EXPECT_EQ(AskOf("a=1 a=2", " == {\"a\": \"2\"}"), "yes");
  EXPECT_EQ(AskOf("\ta=1\n", "[\"a\"] == \"1\""), "yes");
  // Nothing but delimiters holds no pair.
  EXPECT_EQ(AskOf("   ", " == {}"), "yes");
}

TEST(ParseKeyValue, Quotes) {
  EXPECT_EQ(AskOf("a=\"1 2\" b='x y'", " == {\"a\": \"1 2\", \"b\": \"x y\"}"), "yes");
  EXPECT_EQ(AskOf("a=\"it's\"", "[\"a\"] == \"it's\""), "yes");
  // A backslash keeps a quote from ending, and stays.
  EXPECT_EQ(AskOf("a=\"1\\\" 2\"", "[\"a\"] == \"1\\\\\\\" 2\""), "yes");
  EXPECT_THAT(AskOf("a=\"1 2", " == {}"), HasSubstr("end of a quoted value"));
}

TEST(ParseKeyValue, Delimiters) {
  EXPECT_EQ(AskOf("a:1,b:2", " == {\"a\": \"1\", \"b\": \"2\"}", ", \":\", \",\""), "yes");
  EXPECT_EQ(AskOf("a==1&&b==2", "[\"b\"] == \"2\"", ", delimiter=\"==\", pair_delimiter=\"&&\""), "yes");
  EXPECT_THAT(AskOf("a=1", " == {}", ", \"\""), HasSubstr("empty string"));
  EXPECT_THAT(AskOf("a=1", " == {}", ", \"=\", \"\""), HasSubstr("empty string"));
  EXPECT_THAT(AskOf("a=1", " == {}", ", \" \""), HasSubstr("cannot be equal"));
}

TEST(ParseKeyValue, WhatIsNone) {
  EXPECT_THAT(AskOf("", " == {}"), HasSubstr("empty target"));
  EXPECT_THAT(AskOf("a=1 b", " == {}"), HasSubstr("cannot split"));
  EXPECT_THAT(Ask("ParseKeyValue(attributes[\"i\"]) == {}"), HasSubstr("expected string"));
  EXPECT_THAT(Ask("ParseKeyValue(attributes[\"missing\"]) == {}"), StartsWith("error:"));
  EXPECT_THAT(Ask("ParseKeyValue(5) == {}"), StartsWith("refused:"));
}

TEST(ParseKeyValue, HugeTextFailsCleanly) {
  std::string text;
  for (int i = 0; i < 2'200'000; ++i) text += "= ";
  EXPECT_THAT(AskOf(text, " == {}"), HasSubstr("memory"));
  EXPECT_EQ(AskOf("k=" + std::string(1'000'000, 'v'), "[\"k\"] != \"\""), "yes");
}

TEST(ToKeyValueString, Pairs) {
  EXPECT_EQ(Ask("ToKeyValueString({\"a\": 1}) == \"a=1\" and ToKeyValueString({}) == \"\""), "yes");
  EXPECT_EQ(Ask("ToKeyValueString({\"b\": 1, \"a\": true}, sort_output=true) == \"a=true b=1\""), "yes");
  EXPECT_EQ(Ask("ToKeyValueString({\"b\": 1, \"a\": 2.5}, \":\", \",\", true) == \"a:2.5,b:1\""), "yes");
  EXPECT_EQ(Ask("ToKeyValueString(attributes[\"map\"]) == \"k=v n=1 in={\\\"x\\\":false}\""), "no");
  EXPECT_EQ(Ask("ToKeyValueString(attributes[\"map\"]) == \"k=v n=1 in={\\\\\\\"x\\\\\\\":false}\""), "yes");
}

TEST(ToKeyValueString, QuotesWhatHoldsADelimiter) {
  EXPECT_EQ(Ask("ToKeyValueString({\"a b\": \"c\"}) == \"\\\"a b\\\"=c\""), "yes");
  EXPECT_EQ(Ask("ToKeyValueString({\"a\": \"b=c\"}) == \"a=\\\"b=c\\\"\""), "yes");
  EXPECT_EQ(Ask("ToKeyValueString({\"a\": nil}) == \"a=\""), "yes");
}

TEST(ToKeyValueString, WhatIsNone) {
  EXPECT_THAT(Ask("ToKeyValueString(attributes[\"list\"]) == \"\""), HasSubstr("expected pcommon.Map"));
  EXPECT_THAT(Ask("ToKeyValueString(attributes[\"missing\"]) == \"\""), StartsWith("error:"));
  EXPECT_THAT(Ask("ToKeyValueString({}, \"=\", \"=\") == \"\""), HasSubstr("cannot be equal"));
  EXPECT_THAT(Ask("ToKeyValueString({}, \"=\", \" \", 1) == \"\""), StartsWith("refused:"));
}

}  // namespace
}  // namespace tailrace::ottl
