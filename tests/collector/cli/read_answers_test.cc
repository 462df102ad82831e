#include "collector/cli/read_answers.h"

#include <gtest/gtest.h>

namespace tailrace {
namespace {

TEST(ReadAnswers, Status) {
  const auto status = ReadStatus(R"({"version":"0.1.0","instance":"a","state":"ready","uptime_s":61.5,"shards":2,
    "cpu_seconds":1.25,"memory":{"budget_bytes":10,"rss_bytes":4},"accepted_spans":18446744073709551615,
    "residual_spans":-3})");
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->state, "ready");
  EXPECT_EQ(status->uptime_s, 61u);
  EXPECT_EQ(status->memory.rss_bytes, 4u);
  EXPECT_EQ(status->accepted_spans, UINT64_MAX);
  EXPECT_EQ(status->residual_spans, -3);
}

TEST(ReadAnswers, FlowSumsReasonsAndKnowsAbsence) {
  const auto flow =
      ReadFlow(R"({"pipelines":[{"id":"p","decision_lag_ms":null},{"decision_lag_ms":{"p50":1,"p99":2.5}}],
    "exporters":[{"id":"e","dropped_spans":{"queue_full":3,"shutdown":4},"queue_full":0.5}]})");
  ASSERT_TRUE(flow.ok());
  EXPECT_FALSE(flow->pipelines[0].lag_p99_ms.has_value());
  EXPECT_EQ(flow->pipelines[1].lag_p99_ms, 2.5);
  EXPECT_EQ(flow->exporters[0].dropped_spans, 7u);
}

TEST(ReadAnswers, Why) {
  const auto why = ReadWhy(R"({"id":"ab","sentence":"kept","answers":[{"pipeline":"p","state":"kept","policy":"errors",
    "decided_unix_ms":5,"deadline_unix_ms":null,"votes":[{"policy":"errors","vote":"sampled","span_id":null}]}]})");
  ASSERT_TRUE(why.ok());
  ASSERT_EQ(why->answers.size(), 1u);
  EXPECT_EQ(why->answers[0].decided_unix_ms, 5u);
  EXPECT_FALSE(why->answers[0].deadline_unix_ms.has_value());
  EXPECT_EQ(why->answers[0].votes[0].vote, "sampled");
  EXPECT_EQ(why->answers[0].votes[0].span_id, "");
}

TEST(ReadAnswers, PoliciesTracesBaselines) {
  EXPECT_EQ(ReadPolicies(R"({"pipelines":[{"processor":"t","policies":[{"name":"a","sampled":2,"cpu_ms":1.5}]}]})")
                ->at(0)
                .cpu_ms,
            1.5);
  const auto traces =
      ReadTraces(R"({"traces":[{"id":"x","cursor":"7","policy":null,"root":{"service":"s"}}],"newest":"9"})");
  EXPECT_EQ(traces->newest, "9");
  EXPECT_EQ(traces->traces[0].policy, "");
  EXPECT_EQ(traces->traces[0].root_service, "s");
  EXPECT_EQ(ReadBaselines(R"({"window_s":300,"rows":[{"calls":3}]})")->rows[0].calls, 3u);
}

TEST(ReadAnswers, AnotherVersionsFieldsAreBorne) {
  for (const char* json :
       {"{}", R"({"pipelines":7,"exporters":{},"memory":[],"version":3,"answers":"x","traces":null})",
        R"({"pipelines":[7,null,{"id":7}],"exporters":[[]],"answers":[{"votes":[1]}],"rows":[2]})"}) {
    EXPECT_TRUE(ReadStatus(json).ok());
    EXPECT_TRUE(ReadFlow(json).ok());
    EXPECT_TRUE(ReadPolicies(json).ok());
    EXPECT_TRUE(ReadTraces(json).ok());
    EXPECT_TRUE(ReadWhy(json).ok());
    EXPECT_TRUE(ReadBaselines(json).ok());
  }
}

TEST(ReadAnswers, WhatIsNoJsonObjectIsAnError) {
  for (const char* json : {"", "<html>", "[]", "7", "{\"a\":"}) EXPECT_FALSE(ReadStatus(json).ok()) << json;
  EXPECT_EQ(ReadError("<html>"), "");
  EXPECT_EQ(ReadError(R"({"error":"no such trace"})"), "no such trace");
}

}  // namespace
}  // namespace tailrace
