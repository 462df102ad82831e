#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/processors/ottl/compiler/asked.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Syntax, ErrorsNameTheColumn) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"attributes[\"cache.hit\"]", "1:24: unexpected end"},
      {"name == ", "1:9: unexpected end"},
      {"(name == \"x\"", "1:13: unexpected end"},
      {"name = \"x\"", "1:6: unexpected ="},
      {"name == 'x'", "1:9: unexpected character"},
      {"name == \"x", "1:9: this string is not closed"},
      {"name == \"x\" or", "1:15: unexpected end"},
      {"1 == 1 == 1", "1:8: unexpected =="},
      {"(name == \"x\") == true", "1:15: unexpected =="},
      {"not not true", "1:5: unexpected not"},
      {"--5 == 5", "1:2: unexpected -"},
      {"1 + \"a\" == 1", "1:5: unexpected \"a\""},
      {"1e5 == 3", "1:2: unexpected e5"},
      {"08 == 8", "1:1: not an int"},
      {"9223372036854775808 == 1", "1:1: not an int"},
      {"0x0 == 0x00", "1:1: a byte literal"},
      {"\"a\\qb\" == \"x\"", "1:1: an escape"},
      {"name == nil nil", "1:13: unexpected nil"},
      {"_ == 1", "1:1: unexpected _"},
      {"isMatch(name, \"n\")", "1:1: functions of conditions begin"},
      {"kind == SPAN_KIND_SERVER foo", "1:26: unexpected foo"},
      {"attributes[1 + 0] == 1", "1:14: unexpected +"},
      {"name == \"é\" nil", "1:13: unexpected nil"},
      {"name ==\n  = 1", "2:3: unexpected ="},
      {"[1,] == [1]", "1:4: unexpected ]"},
      {"{\"a\" 1} == {}", "1:6: unexpected 1"},
      {"", "1:1: unexpected end"},
  };
  for (const auto& [condition, error] : cases) {
    EXPECT_THAT(Ask(condition), StartsWith("refused: " + error)) << condition;
  }
}

TEST(Syntax, NotBindsBeforeAndBeforeOr) {
  EXPECT_EQ(Ask("true or false and false"), "yes");
  EXPECT_EQ(Ask("(true or false) and false"), "no");
  EXPECT_EQ(Ask("not false and false"), "no");
  EXPECT_EQ(Ask("not (false and false)"), "yes");
  EXPECT_EQ(Ask("kind == 1 or kind == 2 and name != \"\""), "yes");
  EXPECT_EQ(Ask("kind == 2 and name == \"\" or kind == 2"), "yes");
  EXPECT_EQ(Ask("not (kind == 2 and not (name == \"x\" or flags == 257))"), "yes");
}

TEST(Syntax, ParenthesesHoldConditionsOrNumbers) {
  EXPECT_EQ(Ask("(attributes[\"i\"]) == 5"), "yes");
  EXPECT_EQ(Ask("((attributes[\"i\"] + 1) * 2) == 12"), "yes");
  EXPECT_EQ(Ask("(((kind)) == 2)"), "yes");
  EXPECT_EQ(Ask("((true))"), "yes");
  EXPECT_EQ(Ask("((kind) == (1 + 1)) and (2 * (3 + 4)) == 14"), "yes");
}

TEST(Syntax, Literals) {
  EXPECT_EQ(Ask("\"a\\x41\\u00e9\\101\\n\\t\" == \"aAéA\\u000a\\x09\""), "yes");
  EXPECT_EQ(Ask("010 == 8 and .5 == 0.5 and 1. == 1 and 1.5e1 == 15"), "yes");
  EXPECT_EQ(Ask("0x00ff == 0x00FF and nil == nil and true == true"), "yes");
  EXPECT_EQ(Ask("[1, \"a\", [nil]] == [1, \"a\", [nil]]"), "yes");
  EXPECT_EQ(Ask("{\"a\": 1 \"b\": {}, \"a\": 2} == {\"b\": {}, \"a\": 2}"), "yes");
}

TEST(Syntax, ConstantsDecideBeforeErrorsAreMet) {
  EXPECT_EQ(Ask("attributes[\"s\"] / 0 == 1 and false"), "no");
  EXPECT_EQ(Ask("attributes[\"s\"] / 0 == 1 or 1 == 1"), "yes");
  EXPECT_THAT(Ask("attributes[\"s\"] / 0 == 1 or false"), StartsWith("error: "));
}

TEST(Syntax, ShortCircuit) {
  EXPECT_EQ(Ask("kind == 9 and name + 1 == 1"), "no");
  EXPECT_EQ(Ask("kind == 2 or name + 1 == 1"), "yes");
  EXPECT_THAT(Ask("name + 1 == 1 or kind == 2"), StartsWith("error: "));
  EXPECT_EQ(Ask("not (kind == 2 or name + 1 == 1)"), "no");
}

TEST(Syntax, UnknownNamesGetASuggestion) {
  EXPECT_THAT(Ask("kind == SPAN_KIND_SERVR"), HasSubstr("1:9: enum symbol SPAN_KIND_SERVR not found; did you mean"));
  EXPECT_THAT(Ask("nme == 1"), HasSubstr("\"span.nme\" is not a valid path nor a valid OTTL keyword for the span "
                                         "context; did you mean \"name\"?"));
  EXPECT_THAT(Ask("true and NoSuchThing(1) == 1"), StartsWith("refused: 1:10: undefined function \"NoSuchThing\""));
}

TEST(Syntax, NestingIsBounded) {
  const auto nested = [](int levels) {
    const auto count = static_cast<size_t>(levels);
    return std::string(count, '(') + "kind == 2" + std::string(count, ')');
  };
  EXPECT_EQ(Ask(nested(150)), "yes");
  EXPECT_THAT(Ask(nested(300)), HasSubstr("nested more than 200 levels deep"));
  EXPECT_THAT(Ask(nested(200'000)), HasSubstr("1:201: nested more than 200 levels deep"));
  for (const std::string open : {"(1+", "[", "{\"a\":", "Len(", "Len([", "attributes[(", "attributes[attributes", "-(",
                                 "Filter(kind, (x) => "}) {
    std::string bomb = "kind == ";
    while (bomb.size() < 100'000) bomb += open;
    EXPECT_THAT(Ask(bomb), StartsWith("refused: 1:")) << open;
  }
}

TEST(Syntax, AConditionOfAMegabyte) {
  std::string condition = "name == \"x\"";
  for (int i = 0; condition.size() < (size_t{1} << 20) - 64; ++i) {
    condition += " or attributes[\"" + std::to_string(i % 100) + "\"] == " + std::to_string(i);
  }
  EXPECT_EQ(Ask(condition), "no");
  EXPECT_EQ(Ask(condition + " or kind == 2"), "yes");
  EXPECT_THAT(Ask(condition + std::string(100, ' ')), HasSubstr("more than 1 MiB"));
}

}  // namespace
}  // namespace tailrace::ottl
