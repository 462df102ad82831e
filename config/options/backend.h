// The options that the exporters to a backend have in common.
#pragma once

#include <string>
#include <vector>

#include "config/options/options.h"

namespace tailrace::config {

// Where the exporters differ.
struct BackendDefaults {
  Duration timeout;
  std::vector<std::string> compressions;
};

// Problems with how certificate, key and versions go together, on both sides of TLS.
struct KeyPairFields {
  const std::string& cert_file;
  const std::string& cert_pem;
  const std::string& key_file;
  const std::string& key_pem;
  const std::string& min_version;
  const std::string& max_version;
};
void CheckKeyPair(const KeyPairFields& fields, const Node& node, const Scope& scope);
// One of `allowed`, or nothing, which is read as `empty`.
Kind<std::string> OptionalChoices(const std::vector<std::string>& allowed, const std::string& empty = "");

Schema<TlsClientConfig> TlsOptions();
Schema<QueueConfig> QueueOptions();
Schema<RetryConfig> RetryOptions();
Schema<BackendConfig> BackendOptions(BackendDefaults defaults);

}  // namespace tailrace::config
