// Parts, joins, trims, case, search, and the numbers that are read from text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::StartsWith;

Scene With(std::string_view value) {
  Scene scene;
  scene.span = testing::OtlpSpan(1, 1, "x").Attribute("x", testing::StringValue(value)).Bytes();
  return scene;
}

void AllHold(std::initializer_list<const char*> conditions) {
  for (const char* condition : conditions) EXPECT_EQ(Ask(condition), "yes") << condition;
}
void AllFail(std::initializer_list<const char*> conditions) {
  for (const char* condition : conditions) EXPECT_THAT(Ask(condition), StartsWith("error:")) << condition;
}
void AllRefused(std::initializer_list<const char*> conditions) {
  for (const char* condition : conditions) EXPECT_THAT(Ask(condition), StartsWith("refused:")) << condition;
}

TEST(Text, PrefixesAndSuffixes) {
  AllHold({"HasPrefix(name, \"GET\") and HasPrefix(name, \"\") and not HasPrefix(\"abc\", \"abcd\")",
           "HasSuffix(name, \"cart\") and not HasSuffix(\"c\", \"bc\")", "TrimPrefix(\"abab\", \"ab\") == \"ab\"",
           "TrimPrefix(\"ab\", \"x\") == \"ab\" and TrimSuffix(\"ab\", \"\") == \"ab\"",
           "TrimSuffix(\"abcabc\", \"abc\") == \"abc\" and TrimSuffix(\"c\", \"bc\") == \"c\""});
  AllFail({"HasPrefix(attributes[\"missing\"], \"a\")", "HasSuffix(attributes[\"map\"], \"a\")",
           "HasPrefix(attributes[\"i\"], \"5\")", "TrimSuffix(attributes[\"missing\"], \"a\") == nil"});
  AllRefused({"HasPrefix(5, \"5\")", "HasPrefix(\"abc\", nil)"});
}

TEST(Text, Trim) {
  AllHold({"Trim(\"  a b \") == \"a b\"", "Trim(\"xyaxyx\", \"xy\") == \"a\"", "Trim(\"éaé\", \"é\") == \"a\"",
           "Trim(\"éaà\", \"é\") == \"aà\"", "Trim(\"a\", \"\") == \"a\" and Trim(\"   \") == \"\"",
           "Trim(\"a\", replacement=\"a\") == \"\""});
  AllRefused({"Trim(nil) == nil", "Trim(\"a\", name) == nil"});
  EXPECT_EQ(With("a\xff"
                 "b\xc3")
                .Ask("Hex(Trim(attributes[\"x\"], \"a\xEF\xBF\xBD\")) == \"62\""),
            "yes")
      << "U+FFFD stands for any byte that is no UTF-8";
}

TEST(Text, Split) {
  AllHold({"Split(\"a,b,c\", \",\")[2] == \"c\" and Len(Split(\"a,b,c\", \",\")) == 3",
           "Len(Split(\"\", \",\")) == 1 and Len(Split(\"\", \"\")) == 0", "Split(\"a--b---c\", \"--\")[2] == \"-c\"",
           "Split(\"hé\", \"\")[1] == \"é\"", "Len(Split(\"aaaa\", \"aa\")) == 3", "Len(Split(\",\", \",\")) == 2"});
  AllFail({"Split(attributes[\"missing\"], \",\") == nil", "Split(attributes[\"list\"], \",\") == nil"});
  AllRefused({"Split(nil, \",\") == nil", "Split(\"a\", nil) == nil", "Split(\"a\") == nil"});
  EXPECT_EQ(With(std::string(1'000'000, ',')).Ask("Len(Split(attributes[\"x\"], \",\")) == 1000001"), "yes");
}

TEST(Text, Substring) {
  AllHold({"Substring(\"abcdef\", 0, 3) == \"abc\" and Substring(\"abcdef\", 3, 3) == \"def\"",
           "Hex(Substring(\"hé\", 0, 2)) == \"68c3\"", "Substring(\"hé\", 0, 2, true) == \"h\"",
           "Substring(\"hél\", 2, 2, utf8_safe=true) == \"l\"", "Substring(\"\U0001F600\", 1, 2, true) == \"\""});
  AllFail({"Substring(name, -1, 1) == \"\"", "Substring(name, 0, 0) == \"\"", "Substring(name, 3, 400) == \"\"",
           "Substring(name, 0, 9223372036854775807) == \"\"", "Substring(attributes[\"missing\"], 0, 1) == \"\"",
           "Substring(name, 9223372036854775807, 9223372036854775807) == \"\"", "Substring(\"\", 0, 1) == \"\""});
  AllRefused({"Substring(\"abc\", \"0\", 1) == \"a\"", "Substring(\"abc\", 0.0, 1) == \"a\"",
              "Substring(\"abc\", 0) == \"a\""});
}

