#include "collector/exporters/otlp_exporter.h"

#include "collector/exporters/grpc_transport.h"
#include "collector/exporters/http_transport.h"
#include "collector/exporters/otlp_channel.h"

namespace tailrace {
namespace {

// The port that the scheme implies where the URL names none.
HostPort HostOfUrl(const std::string& url) {
  const bool https = url.starts_with("https://");
  const size_t begin = url.find("://") + 3;
  const std::string authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  HostPort address = SplitEndpoint(authority.substr(authority.rfind('@') + 1));  // without a user and a password
  if (address.port.empty()) address.port = https ? "443" : "80";
  return address;
}

}  // namespace

std::unique_ptr<Exporter> MakeOtlpExporter(const config::OtlpExporterConfig& config,
                                           const config::FileStorageConfig* storage, Logger& logger,
                                           const Clock& clock) {
  return MakeRemoteExporter(config, storage, SplitEndpoint(config.endpoint), MakeGrpcTransport(config, clock), logger,
                            clock);
}

std::unique_ptr<RemoteExporter> MakeOtlpMember(const config::OtlpExporterConfig& config,
                                               std::shared_ptr<DeadLetters> dead_letters, Logger& logger,
                                               const Clock& clock) {
  return MakeRemoteExporter(config, nullptr, SplitEndpoint(config.endpoint), MakeGrpcTransport(config, clock), logger,
                            clock, std::move(dead_letters));
}

std::unique_ptr<Exporter> MakeOtlpHttpExporter(const config::OtlpHttpExporterConfig& config,
                                               const config::FileStorageConfig* storage, Logger& logger,
                                               const Clock& clock) {
  return MakeRemoteExporter(config, storage, HostOfUrl(config.url), MakeHttpTransport(config, clock), logger, clock);
}

}  // namespace tailrace
