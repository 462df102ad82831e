// Who may talk to a listener: its `tls` and its `auth`.
#include "config/options/backend.h"

namespace tailrace::config {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// By the registry's names, as in the Collector; those whose key exchange keeps past traffic secret.
std::vector<std::string> CipherSuites() {
  return {"TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"};
}

Schema<TlsServerConfig> TlsServerOptions() {
  using T = TlsServerConfig;
  const std::vector<std::string> versions = {"1.0", "1.1", "1.2", "1.3"};
  constexpr char kNoServer[] = "a listener verifies clients by client_ca_file";
  Schema<T> schema;
  schema.Value("cert_file", &T::cert_file, std::string(), Texts(), "The listener's certificate, and those above it.")
      .Value("cert_pem", &T::cert_pem, std::string(), Texts(), "The same, in place.")
      .Value("key_file", &T::key_file, std::string(), Texts(), "The key of the certificate.")
      .Value("key_pem", &T::key_pem, std::string(), SecretTexts(), "The same, in place.")
      .Value("client_ca_file", &T::client_ca_file, std::string(), Texts(),
             "Clients must show a certificate of one of these authorities.")
      .Value("client_ca_file_reload", &T::client_ca_file_reload, false, Booleans(),
             "Read client_ca_file anew when it changes.")
      .Value("include_system_ca_certs_pool", &T::include_system_ca_certs_pool, false, Booleans(),
             "Trust the host's authorities beside those.")
      .Value("min_version", &T::min_version, std::string("1.2"), Choices(versions), "The oldest TLS.")
      .Value("max_version", &T::max_version, std::string(), OptionalChoices(versions), "The newest TLS. Empty: any.")
      .Value("cipher_suites", &T::cipher_suites, std::vector<std::string>(), ChoiceLists(CipherSuites()),
             "What may be agreed on. Empty: OpenSSL's choice.")
      .Value("curve_preferences", &T::curve_preferences, std::vector<std::string>(),
             ChoiceLists({"X25519", "P256", "P384", "P521"}),
             "Curves for the key exchange, the best first. Empty: OpenSSL's choice.")
      .Value("reload_interval", &T::reload_interval, Duration(0), Durations({seconds(0), hours(24 * 365)}),
             "How often certificate and key are looked at for changes. 0s: never.")
      .NoEffect("ca_file", kNoServer)
      .NoEffect("ca_pem", kNoServer)
      .NotYet("tpm")
      .Checked([](const T& tls, const Node& node, const Scope& scope) {
        const KeyPairFields fields{tls.cert_file, tls.cert_pem,    tls.key_file,
                                   tls.key_pem,   tls.min_version, tls.max_version};
        CheckKeyPair(fields, node, scope);
        if (tls.cert_file.empty() && tls.cert_pem.empty() && tls.key_file.empty() && tls.key_pem.empty()) {
          scope.Fail(node.where, "TLS configuration must include both certificate and key for server connections");
        }
      });
  return schema;
}

}  // namespace

Schema<AccessConfig> AccessOptions() {
  using A = AccessConfig;
  Schema<A> auth;
  auth.Value("authenticator", &A::authenticator, LocatedText(), References(),
             "An extension: basicauth with `htpasswd`, or bearertokenauth.")
      .NotYet("request_params");
  Schema<A> schema;
  schema
      .Group(
          "tls", &A::tls, TlsServerOptions(), "TLS on the listener; the key alone turns it on.",
          [](TlsServerConfig& tls) { tls.enabled = true; }, [](const TlsServerConfig& tls) { return tls.enabled; })
      .Custom(
          {"auth", "map", "", "", "Who may talk to the listener."},
          [auth](const Node& node, const Scope& scope, A& access) {
            auth.Load(node, scope, access);
            // A variable that is empty must not open the door.
            if (!access.authenticator.text.empty()) return;
            scope.Child("authenticator").Fail(node.where, "must name an extension; without `auth` anybody may send");
          },
          [auth](const A& access) {
            return access.authenticator.text.empty() ? std::nullopt : std::optional(auth.Print(access));
          },
          [auth](const std::string& path, std::vector<DocRow>* rows) { auth.Describe(path, rows); });
  return schema;
}

}  // namespace tailrace::config
