#include "collector/exporters/otlp_channel.h"

#include <grpc/grpc.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tailrace {
namespace {

// A backend that comes back is noticed after this long at most, whatever the channel's own back-off has grown to.
constexpr int kReconnectMsMin = 200;
constexpr int kReconnectMsMax = 2000;
// Of one attempt to connect, TLS included; long enough for a lost packet.
constexpr int kConnectMs = 3000;

absl::StatusOr<std::string> ReadFile(const std::string& path, std::string_view key) {
  if (path.empty()) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError(
        absl::StrCat("tls::", std::string(key), ": cannot read '", path, "': ", std::strerror(errno)));
  }
  return std::move(text).str();
}

struct TlsFiles {
  std::string ca;
  std::string cert;
  std::string key;
};

absl::StatusOr<TlsFiles> ReadTlsFiles(const config::TlsClientConfig& tls) {
  TlsFiles files;
  const std::pair<const std::string&, std::pair<const char*, std::string*>> wanted[] = {
      {tls.ca_file, {"ca_file", &files.ca}},
      {tls.cert_file, {"cert_file", &files.cert}},
      {tls.key_file, {"key_file", &files.key}}};
  for (const auto& [path, what] : wanted) {
    auto text = ReadFile(path, what.first);
    if (!text.ok()) return text.status();
    *what.second = *std::move(text);
  }
  if (files.ca.empty()) files.ca = tls.ca_pem;
  if (files.cert.empty()) files.cert = tls.cert_pem;
  if (files.key.empty()) files.key = tls.key_pem;
  if (files.cert.empty() != files.key.empty()) {
    return absl::InvalidArgumentError("tls: cert_file and key_file must be given together");
  }
  return files;
}

// gRPC's ordinary TLS always verifies; only its newer credentials can be told not to.
std::shared_ptr<grpc::ChannelCredentials> UnverifiedTls(const TlsFiles& files) {
  namespace tls = grpc::experimental;
  tls::TlsChannelCredentialsOptions options;
  options.set_verify_server_certs(false);
  options.set_check_call_host(false);
  options.set_certificate_verifier(std::make_shared<tls::NoOpCertificateVerifier>());
  if (!files.cert.empty()) {
    const std::vector<tls::IdentityKeyCertPair> pairs = {{files.key, files.cert}};
    options.set_certificate_provider(std::make_shared<tls::StaticDataCertificateProvider>(pairs));
    options.watch_identity_key_cert_pairs();
  }
  return tls::TlsCredentials(options);
}

// Files that are looked at again: gRPC's own watcher reads them, and new connections use what it found.
std::shared_ptr<grpc::ChannelCredentials> ReloadedTls(const config::TlsClientConfig& tls) {
  namespace grpc_tls = grpc::experimental;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(tls.reload_interval).count();
  grpc_tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(std::make_shared<grpc_tls::FileWatcherCertificateProvider>(
      tls.key_file, tls.cert_file, tls.ca_file, static_cast<unsigned>(std::max<int64_t>(seconds, 1))));
  if (!tls.ca_file.empty()) options.watch_root_certs();
  if (!tls.cert_file.empty()) options.watch_identity_key_cert_pairs();
  return grpc_tls::TlsCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeCredentials(const config::TlsClientConfig& tls) {
  if (tls.insecure) return grpc::InsecureChannelCredentials();
  if (tls.min_version == "1.3" || (!tls.max_version.empty() && tls.max_version != "1.3")) {
    return absl::InvalidArgumentError(
        "tls: the gRPC library offers TLS 1.2 and 1.3 and nothing narrower: remove min_version and max_version, or use "
        "otlphttp");
  }
  auto files = ReadTlsFiles(tls);
  if (!files.ok()) return files.status();
  const bool watch = tls.reload_interval > config::Duration::zero() && !tls.insecure_skip_verify &&
                     (!tls.ca_file.empty() || !tls.cert_file.empty());
  auto credentials = tls.insecure_skip_verify ? UnverifiedTls(*files)
                     : watch                  ? ReloadedTls(tls)
                             : grpc::SslCredentials(grpc::SslCredentialsOptions{files->ca, files->key, files->cert});
  if (credentials == nullptr) return absl::InvalidArgumentError("tls: the certificates were not accepted");
  return credentials;
}

// Names that belong to the protocol itself; gRPC aborts or garbles the call where an application sets them.
bool Reserved(const std::string& key) {
  return absl::StartsWith(key, "grpc-") || key == "content-type" || key == "te" || key == "host" ||
         key == "user-agent" || key == "content-length" || key == "connection";
}

bool Legal(int (*check)(grpc_slice), const std::string& text) {
  const grpc_slice slice = grpc_slice_from_static_buffer(text.data(), text.size());
  return check(slice) != 0;
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeOtlpChannel(const config::OtlpExporterConfig& config) {
  auto credentials = MakeCredentials(config.tls);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments;
  arguments.SetLoadBalancingPolicyName(config.balancer_name.empty() ? "round_robin" : config.balancer_name);
  // A name that resolves to other addresses is looked up again soon after a connection is lost.
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, kReconnectMsMax);
  if (config.keepalive.enabled) {
    const auto ms = [](config::Duration duration) {
      return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
    };
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, ms(config.keepalive.time));
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, ms(config.keepalive.timeout));
    arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, config.keepalive.permit_without_stream ? 1 : 0);
  }
  if (!config.authority.empty()) arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, config.authority);
  if (!config.proxy_url.empty()) arguments.SetString(GRPC_ARG_HTTP_PROXY, config.proxy_url);
  arguments.SetMaxSendMessageSize(-1);
  arguments.SetMaxReceiveMessageSize(kExportResponseBytesMax);
  arguments.SetUserAgentPrefix("tailrace/" TAILRACE_VERSION);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // ours are counted
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMsMin);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMs);  // what this key means in truth
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMsMax);
  // Two exporters to one backend with different headers or limits share no connection's fate.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (!config.tls.insecure && !config.tls.server_name_override.empty()) {
    arguments.SetSslTargetNameOverride(config.tls.server_name_override);
  }
  auto channel = grpc::CreateCustomChannel(config.endpoint, *credentials, arguments);
  if (channel == nullptr) return absl::InvalidArgumentError(absl::StrCat("endpoint: not usable: ", config.endpoint));
  return channel;
}

absl::StatusOr<std::map<std::string, std::string>> MakeMetadata(const std::map<std::string, std::string>& headers) {
  std::map<std::string, std::string> metadata;
  for (const auto& [name, value] : headers) {
    const std::string key = absl::AsciiStrToLower(name);
    if (!Legal(grpc_header_key_is_legal, key) || Reserved(key)) {
      return absl::InvalidArgumentError(absl::StrCat("headers: '", name, "' cannot be sent as gRPC metadata"));
    }
    if (!absl::EndsWith(key, "-bin") && !Legal(grpc_header_nonbin_value_is_legal, value)) {
      return absl::InvalidArgumentError(absl::StrCat("headers: the value of '", name, "' is not printable ASCII"));
    }
    metadata[key] = value;
  }
  return metadata;
}

HostPort SplitEndpoint(const std::string& endpoint) {
  const size_t colon = endpoint.rfind(':');
  if (colon == std::string::npos || endpoint.find(']', colon) != std::string::npos) return {endpoint, ""};
  std::string host = endpoint.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return {std::move(host), endpoint.substr(colon + 1)};
}

}  // namespace tailrace
