#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ParseInt, InAnyBase) {
  EXPECT_EQ(Ask("ParseInt(\"42\", 10) == 42 and ParseInt(\"-42\", 10) == -42 and ParseInt(\"+7\", 10) == 7"), "yes");
  EXPECT_EQ(Ask("ParseInt(\"Ff\", 16) == 255 and ParseInt(\"101\", 2) == 5 and ParseInt(\"z\", 36) == 35"), "yes");
  EXPECT_EQ(Ask("ParseInt(\"9223372036854775807\", 10) == 9223372036854775807"), "yes");
  EXPECT_EQ(Ask("ParseInt(\"-9223372036854775808\", 10) < -9223372036854775807"), "yes");
}

TEST(ParseInt, BaseZeroReadsThePrefix) {
  EXPECT_EQ(Ask("ParseInt(\"0x1f\", 0) == 31 and ParseInt(\"0b11\", 0) == 3 and ParseInt(\"0o17\", 0) == 15"), "yes");
  EXPECT_EQ(Ask("ParseInt(\"017\", 0) == 15 and ParseInt(\"0\", 0) == 0 and ParseInt(\"12\", 0) == 12"), "yes");
  EXPECT_EQ(Ask("ParseInt(\"1_000\", 0) == 1000 and ParseInt(\"0x_ff\", 0) == 255"), "yes");
  for (const char* text : {"1__0", "_1", "1_", "0x", "08", "0b2"}) {
    EXPECT_THAT(Ask("ParseInt(\"" + std::string(text) + "\", 0) == 1"), HasSubstr("not an int64")) << text;
  }
}

TEST(ParseInt, WhatIsNone) {
  for (const char* text : {"", " 1", "1 ", "-", "1.5", "1_000", "0x10", "9223372036854775808", "1\\u0000"}) {
    EXPECT_THAT(Ask("ParseInt(\"" + std::string(text) + "\", 10) == 1"), StartsWith("error:")) << text;
  }
  EXPECT_THAT(Ask("ParseInt(\"1\", 1) == 1"), StartsWith("error:"));
  EXPECT_THAT(Ask("ParseInt(\"1\", 37) == 1"), StartsWith("error:"));
  EXPECT_THAT(Ask("ParseInt(\"1\", -1) == 1"), HasSubstr("negative"));
  EXPECT_THAT(Ask("ParseInt(attributes[\"i\"], 10) == 5"), HasSubstr("expected string"));
  EXPECT_THAT(Ask("ParseInt(attributes[\"missing\"], 10) == 5"), StartsWith("error:"));
  EXPECT_THAT(Ask("ParseInt(\"1\", attributes[\"s\"]) == 1"), StartsWith("error:"));
}

TEST(ParseSeverity, ByTextOrRange) {
  const std::string mapping =
      "{\"error\": [{\"equals\": [\"err\", \"text\"]}, {\"range\": {\"min\": 3, \"max\": 5}}], "
      "\"warn\": [{\"range\": \"4xx\"}]}";
  EXPECT_EQ(Ask("ParseSeverity(attributes[\"s\"], " + mapping + ") == \"error\""), "yes");
  EXPECT_EQ(Ask("ParseSeverity(attributes[\"i\"], " + mapping + ") == \"error\""), "yes");
  EXPECT_EQ(Ask("ParseSeverity(400, " + mapping + ") == \"warn\""), "yes");
  EXPECT_EQ(Ask("ParseSeverity(499, " + mapping + ") == \"warn\""), "yes");
  EXPECT_THAT(Ask("ParseSeverity(500, " + mapping + ") == \"warn\""), HasSubstr("no matching log level"));
  EXPECT_THAT(Ask("ParseSeverity(\"ERR\", " + mapping + ") == \"error\""), HasSubstr("no matching log level"));
  EXPECT_THAT(Ask("ParseSeverity(1.5, " + mapping + ") == \"error\""), StartsWith("error:"));
  EXPECT_THAT(Ask("ParseSeverity(attributes[\"missing\"], " + mapping + ") == nil"), StartsWith("error:"));
}

TEST(ParseSeverity, MappingsThatAreNone) {
  EXPECT_THAT(Ask("ParseSeverity(\"a\", attributes[\"map\"]) == \"x\""), HasSubstr("must be a literal"));
  EXPECT_THAT(Ask("ParseSeverity(\"a\", {\"x\": \"a\"}) == \"x\""), HasSubstr("must be a list"));
  EXPECT_THAT(Ask("ParseSeverity(\"a\", {\"x\": [\"a\"]}) == \"x\""), HasSubstr("must be maps"));
  EXPECT_THAT(Ask("ParseSeverity(\"a\", {\"x\": [{\"equals\": \"a\"}]}) == \"x\""), HasSubstr("equals must be"));
  EXPECT_THAT(Ask("ParseSeverity(\"a\", {\"x\": [{\"equals\": [1]}]}) == \"x\""), HasSubstr("must be strings"));
  EXPECT_THAT(Ask("ParseSeverity(1, {\"x\": [{\"range\": \"6xx\"}]}) == \"x\""), HasSubstr("unknown range"));
  EXPECT_THAT(Ask("ParseSeverity(1, {\"x\": [{\"range\": {\"min\": 1}}]}) == \"x\""), HasSubstr("a max value"));
  EXPECT_THAT(Ask("ParseSeverity(1, {\"x\": [{\"range\": {\"min\": 1.5, \"max\": 2}}]}) == \"x\""), HasSubstr("ints"));
}

}  // namespace
}  // namespace tailrace::ottl
