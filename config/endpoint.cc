#include "config/endpoint.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "config/kinds.h"

namespace tailrace::config {
namespace {

absl::Status Bad(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text.substr(0, 80), "\": ", why, "; write host:port, such as localhost:4317 or [::1]:4317"));
}

bool IsHostCharacter(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != '/' && c != '@' && c != '?' && c != '#' && c != '"' && c != 0x7f;
}

}  // namespace

absl::StatusOr<HostPort> ParseHostPort(absl::string_view text) {
  constexpr size_t kLongest = 300;  // a DNS name has at most 253 characters
  if (text.empty()) return Bad(text, "empty");
  if (text.size() > kLongest) return Bad(text, "too long");
  const size_t colon = text.rfind(':');
  const bool bracketed = text[0] == '[';
  if (colon == absl::string_view::npos || (bracketed && text.rfind(']') > colon)) return Bad(text, "missing port");
  absl::string_view host = text.substr(0, colon);
  if (bracketed) {
    if (host.size() < 2 || host.back() != ']') return Bad(text, "the bracket is not closed before the port");
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != absl::string_view::npos) {
    return Bad(text, "an IPv6 address stands in brackets");
  }
  for (const char c : host) {
    if (!IsHostCharacter(c) || c == '[' || c == ']') return Bad(text, "not a host name");
  }
  const absl::string_view port_text = text.substr(colon + 1);
  uint32_t port = 0;
  if (port_text.empty()) return Bad(text, "missing port");
  if (port_text.find_first_not_of("0123456789") != absl::string_view::npos || !absl::SimpleAtoi(port_text, &port) ||
      port > 65535) {
    return Bad(text, "the port must be 0 to 65535");
  }
  return HostPort{std::string(host), static_cast<uint16_t>(port)};
}

std::string JoinHostPort(absl::string_view host, uint16_t port) {
  const bool is_ipv6 = host.find(':') != absl::string_view::npos;
  return is_ipv6 ? absl::StrCat("[", host, "]:", port) : absl::StrCat(host, ":", port);
}

void ReadHostPort(const Node& node, const Scope& scope, std::string* host, uint16_t* port) {
  std::string text;
  if (!internal::ReadText(node, scope, &text)) return;
  absl::StatusOr<HostPort> parsed = ParseHostPort(text);
  if (!parsed.ok()) return scope.Fail(node.where, std::string(parsed.status().message()));
  *host = parsed->host.empty() ? "0.0.0.0" : std::move(parsed->host);
  *port = parsed->port;
}

absl::StatusOr<DialTarget> ParseDialTarget(absl::string_view text) {
  DialTarget target;
  absl::string_view rest = text;
  if (absl::ConsumePrefix(&rest, "http://")) {
    target.scheme = DialTarget::Scheme::kHttp;
  } else if (absl::ConsumePrefix(&rest, "https://")) {
    target.scheme = DialTarget::Scheme::kHttps;
  } else if (absl::ConsumePrefix(&rest, "dns:///") || absl::ConsumePrefix(&rest, "passthrough:///")) {
    // gRPC's own spellings of host:port
  } else if (absl::StartsWith(rest, "unix:") && rest.size() > 5) {
    target.endpoint = std::string(rest);  // gRPC's own spelling of a socket's path
    return target;
  } else if (rest.find("://") != absl::string_view::npos) {
    return Bad(text, "only http://, https://, dns:/// and unix:// may stand before the host");
  }
  absl::ConsumeSuffix(&rest, "/");
  absl::StatusOr<HostPort> parsed = ParseHostPort(rest);
  if (!parsed.ok()) return parsed.status();
  if (parsed->host.empty()) return Bad(text, "missing host");
  if (parsed->port == 0) return Bad(text, "the port must be 1 to 65535");
  target.endpoint = JoinHostPort(parsed->host, parsed->port);
  return target;
}

std::string RedactUrl(absl::string_view url) {
  const size_t scheme = url.find("://");
  const size_t start = scheme == absl::string_view::npos ? 0 : scheme + 3;
  const absl::string_view authority = url.substr(start, url.find_first_of("/?#", start) - start);
  const size_t at = authority.rfind('@');
  const absl::string_view rest = at == absl::string_view::npos ? url.substr(start) : url.substr(start + at + 1);
  const size_t query = rest.find('?');
  return absl::StrCat(url.substr(0, start), at == absl::string_view::npos ? "" : "[REDACTED]@", rest.substr(0, query),
                      query == absl::string_view::npos ? "" : "?[REDACTED]");
}

}  // namespace tailrace::config
