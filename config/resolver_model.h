// Where the members that a load-balancing exporter routes to come from. Values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "config/model_basics.h"

namespace tailrace::config {

// A list that stays as it is.
struct StaticResolverConfig {
  bool enabled = false;
  std::vector<std::string> hostnames;  // host, host:port; they are hashed as they are written
};

// Every address of a name.
struct DnsResolverConfig {
  bool enabled = false;
  std::string hostname;
  std::string port;  // empty: the addresses alone are hashed, and 4317 is dialled
  Duration interval = std::chrono::seconds(5);
  Duration timeout = std::chrono::seconds(1);
};

// The ready endpoints of a Kubernetes Service.
struct K8sResolverConfig {
  bool enabled = false;
  std::string service;             // name or name.namespace, with .svc.DOMAIN or without
  std::vector<std::string> ports;  // empty: the addresses alone are hashed, and 4317 is dialled
  Duration timeout = std::chrono::minutes(1);
  bool return_hostnames = false;
  std::string api_server;   // URL
  std::string account_dir;  // with the files token, ca.crt and namespace
};

// Exactly one is enabled.
struct ResolverConfig {
  StaticResolverConfig fixed;
  DnsResolverConfig dns;
  K8sResolverConfig k8s;
};

}  // namespace tailrace::config