TEST(Text, Concat) {
  AllHold({"Concat([\"a\", 5, 1.5, true, nil], \",\") == \"a,5,1.5,true,<nil>\"", "Concat([], \"-\") == \"\"",
           "Concat(attributes[\"list\"], \"-\") == \"a-2-[0.5]\"", "Concat(attributes[\"bytes\"], \"-\") == \"0-1\"",
           "Concat([\"a\", attributes[\"bytes\"], attributes[\"missing\"]], \"\") == \"a0001<nil>\"",
           "Concat(attributes[\"missing\"], \"-\") == \"\"", "Concat(Split(\"a,b\", \",\"), \"+\") == \"a+b\"",
           "Concat(ParseJSON(\"[1, null]\"), \"-\") == \"1-\"",
           "Concat(vals=[[\"x\", 1], {\"k\": 1}], delimiter=\"\") == \"[\\\"x\\\",1]{\\\"k\\\":1}\""});
  AllFail({"Concat(attributes[\"map\"], \"-\") == nil", "Concat(attributes[\"s\"], \"-\") == nil",
           "Concat(events, \"-\") == nil", "Concat([\"a\"], attributes[\"i\"]) == nil"});
  AllFail({"Concat(\"a\", \"-\") == nil"});
  AllRefused({"Concat([\"a\"], nil) == nil", "Concat([\"a\"]) == nil"});
}

TEST(Text, UpperAndLowerCase) {
  AllHold({"ToLowerCase(\"ÄB ΣΑΣ K\") == \"äb σασ k\"", "ToUpperCase(\"straße ÿ µ\") == \"STRAßE Ÿ Μ\"",
           "ToUpperCase(\"\") == \"\"", "ConvertCase(\"AbC\", \"lower\") == \"abc\"",
           "ConvertCase(\"AbC\", to_case=\"upper\") == \"ABC\"",
           "ConvertCase(\"someName\", \"snake\") == \"some_name\"",
           "ConvertCase(\"some_name\", \"camel\") == \"SomeName\""});
  AllFail({"ToUpperCase(attributes[\"missing\"]) == nil", "ToLowerCase(attributes[\"i\"]) == nil"});
  AllRefused({"ConvertCase(\"a\", \"title\") == nil", "ConvertCase(\"a\", \"Lower\") == nil",
              "ConvertCase(\"a\", name) == nil", "ToUpperCase(nil) == nil", "ToUpperCase(5) == nil"});
  EXPECT_EQ(With("a\xff").Ask("ToUpperCase(attributes[\"x\"]) == \"A\xEF\xBF\xBD\""), "yes");
}

TEST(Text, SnakeCase) {
  AllHold({"ToSnakeCase(\"SomeName\") == \"some_name\"", "ToSnakeCase(\"HTTPServer\") == \"http_server\"",
           "ToSnakeCase(\"some-name.of thing\") == \"some_name_of_thing\"",
           "ToSnakeCase(\"a1B2c3\") == \"a_1_b_2_c_3\"", "ToSnakeCase(\"  padded  \") == \"padded\"",
           "ToSnakeCase(\"GET /cart\") == \"get_/cart\""});
}

TEST(Text, CamelCase) {
  AllHold({"ToCamelCase(\"some_name\") == \"SomeName\"", "ToCamelCase(\"HTTPServer\") == \"Httpserver\"",
           "ToCamelCase(\"a1b\") == \"A1B\"", "ToCamelCase(\"a/b\") == \"Ab\"",
           "ToCamelCase(\"foo__bar\") == \"FooBar\""});
}

TEST(Text, Index) {
  AllHold({"Index(\"abc\", \"c\") == 2 and Index(\"abc\", \"\") == 0 and Index(\"abc\", \"x\") == -1",
           "Index(\"héllo\", \"l\") == 3", "Index([\"a\", \"b\"], \"b\") == 1 and Index([1, 2], 3) == -1",
           "Index(attributes[\"list\"], 2) == 1", "Index(Split(\"a,b\", \",\"), \"b\") == 1"});
  AllFail({"Index(name, 5) == 0", "Index(attributes[\"i\"], \"a\") == 0", "Index(attributes[\"map\"], \"k\") == 0",
           "Index(nil, \"a\") == 0"});
}

TEST(Text, Numbers) {
  AllHold({"Log(1) == 0.0 and Log(\"10\") == 2.302585092994046 and Log(true) == 0.0",
           "IsValidLuhn(\"4539 1488 0343 6467\") and IsValidLuhn(17893729974)",
           "not IsValidLuhn(\"17893729975\") and not IsValidLuhn(\"  \") and IsValidLuhn(\"0\")"});
  AllFail({"Log(0) == 0.0", "Log(-1) == 0.0", "Log(attributes[\"missing\"]) == 0.0", "Log(attributes[\"s\"]) == 0.0",
           "IsValidLuhn(\"12a\")", "IsValidLuhn(attributes[\"missing\"])", "IsValidLuhn(-5)"});
}

}  // namespace
}  // namespace tailrace::ottl
