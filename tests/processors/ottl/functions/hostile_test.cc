// Functions on what an enemy would send: answered or refused in bounded time and memory.
#include <chrono>
#include <string>

#include "gtest/gtest.h"
#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using namespace testing;  // NOLINT: builders

// A span with `value` as its attribute "x".
Scene With(std::string_view value) {
  Scene scene;
  scene.span = OtlpSpan(1, 1, "x").Attribute("x", StringValue(value)).Bytes();
  return scene;
}

std::string Kind(const std::string& answer) { return answer.substr(0, answer.find(':')); }

std::string Repeated(std::string_view part, size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (size_t i = 0; i < times; ++i) text.append(part);
  return text;
}

TEST(HostileValues, AJsonBombIsAnError) {
  for (const char* part : {"[", "{\"a\":", "[{\"a\":"}) {
    const Scene scene = With(Repeated(part, 500'000));
    EXPECT_EQ(Kind(scene.Ask("Len(ParseJSON(attributes[\"x\"])) > 0")), "error") << part;
  }
  const Scene deep = With(Repeated("[", 100'000) + Repeated("]", 100'000));
  EXPECT_EQ(deep.Ask("Len(ParseJSON(attributes[\"x\"])) > 0"), "error: ParseJSON: nested too deep");
}

TEST(HostileValues, ManySmallJsonValuesMeetTheMemoryBound) {
  const Scene scene = With("[" + Repeated("[],", 3'000'000) + "0]");
  EXPECT_EQ(Kind(scene.Ask("Len(ParseJSON(attributes[\"x\"])) > 0")), "error");
}

TEST(HostileValues, EqualAndDistinctKeysTakeTimeLinearInTheText) {
  std::string distinct = "{";
  for (int i = 0; i < 50'000; ++i) distinct += "\"k" + std::to_string(i) + "\":1,";
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(With(distinct + "\"k\":1}").Ask("Len(ParseJSON(attributes[\"x\"])) == 50001"), "yes");
  EXPECT_EQ(With("{" + Repeated("\"a\":1,", 200'000) + "\"a\":2}").Ask("ParseJSON(attributes[\"x\"])[\"a\"] == 2"),
            "yes");
  EXPECT_EQ(With(Repeated("a=1 ", 200'000)).Ask("Len(ParseKeyValue(attributes[\"x\"])) == 1"), "yes");
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(20)) << "quadratic would be minutes";
}

TEST(HostileValues, EveryFunctionOfTextTakesAMegabyteOfAnything) {
  const std::string_view parts[] = {std::string_view("\0", 1), "\xff", "é", "%", "\"", "a=", "1", "[", ":", "T"};
  const char* conditions[] = {
      "Len(ToUpperCase(attributes[\"x\"])) >= 0",
      "Len(ToSnakeCase(attributes[\"x\"])) >= 0",
      "Len(Split(attributes[\"x\"], \"\")) >= 0",
      "Len(Trim(attributes[\"x\"], \"a=é\")) >= 0",
      "Len(Hex(attributes[\"x\"])) >= 0",
      "Len(Decode(attributes[\"x\"], \"base64\")) >= 0",
      "Len(Decode(attributes[\"x\"], \"shift_jis\")) >= 0",
      "IsMatch(attributes[\"x\"], \"(a*)*b\")",
      "Len(SHA512(attributes[\"x\"])) == 128",
      "Len(XXH128(attributes[\"x\"])) == 32",
      "Len(URL(attributes[\"x\"])) >= 0",
      "IsInCIDR(attributes[\"x\"], [\"10.0.0.0/8\"])",
      "IsValidLuhn(attributes[\"x\"])",
      "Int(attributes[\"x\"]) == 1",
      "Double(attributes[\"x\"]) == 1",
      "ParseInt(attributes[\"x\"], 36) == 1",
      "Duration(attributes[\"x\"]) == nil",
      "Time(attributes[\"x\"], \"%Y-%m-%dT%H:%M:%S.%f%z\") == nil",
      "Len(ParseCSV(attributes[\"x\"], \"a,b\", mode=\"lazyQuotes\")) == 2",
      "Len(ParseKeyValue(attributes[\"x\"])) >= 0",
      "Len(ParseJSON(attributes[\"x\"])) >= 0",
      "Len(Format(\"%q %x %v\", [attributes[\"x\"], attributes[\"x\"], attributes[\"x\"]])) >= 0",
      "Len(Concat([attributes[\"x\"], attributes[\"x\"]], attributes[\"x\"])) >= 0",
      "TraceID(attributes[\"x\"]) == trace_id",
  };
  for (const std::string_view part : parts) {
    const Scene scene = With(Repeated(part, 1'000'000 / part.size()));
    for (const char* condition : conditions) {
      const std::string kind = Kind(scene.Ask(condition));
      EXPECT_TRUE(kind == "yes" || kind == "no" || kind == "error") << condition << ": " << kind;
    }
  }
}

TEST(HostileValues, ANumberTooWideForFormatIsBounded) {
  EXPECT_NE(Ask("Len(Format(\"%999999999d\", [1])) > 0"), "");
  EXPECT_NE(Ask("Len(Format(\"%.999999999f\", [1.5])) > 0"), "");
  EXPECT_NE(Ask("Len(Format(\"%*d\", [9223372036854775807, 1])) > 0"), "");
}

TEST(HostileValues, ConditionsWithoutEndFitIntoTheirBounds) {
  EXPECT_EQ(Kind(Ask("IsMatch(name, \"" + Repeated("(", 10'000) + "\")")), "refused");
  EXPECT_EQ(Kind(Ask("Len(" + Repeated("Concat([", 10'000) + "name")), "refused");
}

}  // namespace
}  // namespace tailrace::ottl
