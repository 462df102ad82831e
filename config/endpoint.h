// `host:port` texts: what a listener binds and what an exporter dials.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "config/node.h"
#include "config/report.h"

namespace tailrace::config {

struct HostPort {
  std::string host;  // without brackets; empty: every address (":4317")
  uint16_t port = 0;
};

// `host:port`, `[::1]:4317`, `:4317`.
absl::StatusOr<HostPort> ParseHostPort(absl::string_view text);
std::string JoinHostPort(absl::string_view host, uint16_t port);

// A listener's endpoint; the problem is reported where the text is none.
void ReadHostPort(const Node& node, const Scope& scope, std::string* host, uint16_t* port);

// What an exporter dials: `host:port`, with `http://` (plaintext), `https://` (TLS), `dns:///` or nothing before it.
struct DialTarget {
  enum class Scheme : uint8_t { kNone, kHttp, kHttps };
  std::string endpoint;  // host:port
  Scheme scheme = Scheme::kNone;
};
absl::StatusOr<DialTarget> ParseDialTarget(absl::string_view text);

// What stands before an '@' and behind a '?' of a URL opens doors at some backends: [REDACTED] in their place.
std::string RedactUrl(absl::string_view url);

}  // namespace tailrace::config
