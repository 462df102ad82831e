#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/processors/ottl/compiler/asked.h"

namespace tailrace::ottl {
namespace {

// The answers of == != < <= > >=, as y and n.
std::string Answers(const std::string& left, const std::string& right) {
  std::string answers;
  for (const std::string op : {"==", "!=", "<", "<=", ">", ">="}) {
    const std::string answer = Ask(left + " " + op + " " + right);
    answers += answer == "yes" ? "y" : answer == "no" ? "n" : answer;
  }
  return answers;
}

constexpr char kEqual[] = "ynnyny";
constexpr char kLess[] = "nyyynn";
constexpr char kGreater[] = "nynnyy";
constexpr char kUnlike[] = "nynnnn";
constexpr char kSame[] = "ynnnnn";  // equal, but without an order

struct Case {
  const char* left;
  const char* right;
  const char* answers;
};

TEST(Compare, EveryKindWithEveryOther) {
  const std::vector<Case> cases = {
      {"attributes[\"i\"]", "5", kEqual},
      {"attributes[\"i\"]", "5.5", kLess},
      {"attributes[\"i\"]", "4", kGreater},
      {"attributes[\"i\"]", "\"5\"", kUnlike},
      {"attributes[\"d\"]", "1", kGreater},
      {"attributes[\"d\"]", "1.5", kEqual},
      {"attributes[\"s\"]", "\"text\"", kEqual},
      {"attributes[\"s\"]", "\"tf\"", kLess},
      {"attributes[\"s\"]", "1", kUnlike},
      {"attributes[\"b\"]", "false", kGreater},
      {"attributes[\"b\"]", "true", kEqual},
      {"attributes[\"b\"]", "1", kUnlike},
      {"attributes[\"bytes\"]", "0x0001", kEqual},
      {"attributes[\"bytes\"]", "0x01", kLess},
      {"attributes[\"bytes\"]", "\"x\"", kUnlike},
      {"attributes[\"no bytes\"]", "nil", kEqual},
      {"attributes[\"no bytes\"]", "0x00", kUnlike},
      {"attributes[\"nothing\"]", "nil", kEqual},
      {"attributes[\"missing\"]", "nil", kEqual},
      {"attributes[\"missing\"]", "0", kUnlike},
      {"attributes[\"missing\"]", "\"\"", kUnlike},
      {"attributes[\"missing\"]", "attributes[\"also missing\"]", kEqual},
      {"attributes[\"s\"]", "nil", kUnlike},
      {"attributes[\"i\"]", "attributes[\"d\"]", kGreater},
      {"attributes[\"list\"]", "[\"a\", 2, [0.5]]", kSame},
      {"attributes[\"list\"]", "[\"a\", 2.0, [0.5]]", kUnlike},
      {"attributes[\"list\"]", "attributes[\"list\"]", kSame},
      {"attributes[\"list\"]", "nil", kUnlike},
      {"attributes[\"map\"]", "{\"n\": 1, \"in\": {\"x\": false}, \"k\": \"v\"}", kSame},
      {"attributes[\"map\"]", "{\"n\": 1}", kUnlike},
      {"attributes[\"map\"]", "attributes[\"list\"]", kUnlike},
      {"[1]", "[1.0]", kUnlike},
      {"[attributes[\"map\"]]", "[attributes[\"map\"]]", kSame},
      {"[attributes[\"list\"]]", "[[\"a\", 2, [0.5]]]", kUnlike},
      {"start_time", "end_time", kLess},
      {"end_time", "end_time", kEqual},
      {"start_time", "1000000000", kUnlike},
      {"end_time - start_time", "start_time - end_time", kGreater},
      {"trace_id", "trace_id", kSame},
      {"trace_id", "span_id", kUnlike},
      {"span_id", "parent_span_id", kUnlike},
      {"span_id", "0x0000000000000007", kUnlike},
      {"status", "status", kSame},
      {"status", "nil", kUnlike},
      {"status", "0", kUnlike},
      {"events", "events", kSame},
      {"events", "links", kUnlike},
      {"events", "[]", kUnlike},
      {"9007199254740993", "9007199254740992.0", kEqual},
      {"nil", "nil", kEqual},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(Answers(one.left, one.right), one.answers) << one.left << " with " << one.right;
    const std::string mirrored = one.answers == std::string(kLess)      ? kGreater
                                 : one.answers == std::string(kGreater) ? kLess
                                                                        : one.answers;
    EXPECT_EQ(Answers(one.right, one.left), mirrored) << one.right << " with " << one.left;
  }
}

TEST(Compare, NotANumberIsUnequalToItself) {
  Scene scene;
  scene.span += testing::OtlpSpan(1, 1).Attribute("nan", testing::DoubleValue(__builtin_nan(""))).Bytes();
  EXPECT_EQ(scene.Ask("attributes[\"nan\"] == attributes[\"nan\"]"), "no");
  EXPECT_EQ(scene.Ask("attributes[\"nan\"] != 1.0"), "yes");
  EXPECT_EQ(scene.Ask("attributes[\"nan\"] >= 1"), "no");
}

}  // namespace
}  // namespace tailrace::ottl
