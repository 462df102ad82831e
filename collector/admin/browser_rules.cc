#include "collector/admin/browser_rules.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace tailrace {
namespace {

// "Name:8080" and "[::1]:8080" without the port and the brackets, in lower case. Empty where a bracket is not closed.
std::string NameOf(std::string_view host) {
  if (host.starts_with('[')) {
    const size_t end = host.find(']');
    host = end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  return absl::AsciiStrToLower(absl::string_view(host.data(), host.size()));
}

bool IsAddress(const std::string& name) {
  boost::system::error_code error;
  boost::asio::ip::make_address(name, error);
  return !error;
}

}  // namespace

std::optional<std::string> BrowserRules::Refusal(std::string_view path, std::string_view host,
                                                 std::string_view sec_fetch_site) const {
  const std::string name = NameOf(host);
  const bool is_own = name == "localhost" || name.ends_with(".localhost") || IsAddress(name) ||
                      std::any_of(hosts.begin(), hosts.end(),
                                  [&](const std::string& own) { return absl::EqualsIgnoreCase(own, name); });
  if (!is_own) {
    return "this server is not known by the name that the request gives it (Host); names that it should answer to go "
           "into service::tailrace::page::hosts";
  }
  if (path.starts_with("/api/") && sec_fetch_site == "cross-site") {
    return "pages of other sites may not ask";
  }
  return std::nullopt;
}

}  // namespace tailrace
