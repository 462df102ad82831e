// Kinds, conversions and choices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

void AllHold(std::initializer_list<const char*> conditions) {
  for (const char* condition : conditions) EXPECT_EQ(Ask(condition), "yes") << condition;
}
void AllFail(std::initializer_list<const char*> conditions) {
  for (const char* condition : conditions) EXPECT_THAT(Ask(condition), StartsWith("error:")) << condition;
}
void AllRefused(std::initializer_list<const char*> conditions) {
  for (const char* condition : conditions) EXPECT_THAT(Ask(condition), StartsWith("refused:")) << condition;
}

TEST(Types, KindsOfScalars) {
  AllHold({"IsString(attributes[\"s\"]) and IsString(\"\") and IsString(name)", "not IsString(attributes[\"i\"])",
           "not IsString(attributes[\"missing\"]) and not IsString(attributes[\"bytes\"])", "IsInt(attributes[\"i\"])",
           "IsInt(SPAN_KIND_SERVER)", "not IsInt(attributes[\"d\"]) and not IsInt(attributes[\"missing\"])",
           "IsDouble(attributes[\"d\"]) and not IsDouble(attributes[\"i\"])",
           "IsBool(attributes[\"b\"]) and IsBool(false) and not IsBool(attributes[\"s\"])",
           "not IsInt(URL(\"http://h:80/\")[\"url.port\"])"});
  // A literal of another kind is refused when the condition is read, as by the Collector.
  AllRefused({"IsString(5)", "IsInt(\"5\")", "IsDouble(1)", "IsBool(nil)", "IsMap(\"{}\")", "IsString()",
              "IsString(\"a\", \"b\")"});
  AllFail({"IsString(Int(name))", "IsList(Int(name))"});
}

TEST(Types, MapsAndLists) {
  AllHold({"IsMap(attributes) and IsMap(attributes[\"map\"]) and IsMap({\"a\": 1}) and IsMap(resource.attributes)",
           "not IsMap(attributes[\"list\"]) and not IsMap(attributes[\"missing\"]) and not IsMap(status)",
           "IsList(attributes[\"list\"]) and IsList([]) and IsList(Split(\"a\", \",\")) and IsList(events)",
           "IsList(links) and not IsList(attributes) and not IsList(nil) and not IsList(attributes[\"bytes\"])"});
}

TEST(Types, Empty) {
  AllHold(
      {"IsEmpty(nil) and IsEmpty(\"\") and IsEmpty(0) and IsEmpty(false) and IsEmpty([]) and IsEmpty({})",
       "IsEmpty(attributes[\"missing\"]) and IsEmpty(attributes[\"nothing\"]) and IsEmpty(attributes[\"no bytes\"])",
       "IsEmpty(SpanID(0x0000000000000000)) and IsEmpty(Duration(\"0s\"))",
       "not IsEmpty(\" \") and not IsEmpty(true) and not IsEmpty(attributes) and not IsEmpty(events)",
       "not IsEmpty(start_time) and not IsEmpty(SpanID(0x0000000000000001)) and not IsEmpty(-1)"});
}

TEST(Types, Int) {
  AllHold({"Int(\"5\") == 5 and Int(\"+5\") == 5 and Int(\"-5\") == -5", "Int(5.9) == 5 and Int(-5.9) == -5",
           "Int(true) == 1 and Int(false) == 0", "Int(attributes[\"missing\"]) == nil",
           "Int(\"9223372036854775807\") == 9223372036854775807"});
  AllRefused({"Int(\"5.5\") == 5", "Int(\"\") == nil", "Int(\" 5\") == 5", "Int(\"1_000\") == 1000",
              "Int(\"9223372036854775808\") == 0"});
  AllFail({"Int(attributes[\"s\"]) == 5", "Int(attributes[\"map\"]) == 5", "Int(attributes[\"bytes\"]) == 5"});
}

TEST(Types, IntOfWhatNoIntHolds) {
  Scene scene;
  const int64_t least = std::numeric_limits<int64_t>::min();
  for (const double number : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e300,
                              -std::numeric_limits<double>::infinity()}) {
    scene.span = testing::OtlpSpan(1, 1, "x")
                     .Attribute("number", testing::DoubleValue(number))
                     .Attribute("least", testing::IntValue(least))
                     .Bytes();
    EXPECT_EQ(scene.Ask("Int(attributes[\"number\"]) == attributes[\"least\"]"), "yes") << number;
  }
}

