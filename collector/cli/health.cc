// `tailrace health`: whether a daemon is ready, as an exit code; for container health checks, where there is no shell.
#include <CLI/CLI.hpp>
#include <iostream>

#include "collector/cli/verb_options.h"
#include "collector/cli/verbs.h"

namespace tailrace {

int HealthMain(const std::vector<std::string>& args) {
  ApiTarget target{.url = "http://localhost:13133/", .timeout = std::chrono::seconds(2)};
  CLI::App app("Exit code 0 where the daemon's health_check says that it is ready, 1 otherwise.", "tailrace health");
  AddApiOptions(&app, &target);
  if (const int code = ParseArgs(&app, args); code >= 0) return code;
  ApiClient client(target);
  const auto answer = client.Get("");
  if (!answer.ok()) {
    std::cerr << "not healthy: " << answer.status().message() << "\n";
    return 1;
  }
  if (answer->status == 200) return 0;
  std::cerr << "not ready: " << target.url << " answered " << answer->status << "\n";
  return 1;
}

}  // namespace tailrace
