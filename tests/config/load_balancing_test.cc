// The exporter `loadbalancing`: every key, what is refused, and that it is printed as it is read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/load_text.h"

namespace tailrace::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string With(const std::string& options) {
  return "receivers: {otlp: {protocols: {grpc: }}}\nexporters:\n  load_balancing/x:\n" + options +
         "service: {pipelines: {traces: {receivers: [otlp], exporters: [loadbalancing/x]}}}\n";
}

const LoadBalancingConfig& Only(const LoadResult& result) {
  return std::get<LoadBalancingConfig>(result.config.exporters.at(0));
}

TEST(LoadBalancing, TheLeastThatItNeeds) {
  const LoadResult result = LoadText(With("    resolver: {static: {hostnames: [endpoint-1, 'endpoint-2:55678']}}\n"));
  ASSERT_EQ(ProblemsOf(result), "");
  const LoadBalancingConfig& exporter = Only(result);
  EXPECT_EQ(exporter.id.text, "load_balancing/x");
  EXPECT_EQ(exporter.id.type, "loadbalancing");
  EXPECT_EQ(exporter.member.id.text, "load_balancing/x");
  EXPECT_EQ(exporter.routing_key, RoutingKey::kTraceId);
  EXPECT_TRUE(exporter.resolver.fixed.enabled);
  EXPECT_THAT(exporter.resolver.fixed.hostnames, ElementsAre("endpoint-1", "endpoint-2:55678"));
  EXPECT_EQ(exporter.members_max, 256u);
  EXPECT_EQ(exporter.member.timeout, std::chrono::seconds(5));
  EXPECT_EQ(exporter.member.compression, "gzip");
  EXPECT_TRUE(exporter.member.queue.enabled);
}

TEST(LoadBalancing, EveryKey) {
  const LoadResult result = LoadText(With(R"(
    routing_key: attributes
    routing_attributes: [tenant, span.name]
    members_max: 7
    timeout: 3s
    protocol:
      otlp: {endpoint: ignored, timeout: 1s, compression: none, tls: {insecure: true}, headers: {a: b}}
    sending_queue: {queue_size: 77}
    retry_on_failure: {enabled: true, max_elapsed_time: 0s}
    resolver:
      k8s: {service: tailrace.observability, ports: [4317, 4318], timeout: 2m, return_hostnames: true,
            api_server: 'http://127.0.0.1:1', account_dir: /a}
)"));
  ASSERT_EQ(ProblemsOf(result), "");
  const LoadBalancingConfig& exporter = Only(result);
  EXPECT_EQ(exporter.routing_key, RoutingKey::kAttributes);
  EXPECT_THAT(exporter.routing_attributes, ElementsAre("tenant", "span.name"));
  EXPECT_EQ(exporter.members_max, 7u);
  EXPECT_EQ(exporter.member.timeout, std::chrono::seconds(1));
  EXPECT_TRUE(exporter.member.tls.insecure);
  EXPECT_EQ(exporter.member.queue.queue_size, 77u);
  EXPECT_EQ(exporter.member.retry.max_elapsed_time.count(), 0);
  const K8sResolverConfig& k8s = exporter.resolver.k8s;
  EXPECT_TRUE(k8s.enabled);
  EXPECT_EQ(k8s.service, "tailrace.observability");
  EXPECT_THAT(k8s.ports, ElementsAre("4317", "4318"));
  EXPECT_TRUE(k8s.return_hostnames);
  EXPECT_EQ(k8s.api_server, "http://127.0.0.1:1");
  EXPECT_THAT(WarningsOf(result), HasSubstr("protocol::otlp::endpoint"));
  EXPECT_THAT(WarningsOf(result), HasSubstr("timeout"));
}

TEST(LoadBalancing, QueueAndRetriesThatAreOffBeforeTheRingStayOnBehindIt) {
  const LoadResult result = LoadText(With(
      "    resolver: {dns: {hostname: members}}\n    sending_queue: {enabled: false}\n    retry_on_failure: {enabled: false}\n"));
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_TRUE(Only(result).member.queue.enabled);
  EXPECT_TRUE(Only(result).member.retry.enabled);
  EXPECT_EQ(Only(result).resolver.dns.interval, std::chrono::seconds(5));
  EXPECT_EQ(Only(result).resolver.dns.timeout, std::chrono::seconds(1));
}

TEST(LoadBalancing, IsPrintedAsItIsRead) {
  for (const char* resolver : {"static: {hostnames: [a, 'b:1']}", "dns: {hostname: h, port: '4317', interval: 1s}",
                               "k8s: {service: s.n, ports: [1]}"}) {
    const LoadResult result = LoadText(With(std::string("    routing_key: service\n    resolver: {") + resolver + "}\n"));
    ASSERT_EQ(ProblemsOf(result), "");
    const std::string printed = Print(result.config);
    const LoadResult again = LoadText(printed);
    EXPECT_EQ(ProblemsOf(again), "") << printed;
    EXPECT_EQ(Print(again.config), printed);
    EXPECT_EQ(Only(again).routing_key, RoutingKey::kService);
  }
}

struct Wrong {
  const char* options;
  const char* problem;
};

TEST(LoadBalancing, WhatIsWrongIsRefused) {
  const Wrong cases[] = {
      {"    routing_key: traceID\n", "resolver"},
      {"    resolver: {}\n", "no resolvers specified"},
      {"    resolver: {static: {hostnames: [a]}, dns: {hostname: h}}\n", "only one resolver"},
      {"    resolver: {static: {hostnames: []}}\n", "no endpoints specified for the static resolver"},
      {"    resolver: {static: {hostnames: ['a:b:c d']}}\n", "is not a host or host:port"},
      {"    resolver: {dns: {}}\n", "hostname"},
      {"    resolver: {dns: {hostname: h, port: http}}\n", "is not a port"},
      {"    resolver: {k8s: {}}\n", "service"},
      {"    resolver: {k8s: {service: a.b.c}}\n", "svc"},
      {"    resolver: {k8s: {service: a.b.svc}}\n", "domain"},
      {"    resolver: {k8s: {service: 'a/../b'}}\n", "letters, digits"},
      {"    resolver: {k8s: {service: a, ports: [0]}}\n", "is not a port"},
      {"    resolver: {aws_cloud_map: {namespace: n, service_name: s}}\n", "not supported"},
      {"    routing_key: metric\n    resolver: {static: {hostnames: [a]}}\n", "is for metrics"},
      {"    routing_key: spanID\n    resolver: {static: {hostnames: [a]}}\n", "unsupported routing_key"},
      {"    routing_key: attributes\n    resolver: {static: {hostnames: [a]}}\n", "routing_attributes must be specified"},
      {"    routing_attributes: [x]\n    resolver: {static: {hostnames: [a]}}\n", "can only be used when"},
      {"    resolver: {static: {hostnames: [a]}}\n    sending_queue: {storage: file_storage}\n", "in memory only"},
  };
  for (const Wrong& wrong : cases) {
    EXPECT_THAT(ProblemsOf(LoadText(With(wrong.options))), HasSubstr(wrong.problem)) << wrong.options;
  }
}

}  // namespace
}  // namespace tailrace::config
