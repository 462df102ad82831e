// Where a load-balancing exporter finds its members: `resolver` with `static`, `dns` or `k8s` below it.
#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "config/endpoint.h"
#include "config/options/load_balancing.h"

namespace tailrace::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

bool IsPort(const std::string& text) {
  uint32_t port = 0;
  return absl::SimpleAtoi(text, &port) && port >= 1 && port <= 65535;
}

Schema<StaticResolverConfig> StaticOptions() {
  using S = StaticResolverConfig;
  Schema<S> schema;
  schema
      .Value("hostnames", &S::hostnames, std::vector<std::string>{}, TextLists(),
             "The members: `host` or `host:port`, 4317 where there is no port. All routers must write them alike.")
      .Checked([](const S& fixed, const Node& node, const Scope& scope) {
        const Scope hostnames = scope.Child("hostnames");
        if (fixed.hostnames.empty()) hostnames.Fail(node.where, "no endpoints specified for the static resolver");
        for (const std::string& hostname : fixed.hostnames) {
          if (!CanBeDialled(hostname)) {
            hostnames.Fail(node.where, absl::StrCat("\"", hostname, "\" is not a host or host:port"));
          }
        }
      });
  return schema;
}

Schema<DnsResolverConfig> DnsOptions() {
  using D = DnsResolverConfig;
  Schema<D> schema;
  schema.Value("hostname", &D::hostname, std::string(), NonEmptyTexts(), "A name whose addresses are the members.")
      .Required()
      .Value("port", &D::port, std::string(), Texts(), "The members' port. Empty: 4317.")
      .Value("interval", &D::interval, Duration(seconds(5)), Durations({milliseconds(1), hours(24)}),
             "How often the name is looked up.")
      .Value("timeout", &D::timeout, Duration(seconds(1)), Durations({milliseconds(1), minutes(1)}),
             "How long a look-up may take.")
      .Checked([](const D& dns, const Node& node, const Scope& scope) {
        if (!dns.port.empty() && !IsPort(dns.port)) {
          scope.Child("port").Fail(node.where, absl::StrCat("\"", dns.port, "\" is not a port: 1 to 65535"));
        }
      });
  return schema;
}

// name, name.namespace, name.namespace.svc.DOMAIN; empty: it is one of them.
std::string WrongService(const std::string& service) {
  const std::vector<std::string> labels = absl::StrSplit(service, '.');
  if (labels[0].empty()) return "no service specified to resolve the backends";
  const bool plain = std::all_of(service.begin(), service.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
  });
  if (!plain) return "letters, digits, - and . only";
  if (labels.size() > 2 && labels[1].empty()) return "the namespace after the service's name is missing";
  if (labels.size() > 2 && labels[2] != "svc") return "after the namespace comes svc";
  return labels.size() == 3 ? "after svc comes the cluster's domain" : "";
}

Schema<K8sResolverConfig> K8sOptions() {
  using K = K8sResolverConfig;
  Schema<K> schema;
  schema
      .Value("service", &K::service, std::string(), NonEmptyTexts(),
             "A Service whose ready endpoints are the members: `name` or `name.namespace`.")
      .Required()
      .Value("ports", &K::ports, std::vector<std::string>{}, TextLists(), "The members' ports. None: 4317.")
      .Value("timeout", &K::timeout, Duration(minutes(1)), Durations({seconds(1), hours(1)}),
             "How long one watch of the API server lasts before it is begun anew.")
      .Value("return_hostnames", &K::return_hostnames, false, Booleans(),
             "`pod.service.namespace` instead of addresses: for a StatefulSet, whose pods keep their names.")
      .Value("api_server", &K::api_server, std::string("https://kubernetes.default.svc"), NonEmptyTexts(),
             "Tailrace's own: the API server.")
      .Value("account_dir", &K::account_dir, std::string("/var/run/secrets/kubernetes.io/serviceaccount"),
             NonEmptyTexts(), "Tailrace's own: the directory with the service account's `token` and `ca.crt`.")
      .Checked([](const K& k8s, const Node& node, const Scope& scope) {
        for (const std::string& port : k8s.ports) {
          if (IsPort(port)) continue;
          scope.Child("ports").Fail(node.where, absl::StrCat("\"", port, "\" is not a port: 1 to 65535"));
        }
        if (k8s.service.empty()) return;
        if (const std::string wrong = WrongService(k8s.service); !wrong.empty()) {
          scope.Child("service").Fail(node.where, wrong);
        }
      });
  return schema;
}

}  // namespace

// Without a port, 4317 is dialled.
bool CanBeDialled(const std::string& hostname) {
  return ParseDialTarget(hostname).ok() || ParseDialTarget(absl::StrCat(hostname, ":4317")).ok();
}

Schema<ResolverConfig> ResolverOptions() {
  using R = ResolverConfig;
  const auto enable = [](auto& resolver) { resolver.enabled = true; };
  const auto is_enabled = [](const auto& resolver) { return resolver.enabled; };
  Schema<R> schema;
  schema.Group("static", &R::fixed, StaticOptions(), "A fixed list.", enable, is_enabled)
      .Group("dns", &R::dns, DnsOptions(), "Every address of a name, looked up again and again.", enable, is_enabled)
      .Group("k8s", &R::k8s, K8sOptions(), "A Service of Kubernetes, watched.", enable, is_enabled)
      .Custom({"aws_cloud_map", "-", "", "", "Not supported."},
              [](const Node& node, const Scope& scope, R&) {
                if (!node.IsNull())
                  scope.Fail(node.where, "not supported: use dns with the name that Cloud Map serves");
              })
      .Checked([](const R& resolver, const Node& node, const Scope& scope) {
        if (node.Find("aws_cloud_map") != nullptr) return;
        const int given = resolver.fixed.enabled + resolver.dns.enabled + resolver.k8s.enabled;
        if (given == 0) scope.Fail(node.where, "no resolvers specified for the exporter: static, dns or k8s");
        if (given > 1) scope.Fail(node.where, "only one resolver should be specified");
      });
  return schema;
}

}  // namespace tailrace::config
