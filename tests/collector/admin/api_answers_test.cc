// The API's answers, on a snapshot in which every number is different.
#include "collector/admin/api_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/collector/admin/page_rig.h"

namespace tailrace {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Moment SampleMoment() {
  Moment moment{.unix_ms = 1'700'000'000'123,
                .daemon = testing::SampleSnapshot(),
                .process = testing::SampleProcess(),
                .ledger = {}};
  moment.daemon.pipelines[0].policies[1].errors = 3;
  moment.ledger = ComputeLedger(moment.daemon);
  return moment;
}

constexpr char kMemory[] =
    R"("memory":{"budget_bytes":1073741824,"rss_bytes":52428800,"table_bytes":81920,"buffer_bytes":65536})";

TEST(StatusAnswer, SaysWhoAndHow) {
  const Identity identity = {.instance = testing::SampleInstance(), .started_unix_ms = 1'699'999'938'623};
  EXPECT_EQ(StatusJson(SampleMoment(), Health::kReady, identity),
            std::string(R"({"version":"1.2.3","instance":"8a6f","state":"ready","started_unix_ms":1699999938623,)") +
                R"("now_unix_ms":1700000000123,"uptime_s":61.5,"shards":2,"cpu_seconds":12.25,)" + kMemory +
                R"(,"accepted_spans":1200,"refused_spans":50,"failed_spans":2,"residual_spans":0})");
  EXPECT_THAT(StatusJson(SampleMoment(), Health::kStarting, identity), HasSubstr(R"("state":"starting")"));
  EXPECT_THAT(StatusJson(SampleMoment(), Health::kStopping, identity), HasSubstr(R"("state":"stopping")"));
}

TEST(StatusAnswer, ResidualsDoNotMakeUpForEachOther) {
  Moment moment = SampleMoment();
  moment.ledger[0].residual = 3;
  moment.ledger[1].residual = -3;
  EXPECT_THAT(StatusJson(moment, Health::kReady, {}), HasSubstr(R"("residual_spans":6)"));
}

TEST(FlowAnswer, HasEveryCount) {
  const std::string flow = FlowJson(SampleMoment(), testing::SampleConfig());
  EXPECT_THAT(flow, HasSubstr(kMemory));
  EXPECT_THAT(flow, HasSubstr(R"("stress":{"exporter_queue":0.5,"num_traces":0.25,"span_memory":0,"buffers":1})"));
  EXPECT_THAT(flow, HasSubstr(R"({"transport":"grpc","accepted_spans":900,"refused_spans":50,"failed_spans":2,)"
                              R"("requests_ok":9,"requests_refused":3,"requests_failed":1,"body_bytes":410400})"));
  EXPECT_THAT(flow,
              HasSubstr(R"({"id":"traces/a","processor":"tail_sampling/gold","receivers":["otlp"],)"
                        R"("exporters":["otlp/jaeger","file"],"accepted_spans":1000,"kept_spans":310,)"
                        R"("dropped_by_policy_spans":600,"dropped_spans":{"trace_too_large":7},"in_ring_spans":3,)"
                        R"("in_table_spans":80,"in_table_traces":8,"in_table_bytes":40960,"in_open_batch_spans":10,)"
                        R"("new_traces":101,"sampled_traces":31,"not_sampled_traces":60,"dropped_traces":2,)"
                        R"("early_traces":{"num_traces":5,"memory":4,"headers":3,"trace_spans":2,"trace_bytes":1},)"
                        R"("late_sampled_spans":4,"late_not_sampled_spans":6,"decision_lag_ms":{)"));
  EXPECT_THAT(flow, HasSubstr(R"({"id":"traces/b","processor":null,"receivers":["otlp"])"));
  EXPECT_THAT(flow, HasSubstr(R"("decision_lag_ms":null)"));
  EXPECT_THAT(flow, HasSubstr(R"("queued_spans":22,"in_flight_spans":8,"queue_batches":2,"queue_bytes":9000,)"));
  EXPECT_THAT(flow, HasSubstr(R"("state":"probing")"));
  EXPECT_THAT(flow, HasSubstr(R"({"exporter":"otlp/jaeger","accepted":1200,"recovered":0,"forwarded":400,"own":0,)"
                              R"("dropped_by_policy":600,"dropped":32,"in_ring":3,"in_table":80,"in_open_batch":15,)"
                              R"("in_flight_to_exporter":40,"queued":22,"in_flight":8,"residual":0})"));
}

TEST(FlowAnswer, LeavesOutTransportsThatAreOff) {
  config::Config config = testing::SampleConfig();
  config.receivers[0].grpc.enabled = false;
  const std::string flow = FlowJson(SampleMoment(), config);
  EXPECT_THAT(flow, HasSubstr(R"("transport":"http")"));
  EXPECT_THAT(flow, Not(HasSubstr(R"("transport":"grpc")")));
}

TEST(FlowAnswer, QuantilesLieInTheirBucket) {
  // 70 of 93 up to 1 ms, 20 up to 5 ms, 3 beyond.
  EXPECT_THAT(FlowJson(SampleMoment(), testing::SampleConfig()),
              HasSubstr(R"("decision_lag_ms":{"p50":0.6642857142857143,"p99":5})"));
}

TEST(PoliciesAnswer, HasTheVotesInTheConfigurationsOrder) {
  config::Config config = testing::SampleConfig();
  config.tail_samplings[0].decision_wait = std::chrono::microseconds(2500);
  EXPECT_EQ(
      PoliciesJson(SampleMoment(), config),
      R"({"pipelines":[{"pipeline":"traces/a","processor":"tail_sampling/gold","decision_wait_ms":2.5,)"
      R"("decided_traces":93,"kept_traces":31,"policies":[)"
      R"({"name":"errors","type":"status_code","sampled":21,"not_sampled":72,"dropped":28,"errors":0,"cpu_ms":0.011},)"
      R"({"name":"slow \"a\\b\"","type":"latency","sampled":10,"not_sampled":83,"dropped":29,"errors":3,"cpu_ms":0.013}],)"
      R"("overlap":null}]})");
}

TEST(PoliciesAnswer, HasTheOverlapRowByRow) {
  Moment moment = SampleMoment();
  moment.daemon.pipelines[0].policy_overlap = {21, 4, 4, 10};
  EXPECT_THAT(PoliciesJson(moment, testing::SampleConfig()), HasSubstr(R"("overlap":[[21,4],[4,10]])"));
}

TEST(ConfigAnswer, IsTheConfigurationInForce) {
  const std::string answer = ConfigJson(testing::SampleConfig());
  EXPECT_THAT(answer, HasSubstr("\"yaml\":\"receivers:\\n"));
  EXPECT_THAT(answer, HasSubstr(R"("warnings":["a warning"]})"));
}

}  // namespace
}  // namespace tailrace
