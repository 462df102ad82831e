// `tailrace why ID`: what became of a trace, and which policy said so.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "absl/strings/ascii.h"
#include "collector/cli/held_trace.h"
#include "collector/cli/read_answers.h"
#include "collector/cli/terminal_facts.h"
#include "collector/cli/verb_options.h"
#include "collector/cli/verbs.h"
#include "collector/cli/why_text.h"

namespace tailrace {
namespace {

constexpr int kNotKnown = 3;

struct Options {
  ApiTarget target{.url = "http://localhost:8080"};
  std::string id;
  bool json = false;
  bool no_color = false;
};

// As other tools print ids: with or without dashes, of either case.
bool ReadId(std::string* id) {
  std::erase(*id, '-');
  absl::AsciiStrToLower(id);
  return id->size() == 32 && id->find_first_not_of("0123456789abcdef") == std::string::npos;
}

int Failed(const absl::Status& status) {
  std::cerr << "Error: " << status.message() << "\n";
  return 1;
}

// The waterfall, where the spans are still held. They may be gone by now; then the answer stands without them.
std::string SpansText(ApiClient* client, const std::string& id, const TerminalFacts& facts) {
  const auto json = client->GetJson("/api/v1/traces/" + id);
  if (!json.ok()) return {};
  const auto trace = HeldTrace::FromOtlpJson(*json);
  if (!trace.ok() || trace->spans().empty()) return {};
  return "\n" + WaterfallText(trace->spans(), LayOut(trace->spans()), StyleFor(facts));
}

int Answer(const Options& options) {
  ApiClient client(options.target);
  const auto json = client.GetJson("/api/v1/why/" + options.id);
  if (!json.ok()) return Failed(json.status());
  const auto why = ReadWhy(*json);
  if (!why.ok()) return Failed(why.status());
  if (const std::string warning = VersionWarning(client.version()); !warning.empty()) std::cerr << warning << "\n";
  if (options.json) {
    std::cout << *json << "\n";
    return IsKnown(*why) ? 0 : kNotKnown;
  }
  const TerminalFacts facts = LookAtTerminal(STDOUT_FILENO, !options.no_color);
  std::cout << WhyText(*why, facts.columns, facts.color);
  if (IsKnown(*why)) std::cout << SpansText(&client, options.id, facts);
  return IsKnown(*why) ? 0 : kNotKnown;
}

}  // namespace

int WhyMain(const std::vector<std::string>& args) {
  Options options;
  CLI::App app(
      "Says what became of a trace: undecided, kept or dropped, by which policy, with every policy's vote.\n"
      "Exit code 0: it is known; 3: it was never seen, or its details are forgotten; 1: no answer; 2: bad usage.",
      "tailrace why");
  app.add_option("ID", options.id, "trace id, 32 hexadecimal digits")->required();
  app.add_flag("--json", options.json, "the API's answer as it is");
  app.add_flag("--no-color", options.no_color, "no colours; NO_COLOR does the same");
  AddApiOptions(&app, &options.target);
  if (const int code = ParseArgs(&app, args); code >= 0) return code;
  if (!ReadId(&options.id)) {
    std::cerr << "Error: a trace id has 32 hexadecimal digits\n";
    return 2;
  }
  return Answer(options);
}

}  // namespace tailrace
