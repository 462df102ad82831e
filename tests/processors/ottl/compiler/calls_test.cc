#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Calls, ArgumentsByPlaceAndByName) {
  EXPECT_EQ(Ask("Same(kind) == 2 and Same(value=kind) == 2"), "yes");
  EXPECT_EQ(Ask("Second(1) == 7 and Second(1, 2) == 2 and Second(1, second_value=3) == 3"), "yes");
  EXPECT_EQ(Ask("Second(secondValue = 4, firstValue = 1) == 4"), "yes");
  EXPECT_EQ(Ask("NOW() == nil and Same ( true )"), "yes");
  EXPECT_THAT(Ask("Second() == 1"), HasSubstr("incorrect number of arguments for \"Second\". Expected: 2 Received: 0"));
  EXPECT_EQ(Ask("NOW(1) == nil"), "yes") << "what takes nothing passes over what it is given";
  EXPECT_THAT(Ask("Second(first_value=1, 2) == 1"), StartsWith("refused: 1:23: unnamed argument used after named"));
  EXPECT_THAT(Ask("Second(second_value=1) == 1"), HasSubstr("\"first_value\" of \"Second\" is missing"));
  EXPECT_THAT(Ask("Same(valeu=1) == 1"), HasSubstr("no such parameter of \"Same\": valeu; did you mean \"value\"?"));
}

TEST(Calls, UnknownAndAbsentFunctions) {
  EXPECT_THAT(Ask("Sane(1) == 1"), StartsWith("refused: 1:1: undefined function \"Sane\"; did you mean \"Same\"?"));
  EXPECT_THAT(Ask("1 == Absent()"),
              StartsWith("refused: 1:6: function \"Absent\" is not supported: it is not offered"));
}

TEST(Calls, LiteralsWhereOnlyLiteralsAreTaken) {
  EXPECT_EQ(Ask("TextOnly(\"a\") == \"a\" and IntOnly(5) == 5"), "yes");
  for (const char* condition : {"TextOnly(name) == \"a\"", "TextOnly(5) == 5", "IntOnly(-5) == -5", "IntOnly((5)) == 5",
                                "IntOnly(2 + 3) == 5", "IntOnly(5.0) == 5"}) {
    EXPECT_THAT(Ask(condition), HasSubstr("the argument must be")) << condition;
  }
  EXPECT_EQ(Ask("Count([1, name, nil]) == 3 and Count([]) == 0"), "yes");
  EXPECT_THAT(Ask("Count(attributes[\"list\"]) == 3"), HasSubstr("must be a list"));
}

TEST(Calls, NamesOfFunctions) {
  EXPECT_EQ(Ask("NameSize(Same) == 4 and NameSize(function=NOW) == 3"), "yes");
  EXPECT_THAT(Ask("NameSize(Sane) == 4"), HasSubstr("1:10: undefined function \"Sane\""));
  EXPECT_THAT(Ask("NameSize(name) == 4"), HasSubstr("must be the name of a function"));
  EXPECT_THAT(Ask("Same(Same) == 4"), StartsWith("refused: 1:6: the name of a function"));
}

TEST(Calls, AsConditions) {
  EXPECT_EQ(Ask("Same(true) and not Same(false)"), "yes");
  EXPECT_EQ(Ask("(Same(attributes[\"b\"]))"), "yes");
  EXPECT_EQ(Ask("Same(kind)"), "error: a function that stands as a condition must yield a bool, found int64");
  EXPECT_EQ(Ask("NOW()"), "error: a function that stands as a condition must yield a bool, found <nil>");
}

TEST(Calls, KeysOfAnswers) {
  EXPECT_EQ(Ask("Same(attributes[\"map\"])[\"in\"][\"x\"] == false"), "yes");
  EXPECT_EQ(Ask("Same(attributes[\"list\"])[2][0] == 0.5 and Same([1, 2])[1] == 2"), "yes");
  EXPECT_EQ(Ask("Same(attributes)[attributes[\"key\"]] == 5 and Same(0x01ff)[1] == 255"), "yes");
  EXPECT_EQ(Ask("Same(attributes[\"map\"])[\"missing\"] == nil"), "error: key not found in map");
  EXPECT_EQ(Ask("Same([1])[1] == nil"), "error: index 1 out of bounds");
  for (const char* condition : {"Same(name)[0] == nil", "Same([1])[\"a\"] == nil", "Same({})[0] == nil",
                                "Same([1])[attributes[\"missing\"]] == nil", "Same([1])[attributes[\"d\"]] == nil"}) {
    EXPECT_THAT(Ask(condition), StartsWith("error: ")) << condition;
  }
}

TEST(Calls, Lambdas) {
  EXPECT_EQ(Ask("Apply(kind, (a, b) => a + b) == 3"), "yes");
  EXPECT_EQ(Ask("Apply(kind, (_, b) => b == 2 and true)"), "yes");
  EXPECT_EQ(Ask("Apply(kind, (_, b) => not (b == 3))"), "yes");
  EXPECT_EQ(Ask("Apply(kind, (_, b) => (b + 1) * 2 == 6 or false)"), "yes");
  EXPECT_EQ(Ask("Apply(kind, (_, b) => (b)) == 2 and Apply(kind, (_, name) => name) == 2"), "yes");
  EXPECT_EQ(Ask("Apply(attributes[\"map\"], (_, m) => m[\"k\"]) == \"v\""), "yes");
  EXPECT_EQ(Ask("Apply(kind, (a, b) => Apply(a + 4, (_, d) => d * 10 + b)) == 52"), "yes");
  EXPECT_EQ(Ask("Apply(kind, (a, a2) => Same(true) and name == \"GET /cart\")"), "yes");
  EXPECT_THAT(Ask("Apply(kind, (a, a) => a) == 1"), HasSubstr("duplicate local identifier \"a\""));
  EXPECT_THAT(Ask("Apply(kind, (a) => a) == 1"), HasSubstr("the lambda takes two parameters"));
  EXPECT_THAT(Ask("Apply(kind, (a, b) => a.b) == 1"), HasSubstr("cannot use \".\""));
  EXPECT_THAT(Ask("Apply(kind, (a, b) => (c, d) => 1) == 1"), HasSubstr("yields another lambda"));
  EXPECT_THAT(Ask("Apply(kind, 5) == 1"), HasSubstr("must be a lambda expression"));
  EXPECT_THAT(Ask("Same((a) => a) == 1"), StartsWith("refused: 1:6: a lambda can only be"));
  EXPECT_THAT(Ask("Apply(kind, (a, b) => 1) == b"), HasSubstr("\"span.b\" is not a valid path"));
}

TEST(Calls, LambdasWithinLambdasAreBounded) {
  std::string deep = "1";
  for (int i = 0; i < 4; ++i) deep = "Apply(kind, (_, b) => " + deep + ")";
  EXPECT_EQ(Ask(deep + " == 1"), "yes");
  deep = "Apply(kind, (_, b) => " + deep + ")";
  EXPECT_THAT(Ask(deep + " == 1"), HasSubstr("more than 8 parameters"));
  // Each could be read twice, as a value and as a condition: the parser must not take the time of both.
  for (int i = 0; i < 60; ++i) deep = "Apply(kind, (_, b) => " + deep + " == 1)";
  EXPECT_THAT(Ask(deep + " == 1"), StartsWith("refused: "));
}

}  // namespace
}  // namespace tailrace::ottl
