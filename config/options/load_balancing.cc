// The exporter `loadbalancing`.
#include "config/options/load_balancing.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "config/options/backend.h"

namespace tailrace::config {
namespace {

void ReadRoutingKey(const Node& node, const Scope& scope, LoadBalancingConfig& exporter) {
  std::string key;
  if (node.IsNull() || !internal::ReadText(node, scope, &key)) return;
  if (key == "traceID" || key.empty()) {
    exporter.routing_key = RoutingKey::kTraceId;
  } else if (key == "service") {
    exporter.routing_key = RoutingKey::kService;
  } else if (key == "attributes") {
    exporter.routing_key = RoutingKey::kAttributes;
  } else if (key == "metric" || key == "resource" || key == "streamID") {
    scope.Fail(node.where, absl::StrCat("\"", key, "\" is for metrics; for traces: traceID, service or attributes"));
  } else {
    scope.Fail(node.where,
               absl::StrCat("unsupported routing_key: \"", key, "\"; allowed: traceID, service, attributes"));
  }
}

Node PrintRoutingKey(const LoadBalancingConfig& exporter) {
  constexpr const char* kWords[] = {"traceID", "service", "attributes"};
  return Node::Scalar(kWords[static_cast<size_t>(exporter.routing_key)]);
}

// The Collector has a queue and retries before the ring, and others behind it. Here there is one of each, behind it:
// what is given for those before it counts for every member, unless it only says that there are none.
template <class T>
Schema<LoadBalancingConfig>::Reader ReadForMembers(T BackendConfig::*part, Schema<T> schema) {
  return [part, schema = std::move(schema)](const Node& node, const Scope& scope, LoadBalancingConfig& exporter) {
    if (node.IsNull()) return;
    T given = exporter.member.*part;
    given.enabled = true;
    schema.Load(node, scope, given);
    if (given.enabled) exporter.member.*part = given;
  };
}

Schema<LoadBalancingConfig> ProtocolOptions() {
  Schema<LoadBalancingConfig> schema;
  schema.Group("otlp", &LoadBalancingConfig::member, OtlpMemberOptions(), "How each member is sent to: as `otlp`.");
  return schema;
}

void Check(const LoadBalancingConfig& exporter, const Node& node, const Scope& scope) {
  const bool by_attributes = exporter.routing_key == RoutingKey::kAttributes;
  if (by_attributes && exporter.routing_attributes.empty()) {
    scope.Fail(node.where, "routing_attributes must be specified when routing_key is \"attributes\"");
  }
  if (!by_attributes && !exporter.routing_attributes.empty()) {
    scope.Child("routing_attributes").Fail(node.where, "can only be used when routing_key is \"attributes\"");
  }
  if (!exporter.member.queue.storage.text.empty()) {
    scope.Fail(node.where, "sending_queue::storage: the queues of members that come and go are kept in memory only");
  }
}

// What the exporter and the connector have in common.
Schema<LoadBalancingConfig> CommonOptions() {
  using L = LoadBalancingConfig;
  Schema<L> schema;
  schema
      .Custom({"routing_key", "word", "traceID", "traceID, service, attributes",
               "What chooses the member: the trace's id, `service.name`, or routing_attributes."},
              ReadRoutingKey, PrintRoutingKey)
      .Value("routing_attributes", &L::routing_attributes, std::vector<std::string>{}, TextLists(),
             "Attributes of the resource, the scope or the first span, or `span.kind`, `span.name`; in their order.")
      .Group("resolver", &L::resolver, ResolverOptions(), "Who the members are: exactly one of these.")
      .Required()
      .Section("protocol", ProtocolOptions(), "How members are sent to.")
      .Custom({"sending_queue", "map", "", "", "As `protocol::otlp::sending_queue`, which it beats."},
              ReadForMembers(&BackendConfig::queue, QueueOptions()))
      .Custom({"retry_on_failure", "map", "", "", "As `protocol::otlp::retry_on_failure`, which it beats."},
              ReadForMembers(&BackendConfig::retry, RetryOptions()))
      .Value("members_max", &L::members_max, uint32_t{256}, Integers<uint32_t>(1, 4096),
             "Tailrace's own: of a longer list, only so many are used, the first in the order of the alphabet.")
      .NoEffect("timeout", "protocol::otlp::timeout bounds each request")
      .Checked(Check);
  return schema;
}

}  // namespace

Schema<LoadBalancingConfig> LoadBalancingOptions() {
  using L = LoadBalancingConfig;
  Schema<L> schema = CommonOptions();
  schema.Value(
      "hops_max", &L::hops_max, uint32_t{3}, Integers<uint32_t>(1, 16),
      "Tailrace's own: spans that were routed more often when they come are refused, so that a circle of routers "
      "ends.");
  return schema;
}

Schema<LoadBalancingConfig> LoadBalancingConnectorOptions() {
  using L = LoadBalancingConfig;
  Schema<L> schema = CommonOptions();
  schema
      .Value("self", &L::self, std::string(), Texts(),
             "This process as one of the members, `host` or `host:port` as the resolver has it. Empty: every member "
             "with an address of this machine and a port that the pipelines on either side of the connector listen on.")
      .Checked([](const L& connector, const Node& node, const Scope& scope) {
        if (!connector.self.empty() && !CanBeDialled(connector.self)) {
          scope.Child("self").Fail(node.where, absl::StrCat("\"", connector.self, "\" is not a host or host:port"));
        }
        if (connector.routing_key == RoutingKey::kTraceId) return;
        const Node* key = node.Find("routing_key");
        scope.Child("routing_key")
            .Fail(key == nullptr ? node.where : key->where,
                  "a connector routes by traceID only: what is sampled behind it are whole traces");
      });
  return schema;
}

}  // namespace tailrace::config
