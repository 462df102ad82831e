#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::StartsWith;

// What Nanoseconds() makes of the text, as a literal and out of an attribute.
std::string IsNs(const std::string& text, const std::string& ns) {
  Scene scene;
  scene.span = testing::OtlpSpan(1, 1, "x").Attribute("x", testing::StringValue(text)).Bytes();
  const std::string literal = scene.Ask("Nanoseconds(Duration(\"" + text + "\")) == " + ns);
  const std::string read = scene.Ask("Nanoseconds(Duration(attributes[\"x\"])) == " + ns);
  return literal == read ? literal : literal + " but " + read;
}

TEST(Durations, OfEveryUnit) {
  EXPECT_EQ(IsNs("7ns", "7"), "yes");
  EXPECT_EQ(IsNs("7us", "7000"), "yes");
  EXPECT_EQ(IsNs("7\u00B5s", "7000"), "yes");
  EXPECT_EQ(IsNs("7\u03BCs", "7000"), "yes");
  EXPECT_EQ(IsNs("7ms", "7000000"), "yes");
  EXPECT_EQ(IsNs("7s", "7000000000"), "yes");
  EXPECT_EQ(IsNs("7m", "420000000000"), "yes");
  EXPECT_EQ(IsNs("7h", "25200000000000"), "yes");
}

TEST(Durations, SumsSignsAndFractions) {
  EXPECT_EQ(IsNs("1h2m3s4ms5us6ns", "3723004005006"), "yes");
  EXPECT_EQ(IsNs("3s1h3s", "3606000000000"), "yes");
  EXPECT_EQ(IsNs("-1.5s", "-1500000000"), "yes");
  EXPECT_EQ(IsNs("+.5h", "1800000000000"), "yes");
  EXPECT_EQ(IsNs("2.s", "2000000000"), "yes");
  EXPECT_EQ(IsNs("0.9ns", "0"), "yes");
  EXPECT_EQ(IsNs("0.3333333333333333333h", "1200000000000"), "yes");
  EXPECT_EQ(IsNs("0.100000000000000000000000000000000000s", "100000000"), "yes");
  EXPECT_EQ(IsNs("0", "0"), "yes");
  EXPECT_EQ(IsNs("-0", "0"), "yes");
}

TEST(Durations, TheLargest) {
  EXPECT_EQ(IsNs("9223372036854775807ns", "9223372036854775807"), "yes");
  EXPECT_EQ(IsNs("2562047h47m16.854775807s", "9223372036854775807"), "yes");
  EXPECT_EQ(Ask(R"(Nanoseconds(Duration("-9223372036854775808ns")) < -9223372036854775807)"), "yes");
  for (const char* text : {"9223372036854775808ns", "9223372036854775809ns", "-9223372036854775809ns", "2562048h",
                           "9223372036854775807ns1ns", "99999999999999999999s", "9223372036.854775808s"}) {
    EXPECT_THAT(IsNs(text, "0"), StartsWith("error:")) << text;
  }
}

TEST(Durations, TextThatIsNone) {
  for (const char* text : {"", " ", "5", "s", ".s", "-", "+", "--1s", "1 s", "1s ", "1S", "1d", "1e3s", "0x1s", "1s-1s",
                           "1..5s", "one", "1,5s"}) {
    EXPECT_THAT(IsNs(text, "0"), StartsWith("error:")) << text;
  }
  EXPECT_THAT(Ask(R"(Duration(attributes["i"]) == nil)"), StartsWith("error:"));
  EXPECT_THAT(Ask(R"(Duration(attributes["missing"]) == nil)"), StartsWith("error:"));
  EXPECT_THAT(Ask(R"(Duration(5) == nil)"), StartsWith("refused:"));
  EXPECT_THAT(Ask(R"(Duration() == nil)"), StartsWith("refused:"));
}

TEST(Durations, AsNumbers) {
  EXPECT_EQ(Ask(R"(Hours(Duration("90m")) == 1.5)"), "yes");
  EXPECT_EQ(Ask(R"(Minutes(Duration("-90s")) == -1.5)"), "yes");
  EXPECT_EQ(Ask(R"(Seconds(Duration("250ms")) == 0.25)"), "yes");
  EXPECT_EQ(Ask(R"(Milliseconds(Duration("1999us")) == 1 and Milliseconds(Duration("-1999us")) == -1)"), "yes");
  EXPECT_EQ(Ask(R"(Microseconds(Duration("1999ns")) == 1)"), "yes");
  EXPECT_EQ(Ask(R"(Nanoseconds(end_time - start_time) == 1500000000)"), "yes");
  for (const char* name : {"Hours", "Minutes", "Seconds", "Milliseconds", "Microseconds", "Nanoseconds"}) {
    EXPECT_THAT(Ask(std::string(name) + "(attributes[\"i\"]) == 5"), StartsWith("error:")) << name;
    EXPECT_THAT(Ask(std::string(name) + "(attributes[\"missing\"]) == 5"), StartsWith("error:")) << name;
    EXPECT_THAT(Ask(std::string(name) + "(start_time) == 5"), StartsWith("error:")) << name;
  }
}

TEST(Durations, ComparedAndAdded) {
  EXPECT_EQ(Ask(R"(end_time - start_time > Duration("1.4s") and end_time - start_time <= Duration("1.5s"))"), "yes");
  EXPECT_EQ(Ask(R"(start_time + Duration("1500ms") == end_time)"), "yes");
  EXPECT_EQ(Ask(R"(Duration("1m") - Duration("1s") == Duration("59s"))"), "yes");
}

}  // namespace
}  // namespace tailrace::ottl
