// `tailrace top`: what the daemon does right now, drawn again and again.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/printable.h"
#include "collector/cli/interrupts.h"
#include "collector/cli/screen.h"
#include "collector/cli/terminal_facts.h"
#include "collector/cli/top_sample.h"
#include "collector/cli/top_text.h"
#include "collector/cli/verb_options.h"
#include "collector/cli/verbs.h"
#include "collector/terminal/ansi.h"

namespace tailrace {
namespace {

constexpr std::chrono::milliseconds kFirstWait{1000};

struct Options {
  ApiTarget target{.url = "http://localhost:8080"};
  std::chrono::milliseconds interval{1000};
  bool once = false;
  bool no_color = false;
};

class Top {
 public:
  explicit Top(const Options& options)
      : options_(options),
        facts_(LookAtTerminal(STDOUT_FILENO, !options.no_color)),
        interrupts_(facts_.moves_cursor && !options.once && isatty(STDIN_FILENO) != 0),
        client_(options.target) {}

  int Run() {
    // A daemon that cannot be reached is told before the screen is taken.
    if (!Sample()) return Ended();
    before_ = now_;
    if (const std::string warning = VersionWarning(client_.version()); !warning.empty()) {
      std::cerr << warning << "\n";
    }
    if (options_.once) return Once();
    return facts_.moves_cursor ? OnScreen() : AsLines();
  }

 private:
  int Ended() const {
    if (interrupts_.stop_asked()) return 0;
    std::cerr << "Error: " << error_ << "\n";
    return 1;
  }

  // False: error_ says why.
  bool Sample() {
    auto sample = TakeTopSample(&client_, interrupts_.ForRequest());
    error_ = sample.ok() ? "" : std::string(sample.status().message());
    if (!sample.ok()) return false;
    before_ = std::move(now_);
    now_ = *std::move(sample);
    return true;
  }

  int Once() {
    interrupts_.Wait(options_.interval);
    if (interrupts_.stop_asked() || !Sample()) return Ended();
    for (const std::string& line : TopLines(before_, now_, {facts_.columns, SIZE_MAX, facts_.color})) {
      std::cout << line << "\n";
    }
    return 0;
  }

  int AsLines() {
    while (true) {
      interrupts_.Wait(options_.interval);
      if (interrupts_.stop_asked() || !Sample()) return Ended();
      if (!WriteOut(TopLine(before_, now_) + "\n")) return 0;
    }
  }

  // A daemon that goes away may come back: the last picture stays, with the reason below.
  int OnScreen() {
    Screen screen;
    // Without rates at first: those of a moment would say little. Nobody waits a long interval for them.
    auto next = std::chrono::steady_clock::now() + std::min(options_.interval, kFirstWait);
    while (true) {
      Draw(&screen);
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - std::chrono::steady_clock::now());
      if (left.count() > 0) interrupts_.Wait(left);
      if (interrupts_.stop_asked()) return 0;
      if (interrupts_.TakeResized()) facts_ = LookAtTerminal(STDOUT_FILENO, !options_.no_color);
      if (std::chrono::steady_clock::now() < next) continue;
      next = std::chrono::steady_clock::now() + options_.interval;
      Sample();
      if (interrupts_.stop_asked()) return 0;
    }
  }

  void Draw(Screen* screen) {
    const size_t rows = facts_.rows - std::min<size_t>(facts_.rows, 3);
    std::vector<std::string> lines = TopLines(before_, now_, {facts_.columns, rows, facts_.color});
    lines.emplace_back();
    const std::string foot = FitPrintable(error_.empty() ? "q quits" : error_, facts_.columns);
    ansi::Paint(error_.empty() ? ansi::kDim : ansi::kRed, foot, facts_.color, &lines.back());
    screen->Draw(lines, facts_.rows);
  }

  const Options& options_;
  TerminalFacts facts_;
  Interrupts interrupts_;  // before curl's threads
  ApiClient client_;
  TopSample before_;
  TopSample now_;
  std::string error_;
};

}  // namespace

int TopMain(const std::vector<std::string>& args) {
  Options options;
  CLI::App app(
      "Shows what a running daemon does: traffic, memory, policies, exporters and the costliest operations. On a "
      "terminal it is drawn anew until q or Ctrl-C; elsewhere it is one line each time.",
      "tailrace top");
  AddDuration(&app, "--interval", &options.interval, std::chrono::milliseconds(100), std::chrono::hours(1),
              "how often the daemon is asked");
  app.add_flag("--once", options.once, "the whole table, once: rates are of one interval");
  app.add_flag("--no-color", options.no_color, "no colours; NO_COLOR does the same");
  AddApiOptions(&app, &options.target);
  if (const int code = ParseArgs(&app, args); code >= 0) return code;
  return Top(options).Run();
}

}  // namespace tailrace
