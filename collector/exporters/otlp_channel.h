// The gRPC channel of an OTLP exporter: endpoint, TLS, limits and load balancing out of the configuration. Reads the
// certificate files; connects to nothing yet.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collector/exporters/remote_exporter.h"
#include "config/model.h"

namespace grpc {
class Channel;
}

namespace tailrace {

// The largest answer that is read; ours are a few bytes.
inline constexpr int kExportResponseBytesMax = 4 << 20;

[[nodiscard]] absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeOtlpChannel(const config::OtlpExporterConfig& config);

// The configured headers with lower-case keys, as gRPC wants them. An error names the header that gRPC would not send;
// its value, which may be a secret, is not in it.
[[nodiscard]] absl::StatusOr<std::map<std::string, std::string>> MakeMetadata(
    const std::map<std::string, std::string>& headers);

// "host:port" and "[::1]:port" taken apart.
HostPort SplitEndpoint(const std::string& endpoint);

}  // namespace tailrace
