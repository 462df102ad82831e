// The connector `loadbalancing`: what its pipelines come to, and what is refused around it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/load_text.h"

namespace tailrace::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kConnector[] =
    "connectors: {load_balancing: {self: 'b:4317', resolver: {static: {hostnames: ['a:4317', 'b:4317']}}}}\n";
constexpr char kSampling[] =
    "processors: {tail_sampling: {policies: [{name: all, type: always_sample}]}}\n"
    "exporters: {nop: , debug: , loadbalancing/more: {resolver: {static: {hostnames: [a]}}}}\n"
    "receivers: {otlp: {protocols: {grpc: {endpoint: '0.0.0.0:4317'}}}, otlp/peers: {protocols: {http: {endpoint: "
    "'h:9'}}}}\n";

LoadResult LoadPipelines(const std::string& pipelines, const std::string& connectors = kConnector) {
  return LoadText(std::string(kSampling) + connectors + "service:\n  pipelines:\n" + pipelines);
}

constexpr char kRouter[] = "    traces/router: {receivers: [otlp], exporters: [load_balancing]}\n";
constexpr char kSampler[] =
    "    traces/sampler: {receivers: [loadbalancing, otlp/peers], processors: [tail_sampling], exporters: [nop]}\n";

TEST(RoutingRules, AConnectorJoinsTwoPipelines) {
  const LoadResult result = LoadPipelines(std::string(kRouter) + kSampler);
  ASSERT_EQ(ProblemsOf(result), "");
  const Config& config = result.config;
  ASSERT_EQ(config.pipelines.size(), 2u);
  const auto& connector = std::get<LoadBalancingConfig>(config.exporters[config.pipelines[0].exporters.at(0)]);
  EXPECT_TRUE(connector.is_connector);
  EXPECT_EQ(connector.self, "b:4317");
  EXPECT_EQ(connector.id.text, "load_balancing");
  EXPECT_THAT(config.pipelines[1].routers, ElementsAre(config.pipelines[0].exporters[0]));
  EXPECT_THAT(config.pipelines[1].receivers, ElementsAre(1u));
  ASSERT_EQ(connector.own_endpoints.size(), 2u);
  EXPECT_EQ(connector.own_endpoints[0].port, 4317);
  EXPECT_EQ(connector.own_endpoints[1].host, "h");
  const std::string printed = Print(config);
  const LoadResult again = LoadText(printed);
  EXPECT_EQ(ProblemsOf(again), "") << printed;
  EXPECT_EQ(Print(again.config), printed);
}

struct Wrong {
  std::string pipelines;
  const char* problem;
};

TEST(RoutingRules, WhatCannotBeIsRefused) {
  const std::string router = kRouter;
  const std::string sampler = kSampler;
  const Wrong cases[] = {
      {router, "is used as exporter in a pipeline for traces but not as receiver in another: nothing would take"},
      {sampler, "is used as receiver in a pipeline for traces but not as exporter"},
      {"    traces: {receivers: [otlp, load_balancing], exporters: [load_balancing]}\n", "spans are routed once"},
      {"    traces: {receivers: [otlp], processors: [tail_sampling], exporters: [load_balancing]}\n" + sampler,
       "traces are routed first"},
      {"    traces: {receivers: [otlp], exporters: [load_balancing, debug]}\n" + sampler, "has other exporters"},
      {router + sampler + "    traces/all: {receivers: [otlp], processors: [tail_sampling], exporters: [debug]}\n",
       "samples all of it"},
      {router + sampler + "    traces/twice: {receivers: [otlp, load_balancing], exporters: [debug]}\n", "own twice"},
      {router + sampler + "    traces/more: {receivers: [otlp], exporters: [load_balancing]}\n", "routes it, too"},
  };
  for (const Wrong& wrong : cases) {
    EXPECT_THAT(ProblemsOf(LoadPipelines(wrong.pipelines)), HasSubstr(wrong.problem)) << wrong.pipelines;
  }
}

TEST(RoutingRules, PipelinesBesideItThatDoNotSampleAreFine) {
  EXPECT_EQ(ProblemsOf(LoadPipelines(std::string(kRouter) + kSampler +
                                     "    traces/all: {receivers: [otlp], exporters: [debug]}\n")),
            "");
}

TEST(RoutingRules, TheConnectorsOwnKeys) {
  const std::string pipelines = std::string(kRouter) + kSampler;
  const auto problems = [&](const std::string& options) {
    return ProblemsOf(LoadPipelines(
        pipelines, "connectors: {loadbalancing: {resolver: {static: {hostnames: [a]}}, " + options + "}}\n"));
  };
  EXPECT_EQ(problems("self: a"), "");
  EXPECT_THAT(problems("self: 'a:b:c d'"), HasSubstr("is not a host or host:port"));
  EXPECT_THAT(problems("routing_key: service"), HasSubstr("routes by traceID only"));
  EXPECT_THAT(problems("hops_max: 2"), HasSubstr("unknown key"));
  EXPECT_THAT(
      ProblemsOf(LoadText(
          "receivers: {otlp: {protocols: {grpc: }}}\nexporters: {loadbalancing: {self: a, resolver: {static: "
          "{hostnames: [a]}}}}\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [loadbalancing]}}}\n")),
      HasSubstr("unknown key"));
  EXPECT_THAT(
      ProblemsOf(LoadText(std::string(kSampling) +
                          "connectors: {loadbalancing/more: {resolver: {static: {hostnames: [a]}}}}\n"
                          "service: {pipelines: {traces: {receivers: [otlp], exporters: [loadbalancing/more]}}}\n")),
      HasSubstr("one of them needs another name"));
}

}  // namespace
}  // namespace tailrace::config
