#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// What ParseCSV makes of `text`, the attribute "x", by the arguments after it.
std::string AskOf(const std::string& text, const std::string& arguments, const std::string& rest) {
  Scene scene;
  testing::OtlpSpan more(0xABCD, 7, "x");
  more.Attribute("x", testing::StringValue(text));
  scene.span += more.Bytes();
  return scene.Ask("ParseCSV(attributes[\"x\"], " + arguments + ")" + rest);
}

TEST(ParseCsv, Rows) {
  EXPECT_EQ(AskOf("1,2", "\"a,b\"", " == {\"a\": \"1\", \"b\": \"2\"}"), "yes");
  EXPECT_EQ(AskOf(" 1, ", "\"a,b\"", " == {\"a\": \" 1\", \"b\": \" \"}"), "yes");
  EXPECT_EQ(AskOf("\"x,\"\"y\"\"\",2", "\"a,b\"", "[\"a\"] == \"x,\\\"y\\\"\""), "yes");
  EXPECT_EQ(AskOf(",", "\"a,b\"", " == {\"a\": \"\", \"b\": \"\"}"), "yes");
  EXPECT_EQ(AskOf("\n\r\n1,2\r\n", "\"a,b\"", " == {\"a\": \"1\", \"b\": \"2\"}"), "yes");
  // Of a header's name that comes twice the last field counts.
  EXPECT_EQ(AskOf("1,2,3", "\"a,b,a\"", " == {\"a\": \"3\", \"b\": \"2\"}"), "yes");
}

TEST(ParseCsv, MoreLinesGoOnInTheLastField) {
  EXPECT_EQ(AskOf("1,2\n3,4", "\"a,b,c\"", " == {\"a\": \"1\", \"b\": \"2\\n3\", \"c\": \"4\"}"), "yes");
  EXPECT_EQ(AskOf("\"1\n\n2\",3", "\"a,b\"", " == {\"a\": \"1\\n\\n2\", \"b\": \"3\"}"), "yes");
}

TEST(ParseCsv, Delimiters) {
  EXPECT_EQ(AskOf("1;2", "\"a;b\", \";\"", "[\"b\"] == \"2\""), "yes");
  EXPECT_EQ(AskOf("1;2", "\"a b\", \";\", \" \"", "[\"b\"] == \"2\""), "yes");
  EXPECT_EQ(AskOf("1é2", "\"aéb\", delimiter=\"é\"", "[\"b\"] == \"2\""), "yes");
  EXPECT_THAT(AskOf("1", "\"a\", \"\"", " == nil"), HasSubstr("a single character"));
  EXPECT_THAT(AskOf("1", "\"a\", \"ab\"", " == nil"), HasSubstr("a single character"));
  EXPECT_THAT(AskOf("1", "\"a\", \",\", \"ab\"", " == nil"), HasSubstr("header_delimiter"));
  EXPECT_THAT(AskOf("1", "\"a\", \"\\\"\"", " == nil"), HasSubstr("invalid delimiter"));
  EXPECT_THAT(AskOf("1", "\"a\", \"\\n\"", " == nil"), HasSubstr("invalid delimiter"));
}

TEST(ParseCsv, Modes) {
  EXPECT_THAT(AskOf("a\"b,2", "\"a,b\"", " == nil"), HasSubstr("quotes in the wrong place"));
  EXPECT_EQ(AskOf("a\"b,2", "\"a,b\", mode=\"lazyQuotes\"", "[\"a\"] == \"a\\\"b\""), "yes");
  EXPECT_EQ(AskOf("\"x\"y\",2", "\"a,b\", mode=\"lazyQuotes\"", "[\"a\"] == \"x\\\"y\""), "yes");
  EXPECT_EQ(AskOf("\"1,2\"", "\"a,b\", mode=\"ignoreQuotes\"", "[\"a\"] == \"\\\"1\""), "yes");
  EXPECT_THAT(AskOf("1", "\"a\", mode=\"lazy\"", " == nil"), HasSubstr("unknown mode"));
}

TEST(ParseCsv, WhatIsNone) {
  EXPECT_THAT(AskOf("", "\"a\"", " == nil"), HasSubstr("no csv lines"));
  EXPECT_THAT(AskOf("\r", "\"a\"", " == nil"), HasSubstr("no csv lines"));
  EXPECT_THAT(AskOf("1,2", "\"a\"", " == nil"), HasSubstr("expected 1, found 2"));
  EXPECT_THAT(AskOf("1", "\"\"", " == nil"), HasSubstr("headers must not be"));
  EXPECT_THAT(AskOf("\"1", "\"a\"", " == nil"), StartsWith("error:"));
  EXPECT_THAT(Ask("ParseCSV(attributes[\"i\"], \"a\") == nil"), HasSubstr("expected string"));
  EXPECT_THAT(Ask("ParseCSV(\"1\", attributes[\"missing\"]) == nil"), StartsWith("error:"));
}

TEST(ParseCsv, NoRowIsTooLongToFail) {
  const std::string commas(3'000'000, ',');
  EXPECT_THAT(AskOf(commas, "\"a\"", " == nil"), HasSubstr("too many fields"));
  EXPECT_THAT(AskOf("1", "attributes[\"x\"]", " == nil"), StartsWith("no"));
  EXPECT_THAT(AskOf(commas, "attributes[\"x\"]", " == nil"), HasSubstr("too many headers"));
  EXPECT_THAT(AskOf(commas, "\"a\", mode=\"ignoreQuotes\"", " == nil"), HasSubstr("expected 1"));
  EXPECT_EQ(AskOf(std::string(1'000'000, '\n') + "1", "\"a\"", "[\"a\"] == \"1\""), "yes");
}

}  // namespace
}  // namespace tailrace::ottl