TEST(Types, Double) {
  AllHold({"Double(\"5.5e3\") == 5500.0 and Double(\"1_0\") == 10.0 and Double(\"0x1p4\") == 16.0",
           "Double(5) == 5.0 and Double(true) == 1.0", "Double(\"-Infinity\") < 0.0 and Double(\"inf\") > 0.0",
           "Double(\"nan\") != Double(\"nan\")", "Double(attributes[\"missing\"]) == nil"});
  AllRefused({"Double(\"1e400\") > 0.0", "Double(\"\") == nil", "Double(\" 1\") == 1.0", "Double(\"1__0\") == 10.0"});
  AllFail({"Double(attributes[\"list\"]) == nil", "Double(attributes[\"bytes\"]) == nil", "Double(name) == nil"});
}

TEST(Types, Bool) {
  AllHold({"Bool(\"true\") and Bool(\"T\") and Bool(\"1\") and Bool(\"t\") and Bool(\"TRUE\") and Bool(\"True\")",
           "not Bool(\"false\") and not Bool(\"F\") and not Bool(\"0\")", "Bool(2) and not Bool(0) and Bool(0.1)",
           "Bool(attributes[\"missing\"]) == nil"});
  AllRefused({"Bool(\"tRUE\")", "Bool(\"yes\")", "Bool(\"\")"});
  AllFail({"Bool(attributes[\"s\"])", "Bool(attributes[\"map\"])", "Bool(attributes[\"missing\"])"});
}

TEST(Types, String) {
  AllHold({"String(5) == \"5\" and String(1.0) == \"1\" and String(true) == \"true\"",
           "String(0.0000001) == \"1e-07\" and String(100000000.0) == \"100000000\"",
           "String(attributes[\"bytes\"]) == \"0001\" and String(attributes[\"no bytes\"]) == \"\"",
           "String(attributes[\"list\"]) == \"[\\\"a\\\",2,[0.5]]\"",
           "String({\"b\": 1, \"a\": nil}) == \"{\\\"a\\\":null,\\\"b\\\":1}\"",
           "String(Split(\"a,b\", \",\")) == \"[\\\"a\\\",\\\"b\\\"]\"", "String(attributes[\"missing\"]) == nil",
           "String(Duration(\"1s\")) == \"1000000000\""});
  Scene scene;
  scene.span = testing::OtlpSpan(1, 1, "x")
                   .Attribute("nan", testing::DoubleValue(std::numeric_limits<double>::quiet_NaN()))
                   .Bytes();
  EXPECT_THAT(scene.Ask("String(attributes[\"nan\"]) == \"NaN\""), StartsWith("error:"));
}

TEST(Types, Coalesce) {
  AllHold({"Coalesce([nil, 5]) == 5", "Coalesce([nil, nil]) == nil", "Coalesce([\"\", \"x\"]) == \"\"",
           "Coalesce([attributes[\"missing\"], attributes[\"s\"]]) == \"text\"",
           "Coalesce([attributes[\"nothing\"], 1]) == 1", "Coalesce([1, Int(name)]) == 1"});
  AllRefused({"Coalesce([]) == nil", "Coalesce(attributes[\"list\"]) == nil", "Coalesce(nil) == nil"});
  AllFail({"Coalesce([nil, Int(name)]) == nil"});
}

TEST(Types, When) {
  AllHold({"When(() => attributes[\"i\"] == 5, \"a\", \"b\") == \"a\"", "When(() => false, 1, nil) == nil",
           "When(() => attributes[\"b\"], nil, \"b\") == nil", "When(() => true, 1, Int(name)) == 1",
           "When(condition=() => IsMatch(name, \"GET\"), true_value=1, false_value=2) == 1"});
  AllRefused({"When((x) => true, 1, 2) == 1", "When(true, 1, 2) == 1", "When(() => true, 1) == 1"});
  AllFail({"When(() => 5, 1, 2) == 1", "When(() => nil, 1, 2) == 1", "When(() => Int(name) == 1, 1, 2) == 1",
           "When(() => true, Int(name), 2) == 1"});
}

}  // namespace
}  // namespace tailrace::ottl
