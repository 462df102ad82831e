#include "collector/cli/why_text.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"

namespace tailrace {
namespace {

ApiWhy Kept() {
  ApiWhyAnswer answer;
  answer.pipeline = "traces";
  answer.state = "kept";
  answer.policy = "slow";
  answer.spans = 3;
  answer.duration_ms = 812;
  answer.late_spans = 2;
  answer.votes = {{.policy = "slow",
                   .type = "latency",
                   .vote = "sampled",
                   .rule = "latency of at least 500 ms",
                   .value = "812 ms",
                   .span_id = "00f067aa0ba902b7",
                   .service = "checkout",
                   .operation = "POST /cart"},
                  {.policy = "rest", .type = "probabilistic", .vote = "not_sampled"}};
  return {.id = "x", .sentence = "Kept by slow.", .answers = {answer}};
}

TEST(WhyText, SaysWhoVotedHowAndOnWhat) {
  EXPECT_EQ(WhyText(Kept(), 160, false),
            "Kept by slow.\n"
            "\n"
            "pipeline traces: kept by slow, 3 spans, 812.0ms, 2 late since\n"
            "POLICY  VOTE         RULE                        VALUE   SPAN\n"
            "slow    sampled      latency of at least 500 ms  812 ms  checkout POST /cart 00f067aa0ba902b7\n"
            "rest    not sampled  probabilistic\n");
}

TEST(WhyText, HostileNamesMoveNothing) {
  ApiWhy why = Kept();
  why.sentence = why.answers[0].policy = why.answers[0].votes[0].operation = "\x1b[2J\n\u202e";
  const std::string text = WhyText(why, 160, false);
  EXPECT_FALSE(absl::StrContains(text, "\x1b"));
  EXPECT_FALSE(absl::StrContains(text, "\u202e"));
}

TEST(WhyText, KnownIsWhatSomePipelineCanTell) {
  ApiWhy why = Kept();
  EXPECT_TRUE(IsKnown(why));
  why.answers[0].state = "forgotten";
  EXPECT_FALSE(IsKnown(why));
  why.answers.push_back({.pipeline = "other", .state = "undecided"});
  EXPECT_TRUE(IsKnown(why));
  EXPECT_FALSE(IsKnown({}));
}

TEST(WhyText, NeverSeenIsTheSentenceAlone) {
  ApiWhy why = {.sentence = "Never seen.", .answers = {{.pipeline = "traces", .state = "never_seen"}}};
  EXPECT_EQ(WhyText(why, 80, false), "Never seen.\n");
}

}  // namespace
}  // namespace tailrace
