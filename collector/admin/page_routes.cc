#include "collector/admin/page_routes.h"

#include <utility>

namespace tailrace {

std::vector<AdminRoute> PageRoutes(const PageSources& sources) {
  const std::vector<std::string> none;
  std::vector<AdminRoute> routes = FileRoutes(PageFiles());
  const auto add = [&](std::string path, std::vector<std::string> parameters, AdminHandler handler) {
    routes.push_back({std::move(path), std::move(handler), std::move(parameters)});
  };
  add("/api/v1/status", none, [s = sources](const AdminRequest&) {
    return JsonAnswer(StatusJson(s.moments.Now(), s.health.Get(), s.identity));
  });
  add("/api/v1/flow", none,
      [s = sources](const AdminRequest&) { return JsonAnswer(FlowJson(s.moments.Now(), s.config)); });
  add("/api/v1/policies", none,
      [s = sources](const AdminRequest&) { return JsonAnswer(PoliciesJson(s.moments.Now(), s.config)); });
  add("/api/v1/config", none, [s = sources, answer = std::string()](const AdminRequest&) mutable {
    if (answer.empty()) answer = ConfigJson(s.config);  // it never changes
    return JsonAnswer(answer);
  });
  return routes;
}

BrowserRules PageBrowserRules(const config::PageConfig& config) {
  BrowserRules rules{.hosts = config.hosts};
  rules.hosts.push_back(config.host);
  rules.headers = {
      {"X-Tailrace-Version", TAILRACE_VERSION},
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
       "base-uri 'none'; frame-ancestors 'none'; form-action 'none'"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
  };
  return rules;
}

}  // namespace tailrace
