// `tailrace tail`: kept traces as they come, each as a waterfall.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/printable.h"
#include "collector/cli/clock_text.h"
#include "collector/cli/held_trace.h"
#include "collector/cli/interrupts.h"
#include "collector/cli/read_answers.h"
#include "collector/cli/screen.h"
#include "collector/cli/terminal_facts.h"
#include "collector/cli/verb_options.h"
#include "collector/cli/verbs.h"
#include "collector/terminal/ansi.h"
#include "collector/terminal/numbers_text.h"

namespace tailrace {
namespace {

constexpr size_t kTracesAtATime = 50;
constexpr size_t kNameColumns = 60;

struct Options {
  ApiTarget target{.url = "http://localhost:8080"};
  std::string policy;
  std::string service;
  std::string status;
  double min_ms = 0;
  bool dropped = false;
  bool no_color = false;
  uint64_t count = 0;  // 0: without end
  std::chrono::milliseconds interval{500};
};

std::string QueryOf(const Options& options) {
  std::string query = absl::StrCat("/api/v1/traces?decision=", options.dropped ? "dropped" : "kept");
  if (!options.policy.empty()) absl::StrAppend(&query, "&policy=", UrlEscape(options.policy));
  if (!options.service.empty()) absl::StrAppend(&query, "&service=", UrlEscape(options.service));
  if (!options.status.empty()) absl::StrAppend(&query, "&status=", UrlEscape(options.status));
  if (options.min_ms > 0) absl::StrAppend(&query, "&min_ms=", options.min_ms);
  return query;
}

std::string HeadLine(const ApiTrace& trace, const TerminalFacts& facts) {
  std::string line = TimeOfDay(trace.decided_unix_ms) + "  ";
  if (!trace.root_service.empty()) {
    ansi::Paint(ansi::ServiceColor(trace.root_service), FitPrintable(trace.root_service, kNameColumns), facts.color,
                &line);
    line += "  ";
  }
  if (!trace.root_operation.empty()) {
    ansi::Paint(ansi::kBold, FitPrintable(trace.root_operation, kNameColumns), facts.color, &line);
    line += "  ";
  }
  absl::StrAppend(&line, DurationText(static_cast<uint64_t>(std::clamp(trace.duration_ms, 0.0, 1e12) * 1e6)), "  ",
                  trace.spans, trace.spans == 1 ? " span  " : " spans  ");
  if (trace.error) {
    ansi::Paint(ansi::kRed, "ERROR", facts.color, &line);
    line += "  ";
  }
  absl::StrAppend(&line, FitPrintable(trace.decision, kNameColumns));
  if (!trace.policy.empty()) absl::StrAppend(&line, " by ", FitPrintable(trace.policy, kNameColumns));
  if (!trace.early.empty()) absl::StrAppend(&line, " early (", FitPrintable(trace.early, kNameColumns), ")");
  line += "  ";
  ansi::Paint(ansi::kDim, FitPrintable(trace.id, 32), facts.color, &line);
  return line + "\n";
}

class Tail {
 public:
  explicit Tail(const Options& options) : options_(options), client_(options.target), query_(QueryOf(options)) {}

  int Run() {
    // What was decided before is not told again: only the place where it ends is asked for.
    ApiTraces found;
    if (!Ask(query_ + "&limit=1", &found)) return Ended();
    while (!interrupts_.stop_asked() && !Done()) {
      // The oldest first; where there are more than these, `newest` is the last of them.
      if (!Ask(absl::StrCat(query_, "&limit=", kTracesAtATime, "&after=", UrlEscape(found.newest)), &found))
        return Ended();
      for (const ApiTrace& trace : found.traces) {
        if (Done() || interrupts_.stop_asked()) break;
        if (!WriteOut(Show(trace))) return 0;  // nobody reads any more
        ++shown_;
      }
      const bool more = found.truncated || found.traces.size() == kTracesAtATime;
      if (!more && !Done()) interrupts_.Wait(options_.interval);
    }
    return 0;
  }

 private:
  bool Done() const { return options_.count != 0 && shown_ >= options_.count; }
  int Ended() const { return interrupts_.stop_asked() ? 0 : 1; }

  // False: an error was written, or a stop asked for.
  bool Ask(const std::string& path, ApiTraces* found) {
    const auto json = client_.GetJson(path, interrupts_.ForRequest());
    absl::StatusOr<ApiTraces> traces = json.ok() ? ReadTraces(*json) : json.status();
    if (traces.ok() && traces->newest.empty()) {
      traces = absl::UnavailableError("the daemon does not say where to go on (\"newest\")");
    }
    if (!traces.ok()) {
      if (!interrupts_.stop_asked()) std::cerr << "Error: " << traces.status().message() << "\n";
      return false;
    }
    if (!warned_) {
      if (const std::string warning = VersionWarning(client_.version()); !warning.empty()) std::cerr << warning << "\n";
      warned_ = true;
    }
    *found = *std::move(traces);
    return true;
  }

  std::string Show(const ApiTrace& trace) {
    const TerminalFacts facts = LookAtTerminal(STDOUT_FILENO, !options_.no_color);
    std::string text = HeadLine(trace, facts);
    if (!trace.has_spans) return text + "\n";
    const auto json = client_.GetJson("/api/v1/traces/" + UrlEscape(trace.id), interrupts_.ForRequest());
    const auto held = json.ok() ? HeldTrace::FromOtlpJson(*json) : json.status();
    if (held.ok()) text += WaterfallText(held->spans(), LayOut(held->spans()), StyleFor(facts));
    return text + "\n";
  }

  const Options& options_;
  Interrupts interrupts_{false};  // before curl's threads
  ApiClient client_;
  const std::string query_;
  uint64_t shown_ = 0;
  bool warned_ = false;
};

}  // namespace

int TailMain(const std::vector<std::string>& args) {
  Options options;
  CLI::App app("Shows kept traces as they are decided, each as a waterfall, until Ctrl-C.", "tailrace tail");
  app.add_option("--policy", options.policy, "only those that this policy kept");
  app.add_option("--service", options.service, "only those that pass through this service");
  app.add_option("--status", options.status, "only those with, or without, an error")
      ->check(CLI::IsMember({"error", "ok"}));
  app.add_option("--min-ms", options.min_ms, "only those that took this long")->check(CLI::NonNegativeNumber);
  app.add_flag("--dropped", options.dropped, "dropped traces instead");
  app.add_option("-n", options.count, "ends after so many traces");
  app.add_flag("--no-color", options.no_color, "no colours; NO_COLOR does the same");
  AddDuration(&app, "--interval", &options.interval, std::chrono::milliseconds(50), std::chrono::hours(1),
              "how often the daemon is asked");
  AddApiOptions(&app, &options.target);
  if (const int code = ParseArgs(&app, args); code >= 0) return code;
  return Tail(options).Run();
}

}  // namespace tailrace
