#include "processors/policies/trace_state.h"

#include <gtest/gtest.h>

#include "tests/processors/span_builder.h"

namespace tailrace {
namespace {

TEST(TraceState, FindsMembers) {
  EXPECT_EQ(FindTraceStateMember("a=1,b=2", "b"), "2");
  EXPECT_EQ(FindTraceStateMember("a=1", "b"), "");
  EXPECT_EQ(FindTraceStateMember("", "a"), "");
  EXPECT_EQ(FindTraceStateMember(" \ta=1 \t, b=x y", "a"), "1");
  EXPECT_EQ(FindTraceStateMember(" \ta=1 \t, b=x y", "b"), "x y");
  EXPECT_EQ(FindTraceStateMember(",,a=1,,", "a"), "1");
  EXPECT_EQ(FindTraceStateMember("t1@sys=1", "t1@sys"), "1");
  EXPECT_EQ(FindTraceStateMember("a_-*/9=1", "a_-*/9"), "1");
}

TEST(TraceState, OneBadMemberSpoilsAll) {
  for (const char* bad : {"b", "=1", "b=", "B=1", "1b=1", "b =1", "b=1=2", "a=2", " ", "b=\x7f", "b=\xc3\xa4", "b@=1",
                          "@b=1", "b@1s=1", "b@s@t=1", "\xff=1"}) {
    EXPECT_EQ(FindTraceStateMember(std::string("a=1,") + bad, "a"), "") << bad;
  }
  EXPECT_EQ(FindTraceStateMember(std::string("a=1,b=\0", 7), "a"), "");
}

TEST(TraceState, HasBounds) {
  const auto members = [](int count) {
    std::string text = "a=1";
    for (int i = 1; i < count; ++i) text += ",k" + std::to_string(i) + "=v";
    return text;
  };
  EXPECT_EQ(FindTraceStateMember(members(32), "a"), "1");
  EXPECT_EQ(FindTraceStateMember(members(33), "a"), "");
  EXPECT_EQ(FindTraceStateMember("a=" + std::string(256, 'x'), "a").size(), 256u);
  EXPECT_EQ(FindTraceStateMember("a=" + std::string(257, 'x'), "a"), "");
  const std::string longest = "k" + std::string(255, 'x');
  EXPECT_EQ(FindTraceStateMember(longest + "=1", longest), "1");
  EXPECT_EQ(FindTraceStateMember(longest + "x=1", longest + "x"), "");
  EXPECT_EQ(FindTraceStateMember(std::string(1 << 20, ','), "a"), "");
  EXPECT_EQ(FindTraceStateMember(std::string(1 << 20, '='), "a"), "");
}

Answer Ask(const std::vector<std::string>& values, const std::string& trace_state) {
  AttributeKeys keys;
  SpanView view(&keys);
  const std::string span = WireField(3, trace_state);
  StoredSpan stored;
  stored.span = span;
  view.Reset(stored);
  return TraceStateQuestion("k", values).Ask(&view);
}

TEST(TraceStateQuestion, MatchesWholeValues) {
  EXPECT_EQ(Ask({"x", "a"}, "j=1,k=a"), Answer::kYes);
  EXPECT_EQ(Ask({"x", "a"}, "k=ab"), Answer::kNo);
  EXPECT_EQ(Ask({}, "k=a"), Answer::kNo);
  EXPECT_EQ(Ask({""}, "j=a"), Answer::kNo) << "an empty value is no value";
  EXPECT_EQ(Ask({std::string(254, 'x')}, "k=" + std::string(254, 'x')), Answer::kYes);
  EXPECT_EQ(Ask({std::string(255, 'x')}, "k=" + std::string(255, 'x')), Answer::kNo) << "key and value: 256 bytes";
}

}  // namespace
}  // namespace tailrace
