#include "collector/cli/config_args.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "collector/app/process_limits.h"
#include "collector/cli/environment.h"
#include "processors/check.h"

namespace tailrace {
namespace {

// `gates` as the Collector takes them: names with commas between them, each with an optional + or - in front.
bool HasGate(const std::string& gates, absl::string_view name) {
  for (absl::string_view gate : absl::StrSplit(gates, ',')) {
    absl::ConsumePrefix(&gate, "+");
    if (gate == name) return true;
  }
  return false;
}

}  // namespace

ConfigArgs LoadFromArgs(const std::string& verb, const std::vector<std::string>& args) {
  config::LoadInput input;
  std::string gates;
  CLI::App app("", verb.empty() ? "tailrace" : "tailrace " + verb);
  app.add_option(
         "--config", input.configs,
         "configuration file; given more than once, later ones override earlier ones (also file:PATH, env:NAME, "
         "yaml:KEY::KEY: VALUE)")
      ->required()
      ->allow_extra_args(false);
  app.add_option("--set", input.sets, "key.path=value, applied after all files")->allow_extra_args(false);
  app.add_option("--feature-gates", gates,
                 "of the Collector's, processor.tailsamplingprocessor.recordpolicy turns record_policy on; others are "
                 "accepted and "
                 "do nothing");
  bool core_dumps = false;
  if (verb.empty()) {
    app.add_flag("--core-dumps", core_dumps,
                 "let a crash leave a core file, which holds secrets of the configuration and spans");
  }
  try {
    // CLI11 takes the arguments from the back.
    app.parse(std::vector<std::string>(args.rbegin(), args.rend()));
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return {.config = std::nullopt, .exit_code = 0};
  } catch (const CLI::ParseError& error) {
    std::cerr << "Error: " << error.what() << "\n\nusage: tailrace" << (verb.empty() ? "" : " " + verb)
              << " --config FILE [--config FILE2] [--set key.path=value]\n";
    return {.config = std::nullopt, .exit_code = 2};
  }
  if (!core_dumps) ForbidCoreDumps();  // before the first secret is read
  input.getenv = Environment;
  config::LoadResult result = config::Load(input);
  if (result.ok()) result.problems = CheckPolicies(result.config);
  if (result.ok() && HasGate(gates, "processor.tailsamplingprocessor.recordpolicy")) {
    for (config::TailSamplingConfig& sampling : result.config.tail_samplings) sampling.record_policy = true;
  }
  if (result.ok()) return {.config = std::move(result.config), .exit_code = 0};
  std::cerr << "Error: invalid configuration:\n";
  for (const config::Problem& problem : result.problems) std::cerr << "  " << problem.ToString() << "\n";
  return {.config = std::nullopt, .exit_code = 2};
}

}  // namespace tailrace
