// The extensions that exporters and listeners refer to: storages and authenticators.
#include <algorithm>

#include "config/options/backend.h"

namespace tailrace::config {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

Schema<BasicAuthConfig> ClientAuthOptions() {
  using B = BasicAuthConfig;
  Schema<B> schema;
  schema.Value("username", &B::username, std::string(), Texts(), "The user.")
      .Value("password", &B::password, std::string(), SecretTexts(), "The password.")
      .Value("username_file", &B::username_file, std::string(), Texts(),
             "A file with the user; read anew when changed.")
      .Value("password_file", &B::password_file, std::string(), Texts(),
             "A file with the password; read anew when changed.");
  return schema;
}

Schema<BasicAuthConfig> HtpasswdOptions() {
  using B = BasicAuthConfig;
  Schema<B> schema;
  schema
      .Value("file", &B::htpasswd_file, std::string(), Texts(),
             "A file as `htpasswd -B` writes it; read anew when it changes.")
      .Value("inline", &B::htpasswd_inline, std::string(), SecretTexts(),
             "The same, in place; what stands here goes before the file. A password may also be plain text.");
  return schema;
}

}  // namespace

Schema<BasicAuthConfig> BasicAuthOptions() {
  using B = BasicAuthConfig;
  Schema<B> schema;
  schema.Section("client_auth", ClientAuthOptions(), "User and password for a backend.")
      .Section("htpasswd", HtpasswdOptions(), "Users and passwords that a listener takes.")
      .Checked([](const B& auth, const Node& node, const Scope& scope) {
        if (auth.for_servers() && node.Find("client_auth") != nullptr && auth.for_clients()) {
          return scope.Fail(node.where, "only one of `htpasswd` or `client_auth` can be specified");
        }
        if (auth.for_servers() || auth.for_clients()) return;
        if (node.Find("htpasswd") != nullptr) {
          return scope.Child("htpasswd").Fail(node.where, "no credential source provided: set file or inline");
        }
        scope.Child("client_auth").Fail(node.where, "no username: set username or username_file");
      });
  return schema;
}

Schema<BearerTokenConfig> BearerTokenOptions() {
  using B = BearerTokenConfig;
  Schema<B> schema;
  schema
      .Value("header", &B::header, std::string("Authorization"), NonEmptyTexts(), "The header that carries the token.")
      .Value("scheme", &B::scheme, std::string("Bearer"), Texts(), "The word before the token.")
      .Value("token", &B::token, std::string(), SecretTexts(), "The token.")
      .Value("tokens", &B::tokens, std::vector<std::string>(), SecretTextLists(),
             "Several tokens: a listener takes each, an exporter sends the first.")
      .Value("filename", &B::filename, std::string(), Texts(),
             "A file with the tokens, one a line; read anew when it changes. It goes before the others.")
      .Checked([](const B& auth, const Node& node, const Scope& scope) {
        if (!auth.token.empty() && !auth.tokens.empty()) {
          scope.Fail(node.where, "either tokens or token should be provided, not both");
        }
        const bool some = std::any_of(auth.tokens.begin(), auth.tokens.end(), [](const auto& t) { return !t.empty(); });
        if (auth.token.empty() && auth.filename.empty() && !some) scope.Fail(node.where, "no bearer token provided");
      });
  return schema;
}

Schema<OAuth2Config> OAuth2Options() {
  using O = OAuth2Config;
  Schema<O> schema;
  schema.Value("client_id", &O::client_id, std::string(), Texts(), "The client.")
      .Value("client_id_file", &O::client_id_file, std::string(), Texts(), "A file with it.")
      .Value("client_secret", &O::client_secret, std::string(), SecretTexts(), "Its secret.")
      .Value("client_secret_file", &O::client_secret_file, std::string(), Texts(), "A file with it.")
      .Value("token_url", &O::token_url, std::string(), Urls(NonEmptyTexts()), "Where tokens are given out.")
      .Required()
      .Value("scopes", &O::scopes, std::vector<std::string>(), TextLists(), "What the token is to be good for.")
      .Value("timeout", &O::timeout, Duration(0), Durations({seconds(0), hours(1)}),
             "How long the request for a token may take. 0s: half a minute.")
      .Value("expiry_buffer", &O::expiry_buffer, Duration(std::chrono::minutes(5)), Durations({seconds(0), hours(24)}),
             "A token is renewed this long before it ends.")
      .Group("tls", &O::tls, TlsOptions(), "TLS to the token URL.")
      .NotYet("endpoint_params")
      .NotYet("grant_type", "client_credentials")
      .Checked([](const O& auth, const Node& node, const Scope& scope) {
        if (auth.client_id.empty() && auth.client_id_file.empty()) scope.Fail(node.where, "no ClientID provided");
        if (auth.client_secret.empty() && auth.client_secret_file.empty()) {
          scope.Fail(node.where, "no ClientSecret provided");
        }
      });
  return schema;
}

Schema<FileStorageConfig> FileStorageOptions() {
  using F = FileStorageConfig;
  Schema<F> schema;
  schema
      .Value("directory", &F::directory, std::string("/var/lib/otelcol/file_storage"), NonEmptyTexts(),
             "Where the files are; one for each exporter.")
      .Value("create_directory", &F::create_directory, true, Booleans(), "Make it where it is missing.")
      .Value("timeout", &F::timeout, Duration(seconds(1)), Durations({seconds(0), hours(1)}),
             "How long to wait for another process to let go of a file.")
      .Value("fsync", &F::sync, StorageSync::kProcess,
             Enums<StorageSync>({{"false", StorageSync::kProcess}, {"true", StorageSync::kHost}}),
             "Wait for the disk: what is in the queue survives the end of the host, not only of the process.")
      .NoEffect("directory_permissions", "the process's umask decides")
      .NoEffect("compaction", "SQLite gives its pages back when a queue is empty")
      .NoEffect("recreate", "a file that cannot be used is always set aside and a new one begun");
  return schema;
}

}  // namespace tailrace::config
