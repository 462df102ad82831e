// The model of who may talk to a listener, of TLS on both sides, and of the authenticators of both. Values; see model.h.
#pragma once

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "config/model_basics.h"

namespace tailrace::config {

struct TlsServerConfig {
  bool enabled = false;  // the key `tls` is there
  std::string cert_file;
  std::string cert_pem;
  std::string key_file;
  std::string key_pem;
  std::string client_ca_file;                 // not empty: clients must show a certificate of one of these authorities
  bool client_ca_file_reload = false;         // read anew when it changes
  bool include_system_ca_certs_pool = false;  // the host's authorities too
  std::string min_version = "1.2";            // 1.0, 1.1, 1.2, 1.3
  std::string max_version;                    // empty: the newest
  std::vector<std::string> cipher_suites;     // the registry's names; empty: OpenSSL's choice
  std::vector<std::string> curve_preferences;
  Duration reload_interval{0};  // 0: never
};

// `basicauth`. Files are read anew when they change.
struct BasicAuthConfig {
  std::string username;  // of the client's side
  std::string password;
  std::string username_file;
  std::string password_file;
  std::string htpasswd_file;  // of the server's side
  std::string htpasswd_inline;

  bool for_clients() const { return !username.empty() || !username_file.empty(); }
  bool for_servers() const { return !htpasswd_file.empty() || !htpasswd_inline.empty(); }
};
// `bearertokenauth`, both sides.
struct BearerTokenConfig {
  std::string header = "Authorization";
  std::string scheme = "Bearer";
  std::string token;
  std::vector<std::string> tokens;  // a client sends the first
  std::string filename;             // one token a line; read anew when it changes; goes before the others
};
using ServerAuthConfig = std::variant<std::monostate, BasicAuthConfig, BearerTokenConfig>;

struct AccessConfig {
  TlsServerConfig tls;
  LocatedText authenticator;  // "basicauth/x"; empty: none
  ServerAuthConfig auth;      // what `authenticator` is
};

// How a backend, or whoever else is dialled, is reached.
struct TlsClientConfig {
  bool insecure = false;  // plaintext
  bool insecure_skip_verify = false;
  std::string ca_file;
  std::string ca_pem;
  bool include_system_ca_certs_pool = false;
  std::string cert_file;
  std::string cert_pem;
  std::string key_file;
  std::string key_pem;
  std::string server_name_override;
  std::string min_version = "1.2";  // 1.0, 1.1, 1.2, 1.3
  std::string max_version;          // empty: the newest
  Duration reload_interval{0};      // 0: never
};

}  // namespace tailrace::config
