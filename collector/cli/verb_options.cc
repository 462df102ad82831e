#include "collector/cli/verb_options.h"

#include <CLI/CLI.hpp>

#include "absl/strings/str_cat.h"
#include "base/printable.h"
#include "config/values.h"

namespace tailrace {
namespace {

std::string CheckUrl(const std::string& url) {
  const bool good = url.rfind("http://", 0) == 0 || url.rfind("https://", 0) == 0;
  return good ? "" : "begins with http:// or https://";
}

}  // namespace

void AddDuration(CLI::App* app, const std::string& name, std::chrono::milliseconds* out, std::chrono::milliseconds min,
                 std::chrono::milliseconds max, const std::string& sentence) {
  const auto read = [name, out, min, max](const std::string& text) {
    const auto duration = config::ParseDuration(text);
    if (!duration.ok() || *duration < min || *duration > max) {
      throw CLI::ValidationError(
          name, absl::StrCat("'", FitPrintable(text, 40), "' is no duration from ", config::FormatDuration(min), " to ",
                             config::FormatDuration(max), ", such as 300ms or 1m30s"));
    }
    *out = std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
  };
  app->add_option_function<std::string>(name, read, sentence)
      ->type_name("DURATION")
      ->default_str(config::FormatDuration(*out));
}

void AddApiOptions(CLI::App* app, ApiTarget* target) {
  app->add_option("--url", target->url, "where the daemon answers")
      ->check(CLI::Validator(CheckUrl, "URL"))
      ->capture_default_str();
  app->add_option("--ca-file", target->ca_file, "certificates of the authorities to trust, for https");
  app->add_flag("--insecure", target->insecure, "take any certificate");
  app->add_option("--user", target->user, "NAME:PASSWORD, where the endpoint asks for them");
  app->add_option("--token", target->token, "bearer token, where the endpoint asks for one")->envname("TAILRACE_TOKEN");
  AddDuration(app, "--timeout", &target->timeout, std::chrono::milliseconds(1), std::chrono::hours(1),
              "how long each request may take");
}

int ParseArgs(CLI::App* app, const std::vector<std::string>& args) {
  try {
    app->parse(std::vector<std::string>(args.rbegin(), args.rend()));  // as CLI11 takes them
  } catch (const CLI::ParseError& error) {
    return app->exit(error) == 0 ? 0 : 2;
  }
  return -1;
}

std::string VersionWarning(const std::string& version) {
  if (version.empty() || version == TAILRACE_VERSION) return {};
  return absl::StrCat("Warning: the daemon is of version ", FitPrintable(version, 40),
                      ", this program of " TAILRACE_VERSION "; some of what it says may be missing here");
}

}  // namespace tailrace
