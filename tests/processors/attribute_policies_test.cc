// The policies that look for an attribute of a resource or span.
#include <gtest/gtest.h>

#include "processors/engine.h"
#include "processors/policies/pattern_list.h"
#include "tests/processors/span_builder.h"

namespace tailrace {
namespace {

using config::BooleanAttributeConfig;
using config::NumericAttributeConfig;
using config::StringAttributeConfig;

template <class Rule>
bool Keeps(const Rule& rule, BuiltSpans spans) {
  config::TailSamplingConfig config;
  config.policies = {{.name = "p", .rule = rule}};
  Engine engine(config);
  const TraceFacts facts;
  return engine.Decide({.id = TraceId(), .facts = facts, .spans = &spans}).verdict == Verdict::kSampled;
}

BuiltSpans Span(const std::string& value) { return BuiltSpans().Add("").Add(SpanAttribute("k", value)); }
BuiltSpans Resource(const std::string& value) { return BuiltSpans().Add("").Add("", ResourceAttribute("k", value)); }
BuiltSpans Nothing() {
  return BuiltSpans().Add(SpanAttribute("other", IntValue(5)), ResourceAttribute("o", IntValue(5)));
}

TEST(NumericAttribute, BoundsAreInclusiveAndZeroIsNone) {
  const NumericAttributeConfig range{.key = "k", .min_value = 100, .max_value = 200};
  for (const int64_t inside : {100, 150, 200}) {
    EXPECT_TRUE(Keeps(range, Span(IntValue(inside)))) << inside;
    EXPECT_TRUE(Keeps(range, Resource(IntValue(inside)))) << inside;
  }
  for (const int64_t outside : {99, 201, -150}) EXPECT_FALSE(Keeps(range, Span(IntValue(outside)))) << outside;
  EXPECT_TRUE(Keeps(NumericAttributeConfig{.key = "k", .max_value = 5}, Span(IntValue(INT64_MIN))));
  EXPECT_TRUE(Keeps(NumericAttributeConfig{.key = "k", .min_value = 5}, Span(IntValue(INT64_MAX))));
}

TEST(NumericAttribute, OtherTypesCountAsZero) {
  EXPECT_TRUE(Keeps(NumericAttributeConfig{.key = "k", .max_value = 5}, Span(StringValue("900"))));
  EXPECT_FALSE(Keeps(NumericAttributeConfig{.key = "k", .min_value = 5}, Span(StringValue("900"))));
  EXPECT_TRUE(Keeps(NumericAttributeConfig{.key = "k", .max_value = 5}, Span("")));
  EXPECT_FALSE(Keeps(NumericAttributeConfig{.key = "k", .max_value = 5}, Nothing()));
}

TEST(NumericAttribute, InvertedKeepsWhereNothingMatches) {
  const NumericAttributeConfig rule{.key = "k", .min_value = 1, .max_value = 9, .invert_match = true};
  EXPECT_TRUE(Keeps(rule, Nothing()));
  EXPECT_TRUE(Keeps(rule, Span(IntValue(10))));
  EXPECT_FALSE(Keeps(rule, Span(IntValue(9))));
  EXPECT_FALSE(Keeps(rule, Resource(IntValue(9))));
}

TEST(BooleanAttribute, OtherTypesCountAsFalse) {
  const BooleanAttributeConfig is_true{.key = "k", .value = true}, is_false{.key = "k", .value = false};
  EXPECT_TRUE(Keeps(is_true, Span(BoolValue(true))));
  EXPECT_FALSE(Keeps(is_true, Span(BoolValue(false))));
  EXPECT_FALSE(Keeps(is_true, Nothing()));
  EXPECT_TRUE(Keeps(is_false, Resource(BoolValue(false))));
  EXPECT_TRUE(Keeps(is_false, Span(StringValue("true"))));
  EXPECT_FALSE(Keeps(is_false, Nothing()));
  const BooleanAttributeConfig inverted{.key = "k", .value = true, .invert_match = true};
  EXPECT_TRUE(Keeps(inverted, Nothing()));
  EXPECT_FALSE(Keeps(inverted, Span(BoolValue(true))));
}

StringAttributeConfig Texts(std::vector<std::string> values, bool regex = false, bool invert = false) {
  StringAttributeConfig rule{.key = "k", .enabled_regex_matching = regex, .invert_match = invert};
  for (std::string& value : values) rule.values.push_back({std::move(value), {}});
  return rule;
}

TEST(StringAttribute, ExactTexts) {
  EXPECT_TRUE(Keeps(Texts({"a", "b"}), Span(StringValue("b"))));
  EXPECT_TRUE(Keeps(Texts({"a", "b"}), Resource(StringValue("a"))));
  EXPECT_FALSE(Keeps(Texts({"a"}), Span(StringValue("ab"))));
  EXPECT_FALSE(Keeps(Texts({}), Span(StringValue("a"))));
  EXPECT_FALSE(Keeps(Texts({""}), Span(StringValue(""))));
  EXPECT_FALSE(Keeps(Texts({""}), Resource(StringValue("")))) << "empty texts in the list match nothing";
  EXPECT_FALSE(Keeps(Texts({"5"}), Span(IntValue(5))));
  EXPECT_TRUE(Keeps(Texts({"a"}, false, true), Nothing()));
  EXPECT_FALSE(Keeps(Texts({"x", "a", "y"}, false, true), Span(StringValue("a"))));
}

TEST(StringAttribute, ExpressionsAreFoundAnywhere) {
  EXPECT_TRUE(Keeps(Texts({"ell"}, true), Span(StringValue("hello"))));
  EXPECT_FALSE(Keeps(Texts({"^ell"}, true), Span(StringValue("hello"))));
  EXPECT_TRUE(Keeps(Texts({"x", "^h.*o$"}, true), Resource(StringValue("hello"))));
  EXPECT_FALSE(Keeps(Texts({".*"}, true), Span(StringValue("")))) << "an empty text of a span is not looked at";
  EXPECT_TRUE(Keeps(Texts({".*"}, true), Resource(StringValue(""))));
  EXPECT_TRUE(Keeps(Texts({"^$"}, true), Resource(IntValue(5)))) << "a resource's number reads as the empty text";
  EXPECT_FALSE(Keeps(Texts({".*"}, true), Span(IntValue(5))));
  EXPECT_FALSE(Keeps(Texts({"ell"}, true, true), Span(StringValue("hello"))));
}

TEST(StringAttribute, HostileValues) {
  const std::string nul("a\0b", 3);
  EXPECT_TRUE(Keeps(Texts({nul}), Span(StringValue(nul))));
  EXPECT_FALSE(Keeps(Texts({"a"}), Span(StringValue(nul))));
  EXPECT_TRUE(Keeps(Texts({"^a.b$"}, true), Span(StringValue(nul))));
  EXPECT_TRUE(Keeps(Texts({"^a.b$"}, true), Span(StringValue("a\xff"
                                                             "b"))))
      << "read as U+FFFD";
  EXPECT_TRUE(Keeps(Texts({"^a.{3}b$"}, true), Span(StringValue("a\xed\xa0\x80"
                                                                "b"))))
      << "a surrogate: three of them";
  const std::string large = std::string(1 << 20, 'a') + "needle";
  EXPECT_TRUE(Keeps(Texts({large}), Span(StringValue(large))));
  EXPECT_TRUE(Keeps(Texts({"(a+)+needle$"}, true), Span(StringValue(large))));
  EXPECT_FALSE(Keeps(Texts({"(a+)+$"}, true), Span(StringValue(large))));
}

TEST(PatternList, RemembersAsManyTextsAsItWasTold) {
  PatternList patterns(1);
  ASSERT_TRUE(patterns.Add("^a").ok());
  EXPECT_TRUE(patterns.Matches("ab"));
  EXPECT_TRUE(patterns.Matches("ab"));
  EXPECT_EQ(patterns.cache_hits(), 1u);
  EXPECT_FALSE(patterns.Matches("b"));
  EXPECT_FALSE(patterns.Matches("b"));
  EXPECT_EQ(patterns.cache_hits(), 2u);
  EXPECT_TRUE(patterns.Matches("ab")) << "pushed out by b, and found again";
  EXPECT_EQ(patterns.cache_hits(), 2u);
  const std::string large(PatternList::kCachedTextMax + 1, 'a');
  EXPECT_TRUE(patterns.Matches(large));
  EXPECT_TRUE(patterns.Matches(large));
  EXPECT_EQ(patterns.cache_hits(), 2u) << "long texts are not kept";
}

TEST(PatternList, RefusesInGosWords) {
  PatternList patterns(0);
  EXPECT_EQ(patterns.Add("(").message(), "error parsing regexp: missing closing ): `(`");
  EXPECT_EQ(patterns.Add("[a").message(), "error parsing regexp: missing closing ]: `[a`");
  EXPECT_EQ(patterns.Add("a**").message(), "error parsing regexp: invalid nested repetition operator: `**`");
  EXPECT_EQ(patterns.Add("*").message(), "error parsing regexp: missing argument to repetition operator: `*`");
}

}  // namespace
}  // namespace tailrace
