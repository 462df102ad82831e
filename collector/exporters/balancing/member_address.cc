#include "collector/exporters/balancing/member_address.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "config/endpoint.h"

namespace tailrace {

std::string MemberAddress(std::string_view name) {
  constexpr char kDefaultPort[] = ":4317";
  std::string text(name);
  const size_t scheme = name.find("://");
  const std::string_view host = scheme == std::string_view::npos ? name : name.substr(scheme + 3);
  const bool bare_ipv6 = !host.starts_with('[') && std::count(host.begin(), host.end(), ':') > 1;
  if (bare_ipv6) text.insert(text.size() - host.size(), "[").append("]");
  const bool has_port = !bare_ipv6 && !host.ends_with(']') && host.find(':') != std::string_view::npos;
  return has_port ? text : text + kDefaultPort;
}

config::OtlpExporterConfig MemberConfig(const config::OtlpExporterConfig& common, const std::string& address) {
  config::OtlpExporterConfig member = common;
  member.endpoint = address;
  member.marks_hops = true;
  member.id.text = absl::StrCat(common.id.text, "@", address);
  // Names from a configuration have been checked; others are addresses.
  if (const auto target = config::ParseDialTarget(address); target.ok()) {
    using Scheme = config::DialTarget::Scheme;
    member.endpoint = target->endpoint;
    if (target->scheme != Scheme::kNone) member.tls.insecure = target->scheme == Scheme::kHttp;
  }
  return member;
}

}  // namespace tailrace
