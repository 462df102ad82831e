#include "processors/explain/explain.h"

#include <gtest/gtest.h>

#include "processors/explain/rule_text.h"
#include "processors/explain/vote_again.h"
#include "processors/spans/value_text.h"
#include "tests/processors/span_builder.h"

namespace tailrace {
namespace {

using config::PolicyConfig;

std::string Number64(int field, uint64_t value) {
  std::string out(1, static_cast<char>(field << 3 | 1));
  return out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

std::string SpanOf(char id, const std::string& name, uint64_t start_ms, uint64_t end_ms, int status = 0) {
  std::string span = WireField(2, std::string(8, id)) + WireField(5, name);
  span += Number64(7, start_ms * 1'000'000) + Number64(8, end_ms * 1'000'000);
  return status == 0 ? span : span + WireField(15, WireNumber(3, static_cast<uint64_t>(status)));
}

std::string Service(const std::string& name) { return ResourceAttribute("service.name", StringValue(name)); }

// A checkout of 812 ms in which the card is refused.
class ExplainTest : public ::testing::Test {
 protected:
  ExplainTest() {
    spans_.Add(SpanOf('a', "GET /", 1'000, 1'812), Service("front"))
        .Add(SpanOf('b', "charge", 1'100, 1'200, 2) + SpanAttribute("http.status", IntValue(503)) +
                 SpanAttribute("card", StringValue("visa")) + SpanAttribute("retry", BoolValue(true)) +
                 WireField(3, "vendor=gold"),
             Service("pay"))
        .Add(SpanOf('c', "log", 1'300, 1'310, 1) + SpanAttribute("http.status", IntValue(200)), Service("audit"));
    facts_.time.Add(1'000'000'000, 1'812'000'000);
    facts_.span_count = 3;
    facts_.seen = kSeenStatusUnset | kSeenStatusOk | kSeenStatusError | kSeenRoot;
    facts_.bytes = 300;
  }

  KnownTrace Trace() { return {.id = id_, .facts = facts_, .spans = has_spans_ ? &spans_ : nullptr}; }
  Explanation Why(const decltype(PolicyConfig::rule)& rule, std::optional<Vote> vote, int32_t child = -1) {
    return Explain({.name = "p", .rule = rule}, Trace(), vote, child);
  }
  // "operation of service", or nothing.
  static std::string SpanIn(const Explanation& why) {
    return why.span.has_value() ? why.span->operation + " of " + why.span->service : "";
  }

  TraceId id_ = TraceId::FromBytes("0123456789abcdef");
  TraceFacts facts_;
  BuiltSpans spans_;
  bool has_spans_ = true;
};

TEST_F(ExplainTest, Latency) {
  const Explanation why = Why(config::LatencyConfig{.threshold_ms = 500}, Vote::kSampled);
  EXPECT_EQ(why.rule, "latency of more than 500 ms");
  EXPECT_EQ(why.value, "812 ms");
  EXPECT_EQ(SpanIn(why), "GET / of front");
  EXPECT_EQ(why.span->span_id, "aaaaaaaa");
  const Explanation upper = Why(config::LatencyConfig{500, 800}, Vote::kNotSampled);
  EXPECT_EQ(upper.rule, "latency of more than 500 ms and at most 800 ms");
  EXPECT_EQ(upper.value, "812 ms");
}

TEST_F(ExplainTest, StatusCode) {
  const Explanation why = Why(config::StatusCodeConfig{{"ERROR"}}, Vote::kSampled);
  EXPECT_EQ(why.rule, "a span with status ERROR");
  EXPECT_EQ(why.value, "ERROR");
  EXPECT_EQ(SpanIn(why), "charge of pay");
  facts_.seen = kSeenStatusUnset | kSeenStatusOk;
  const Explanation none = Why(config::StatusCodeConfig{{"ERROR"}}, Vote::kNotSampled);
  EXPECT_EQ(none.value, "UNSET, OK");
  EXPECT_EQ(SpanIn(none), "");
}

TEST_F(ExplainTest, Probabilistic) {
  const config::ProbabilisticConfig half{.sampling_percentage = 50};
  const std::optional<Vote> vote = VoteAgain({.name = "p", .rule = half}, Trace());
  const Explanation why = Why(half, vote);
  EXPECT_EQ(why.rule, "50 % of all traces, by trace id");
  double place = 0;
  ASSERT_EQ(std::sscanf(why.value.c_str(), "the id's hash stands at %lf %%", &place), 1) << why.value;
  EXPECT_EQ(place <= 50, vote == Vote::kSampled);
}

TEST_F(ExplainTest, AttributesOfSpans) {
  const Explanation number = Why(config::NumericAttributeConfig{"http.status", 500, 599}, Vote::kSampled);
  EXPECT_EQ(number.rule, "attribute \"http.status\" from 500 to 599");
  EXPECT_EQ(number.value, "503");
  EXPECT_EQ(SpanIn(number), "charge of pay");
  const Explanation text =
      Why(config::StringAttributeConfig{"card", {{.text = "visa"}, {.text = "amex"}}}, Vote::kSampled);
  EXPECT_EQ(text.rule, "attribute \"card\" that is \"visa\" or \"amex\"");
  EXPECT_EQ(text.value, "visa");
  const Explanation truth = Why(config::BooleanAttributeConfig{"retry", true}, Vote::kSampled);
  EXPECT_EQ(truth.rule, "attribute \"retry\" that is true");
  EXPECT_EQ(truth.value, "true");
  EXPECT_EQ(SpanIn(truth), "charge of pay");
}

TEST_F(ExplainTest, AttributesOfResources) {
  const Explanation why = Why(
      config::StringAttributeConfig{
          .key = "service.name", .values = {{.text = "^aud"}}, .enabled_regex_matching = true},
      Vote::kSampled);
  EXPECT_EQ(why.rule, "attribute \"service.name\" in which is found \"^aud\"");
  EXPECT_EQ(why.value, "audit");
  EXPECT_EQ(SpanIn(why), "log of audit");
}

TEST_F(ExplainTest, AttributesThatDoNotMatch) {
  EXPECT_EQ(Why(config::NumericAttributeConfig{"http.status", 900, 999}, Vote::kNotSampled).value, "503, 200");
  EXPECT_EQ(Why(config::NumericAttributeConfig{"queue", 1, 9}, Vote::kNotSampled).value, "not present");
  const Explanation inverted = Why(
      config::NumericAttributeConfig{.key = "http.status", .min_value = 500, .invert_match = true}, Vote::kNotSampled);
  EXPECT_EQ(inverted.rule, "no span with attribute \"http.status\" of at least 500");
  EXPECT_EQ(inverted.value, "503");
  EXPECT_EQ(SpanIn(inverted), "charge of pay");
}

TEST_F(ExplainTest, TraceStateFlagsAndConditions) {
  const Explanation state = Why(config::TraceStateConfig{"vendor", {"gold"}}, Vote::kSampled);
  EXPECT_EQ(state.rule, "trace state \"vendor\" that is \"gold\"");
  EXPECT_EQ(state.value, "gold");
  EXPECT_EQ(SpanIn(state), "charge of pay");
  EXPECT_EQ(Why(config::TraceFlagsConfig{}, Vote::kNotSampled).rule, "a span with the sampled flag");
  const Explanation condition =
      Why(config::OttlConditionConfig{.span = {{.text = "attributes[\"card\"] == \"visa\""}}}, Vote::kSampled);
  EXPECT_EQ(condition.rule, "a span for which attributes[\"card\"] == \"visa\"");
  EXPECT_EQ(condition.value, "true");
  EXPECT_EQ(SpanIn(condition), "charge of pay");
}

TEST_F(ExplainTest, CountsAndLimits) {
  EXPECT_EQ(Why(config::SpanCountConfig{2, 0}, Vote::kSampled).value, "3 spans");
  EXPECT_EQ(Why(config::SpanCountConfig{2, 10}, Vote::kSampled).rule, "at least 2 spans and at most 10");
  EXPECT_EQ(Why(config::RateLimitingConfig{100}, Vote::kSampled).value, "3 spans, within the budget of that moment");
  EXPECT_EQ(Why(config::RateLimitingConfig{100}, Vote::kNotSampled).value, "3 spans, more than the budget held");
  EXPECT_EQ(Why(config::BytesLimitingConfig{100}, Vote::kNotSampled).value, "300 bytes, more than the budget held");
  EXPECT_EQ(Why(config::BytesLimitingConfig{100}, Vote::kSampled).rule, "at most 100 bytes a second");
  EXPECT_EQ(Why(config::AlwaysSampleConfig{}, Vote::kSampled).rule, "every trace");
}

const PolicyConfig kSlow{.name = "slow", .rule = config::LatencyConfig{.threshold_ms = 500}};
const PolicyConfig kErrors{.name = "errors", .rule = config::StatusCodeConfig{{"ERROR"}}};
const PolicyConfig kManySpans{.name = "many", .rule = config::SpanCountConfig{100, 0}};
const PolicyConfig kRate{.name = "rate", .rule = config::RateLimitingConfig{10}};

TEST_F(ExplainTest, And) {
  const Explanation all = Why(config::AndConfig{{kSlow, kErrors}}, Vote::kSampled);
  EXPECT_EQ(all.rule, "latency of more than 500 ms, and a span with status ERROR");
  EXPECT_EQ(all.value, "812 ms; ERROR");
  EXPECT_EQ(SpanIn(all), "GET / of front");
  EXPECT_EQ(Why(config::AndConfig{{kSlow, kManySpans}}, Vote::kNotSampled).value,
            "3 spans, where it asks for at least 100 spans");
  EXPECT_EQ(Why(config::AndConfig{{kSlow, kRate}}, Vote::kNotSampled).value,
            "3 spans, more than the budget held, where it asks for at most 10 spans a second")
      << "nothing else is left";
}

TEST_F(ExplainTest, NotAndDrop) {
  const Explanation inverted = Why(config::NotConfig{{kErrors}}, Vote::kNotSampled);
  EXPECT_EQ(inverted.rule, "not: a span with status ERROR");
  EXPECT_EQ(inverted.value, "ERROR");
  EXPECT_EQ(SpanIn(inverted), "charge of pay");
  const Explanation drop = Why(config::DropConfig{{kSlow}}, Vote::kDropped);
  EXPECT_EQ(drop.rule, "drops: latency of more than 500 ms");
  EXPECT_EQ(drop.value, "812 ms");
}

TEST_F(ExplainTest, Composite) {
  const config::CompositeConfig rule{.max_total_spans_per_second = 100, .sub_policies = {kManySpans, kErrors, kSlow}};
  const Explanation kept = Why(rule, Vote::kSampled, 2);
  EXPECT_EQ(kept.value, "\"slow\": 812 ms; 3 spans, within its share of that second");
  EXPECT_EQ(Why(rule, Vote::kSampled).value, "\"errors\": ERROR; 3 spans, within its share of that second");
  EXPECT_EQ(Why(rule, Vote::kNotSampled).value, "\"errors\": ERROR; 3 spans, its share of that second was spent");
  EXPECT_EQ(Why(config::CompositeConfig{.sub_policies = {kManySpans}}, Vote::kNotSampled).value,
            "none of its policies samples it");
}

TEST_F(ExplainTest, NeverContradictsTheVote) {
  // As where the policy judged a part of the trace.
  const Explanation why = Why(config::LatencyConfig{.threshold_ms = 500}, Vote::kNotSampled);
  EXPECT_EQ(why.rule, "latency of more than 500 ms");
  EXPECT_EQ(why.value, "");
  EXPECT_FALSE(why.span.has_value());
  EXPECT_EQ(Why(config::LatencyConfig{.threshold_ms = 500}, std::nullopt).value, "") << "not asked";
}

TEST_F(ExplainTest, WithoutSpansItSaysWhatTheFactsSay) {
  has_spans_ = false;
  EXPECT_EQ(Why(config::LatencyConfig{.threshold_ms = 500}, Vote::kSampled).value, "812 ms");
  EXPECT_EQ(Why(config::NumericAttributeConfig{"http.status", 500, 599}, Vote::kSampled).value, "");
  EXPECT_EQ(Why(config::StatusCodeConfig{{"ERROR"}}, Vote::kSampled).value, "UNSET, OK, ERROR");
  EXPECT_EQ(VoteAgain({.name = "a", .rule = config::StringAttributeConfig{.key = "card"}}, Trace()), std::nullopt);
}

TEST_F(ExplainTest, HugeTextsAreCut) {
  const std::string huge(1 << 20, 'x');
  spans_.Add(SpanOf('d', huge, 1, 2) + SpanAttribute("huge", StringValue(huge)), Service(huge));
  const Explanation why =
      Why(config::StringAttributeConfig{.key = "huge", .values = {{.text = "x"}}, .enabled_regex_matching = true},
          Vote::kSampled);
  for (const std::string& text : {why.value, why.span->operation, why.span->service}) {
    EXPECT_EQ(text, std::string(kShownTextMax, 'x') + "\xE2\x80\xA6");
  }
  config::StringAttributeConfig many{.key = huge};
  for (int i = 0; i < 10'000; ++i) many.values.push_back({.text = huge.substr(0, 1'000)});
  EXPECT_LE(RuleText({.name = "p", .rule = many}).size(), kShownTextMax + 3);
}

TEST(Shortened, CutsBetweenCharacters) {
  EXPECT_EQ(Shortened("abc", 3), "abc");
  EXPECT_EQ(Shortened("abcd", 3), "abc\xE2\x80\xA6");
  EXPECT_EQ(Shortened("a\xC3\xA9z", 2), "a\xE2\x80\xA6");
  EXPECT_EQ(Shortened("\xF0\x9F\x98\x80z", 3), "\xE2\x80\xA6");
  EXPECT_EQ(Shortened(std::string(10, '\x80'), 8), std::string(5, '\x80') + "\xE2\x80\xA6") << "no UTF-8 anyway";
}

}  // namespace
}  // namespace tailrace
