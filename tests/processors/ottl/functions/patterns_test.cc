// Regular expressions: Go's syntax, bytes that are no UTF-8, groups by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Scene With(std::string_view value) {
  Scene scene;
  scene.span = testing::OtlpSpan(1, 1, "x").Attribute("x", testing::StringValue(value)).Bytes();
  return scene;
}

TEST(Patterns, IsMatchFindsAnywhere) {
  for (const char* condition :
       {"IsMatch(\"abc\", \"b\") and not IsMatch(\"abc\", \"^b\")", "IsMatch(name, \"^GET /c\")",
        "not IsMatch(\"a\\nb\", \"a.b\") and IsMatch(\"a\\nb\", \"(?s)a.b\")", "IsMatch(\"ABC\", \"(?i)abc\")",
        "IsMatch(\"x\", \"\") and IsMatch(\"\", \"\")", "IsMatch(attributes[\"s\"], attributes[\"s\"])",
        "not IsMatch(\"nothing\", attributes[\"s\"])"}) {
    EXPECT_EQ(Ask(condition), "yes") << condition;
  }
}

TEST(Patterns, IsMatchOfWhatIsNoText) {
  for (const char* condition :
       {"IsMatch(5, \"^5$\") and IsMatch(1.5, \"1.5\") and IsMatch(true, \"true\")",
        "not IsMatch(nil, \".*\") and not IsMatch(attributes[\"missing\"], \".*\")",
        "IsMatch(attributes[\"map\"], \"k.:.v\")", "IsMatch(attributes[\"bytes\"], \"0001\")"}) {
    EXPECT_EQ(Ask(condition), "yes") << condition;
  }
  EXPECT_THAT(Ask("IsMatch(\"a\", nil)"), StartsWith("refused:"));
  EXPECT_THAT(Ask("IsMatch(\"a\", 5)"), StartsWith("refused:"));
  EXPECT_THAT(Ask("IsMatch(\"a\", attributes[\"i\"])"), StartsWith("error:"));
  EXPECT_THAT(Ask("IsMatch(\"a\", attributes[\"missing\"])"), StartsWith("error:"));
}

TEST(Patterns, BadOnesAreRefusedAtStartOrFailLater) {
  for (const char* pattern : {"(", "[", "x{2,1}", "[z-a]", "a**", "(?<=a)b", "a(?!b)", "(?P<>x)", "(?P=n)", "(?<a-b>x)",
                              "x{1,1001}", "(?P<\u00e9>x)", "((x{100}){100}){100}"}) {
    const std::string condition = std::string("IsMatch(\"x\", \"") + pattern + "\")";
    EXPECT_THAT(Ask(condition), StartsWith("refused:")) << pattern;
  }
  EXPECT_THAT(Ask("IsMatch(\"x\", \"\\\\C\")"), StartsWith("refused:")) << "Go has no \\C";
  EXPECT_THAT(Ask("IsMatch(\"x\", Concat([\"(\", \"(\"], \"\"))"), HasSubstr("is not a valid regular expression"));
}

TEST(Patterns, NamedGroupsInBothSpellings) {
  EXPECT_EQ(Ask("ExtractPatterns(\"a=1 b=2\", \"a=(?<first>[0-9]) b=(?P<second>[0-9])\")[\"second\"] == \"2\""), "yes");
  EXPECT_EQ(Ask("IsMatch(\"<\", \"[(?<n>x)]\") and IsMatch(\"(?<n>\", \"\\\\(\\\\?<n>\")"), "yes") << "no groups";
  EXPECT_EQ(Ask("IsMatch(\"(?<n>x)\", \"\\\\Q(?<n>x)\\\\E\")"), "yes") << "quoted";
  EXPECT_EQ(Ask("IsMatch(\"]\", \"[]x]\") and IsMatch(\"a\", \"[[:alpha:]](?<n>)\")"), "yes");
}

TEST(Patterns, ExtractPatterns) {
  EXPECT_EQ(Ask("Len(ExtractPatterns(\"zzz\", \"a=(?P<a>x)\")) == 0"), "yes") << "no match, no groups";
  EXPECT_EQ(Ask("ExtractPatterns(\"b\", \"(?P<a>a)?(?P<b>b)\")[\"a\"] == \"\""), "yes");
  EXPECT_EQ(Ask("ExtractPatterns(attributes[\"s\"], Concat([\"(?P<a>t)\"], \"\"))[\"a\"] == \"t\""), "yes");
  EXPECT_EQ(Ask("Keys(ExtractPatterns(\"ab\", \"(?P<z>a)(b)(?P<y>)\"))[0] == \"z\""), "yes") << "in their order";
  EXPECT_EQ(Ask("ExtractPatterns(\"xy\", \"(?P<n>x)(?P<n>y)\")[\"n\"] == \"y\""), "yes") << "the last of a name";
  EXPECT_EQ(Ask("Len(ExtractPatterns(\"xyz\", \"(?P<n>x)(?P<m>y)(?P<n>z)\")) == 2"), "yes");
  EXPECT_THAT(Ask("ExtractPatterns(name, \"(G)\")[\"a\"] == nil"), HasSubstr("no named group"));
  EXPECT_THAT(Ask("ExtractPatterns(attributes[\"i\"], \"(?P<a>G)\")[\"a\"] == nil"), StartsWith("error:"));
  EXPECT_THAT(Ask("ExtractPatterns(attributes[\"missing\"], \"(?P<a>G)\")[\"a\"] == nil"), StartsWith("error:"));
  EXPECT_THAT(Ask("ExtractPatterns(name, \"(\")[\"a\"] == nil"), StartsWith("refused:"));
}

TEST(Patterns, BytesThatAreNoUtf8AreOneCharacterEach) {
  const Scene broken = With(
      "a\xff"
      "b\xc3");
  EXPECT_EQ(broken.Ask("IsMatch(attributes[\"x\"], \"^a.b.$\")"), "yes");
  EXPECT_EQ(broken.Ask("IsMatch(attributes[\"x\"], \"\xEF\xBF\xBD\")"), "yes");
  EXPECT_EQ(broken.Ask("IsMatch(attributes[\"x\"], \"\\\\xff\")"), "no") << "that is U+00FF";
  EXPECT_EQ(broken.Ask("Hex(ExtractPatterns(attributes[\"x\"], \"a(?P<x>.)b(?P<y>.)$\")[\"x\"]) == \"ff\""), "yes");
  EXPECT_EQ(broken.Ask("Hex(ExtractPatterns(attributes[\"x\"], \"a.(?P<x>b.)$\")[\"x\"]) == \"62c3\""), "yes");
  EXPECT_EQ(With(std::string_view("a\0b", 3)).Ask("IsMatch(attributes[\"x\"], \"^a\\\\x00b$\")"), "yes");
}

TEST(Patterns, TakeLinearTime) {
  const Scene scene = With(std::string(1'000'000, 'a'));
  EXPECT_EQ(scene.Ask("IsMatch(attributes[\"x\"], \"^(a+)+$\")"), "yes");
  EXPECT_EQ(scene.Ask("IsMatch(attributes[\"x\"], \"(.*)*.*.*.*=\")"), "no");
  EXPECT_EQ(With(std::string(200'000, '\xff')).Ask("IsMatch(attributes[\"x\"], \"^.*b\")"), "no");
}

}  // namespace
}  // namespace tailrace::ottl
