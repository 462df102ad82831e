// BrowserRules: what a server that browsers talk to has to mind. A page of somebody else's may make a browser ask this
// server; it must not get at the answers. Immutable; any thread.
//
// * DNS rebinding: a strange name may be made to lead to this server's address, and the browser then takes both for
//   one site. The Host field tells: only names that are known to be this server's pass.
// * What a page of another site asks for carries `Sec-Fetch-Site: cross-site`; nothing below /api/ is for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tailrace {

struct BrowserRules {
  // Beside localhost, names below it and addresses, which nobody can make lead elsewhere: without ports.
  std::vector<std::string> hosts;
  // Sent with every answer that does not bring its own of that name.
  std::vector<std::pair<std::string, std::string>> headers;

  // Why such a request is refused; nothing: it is not.
  std::optional<std::string> Refusal(std::string_view path, std::string_view host,
                                     std::string_view sec_fetch_site) const;
};

}  // namespace tailrace
