// `tailrace first-trace`: sends one trace with an error where applications send theirs, and asks every instance that a
// name stands for until one has decided it: a test of a whole installation, also where there is no shell (`helm test`).
#include <sys/random.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/printable.h"
#include "collector/cli/interrupts.h"
#include "collector/cli/read_answers.h"
#include "collector/cli/url_addresses.h"
#include "collector/cli/verb_options.h"
#include "collector/cli/verbs.h"

namespace tailrace {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{250};
constexpr size_t kWordsShown = 200;

struct Options {
  std::string to = "http://localhost:4318";
  ApiTarget ask;  // no url: the trace is sent, and that is all
  std::chrono::milliseconds wait = std::chrono::minutes(2);
};

std::string RandomHex(size_t bytes) {
  std::string raw(bytes, '\0');
  // What is this short comes whole.
  if (getrandom(raw.data(), raw.size(), 0) != static_cast<ssize_t>(bytes)) return {};
  return absl::BytesToHexString(raw);
}

// OTLP JSON, a span of a tenth of a second with an error.
std::string Request(const std::string& id, int64_t now_ns) {
  return absl::StrCat(
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"tailrace-first-trace"}}]},)",
      R"("scopeSpans":[{"spans":[{"traceId":")", id, R"(","spanId":")", RandomHex(8),
      R"(","name":"first trace","kind":2,)", R"("startTimeUnixNano":")", now_ns - 100'000'000,
      R"(","endTimeUnixNano":")", now_ns, R"(","status":{"code":2,"message":"made up"}}]}]}]})");
}

int Failed(absl::string_view words) {
  std::cerr << "Error: " << words << "\n";
  return 1;
}

// Retried while the installation starts: a name that does not resolve yet, a listener that is not there, overload.
absl::Status Send(const Options& options, const std::string& id, int64_t end_ns, Interrupts* interrupts) {
  const SystemClock clock;
  ApiTarget target = options.ask;
  target.url = options.to;
  ApiClient client(target);
  for (;;) {
    const auto answer =
        client.Post("/v1/traces", "application/json", Request(id, clock.WallNs()), interrupts->ForRequest());
    if (answer.ok() && answer->status == 200) return absl::OkStatus();
    const bool may_pass =
        answer.ok() ? answer->status == 429 || answer->status >= 500 : absl::IsUnavailable(answer.status());
    if (!may_pass || clock.MonotonicNs() > end_ns) {
      if (!answer.ok()) return answer.status();
      return absl::UnavailableError(
          absl::StrCat(options.to, " answered ", answer->status, ": ", FitPrintable(answer->body, kWordsShown)));
    }
    interrupts->Wait(kBetweenLooks);
    if (interrupts->stop_asked()) return absl::CancelledError("interrupted");
  }
}

// What one instance says; empty: it has not decided such a trace.
std::string Decision(const ApiTarget& target, const std::string& id, Interrupts* interrupts) {
  ApiClient client(target);
  const auto json = client.GetJson("/api/v1/why/" + id, interrupts->ForRequest());
  if (!json.ok()) return {};
  const auto why = ReadWhy(*json);
  if (!why.ok()) return {};
  for (const ApiWhyAnswer& answer : why->answers) {
    if (answer.state == "kept" || answer.state == "dropped") return FitPrintable(why->sentence, kWordsShown);
  }
  return {};
}

int Ask(const Options& options, const std::string& id, int64_t end_ns, Interrupts* interrupts) {
  const SystemClock clock;
  absl::Status looked;
  do {
    // Each time anew: instances come and go.
    const auto urls = UrlsOfAddresses(options.ask.url);
    looked = urls.status();
    for (size_t i = 0; urls.ok() && i < urls->size(); ++i) {
      ApiTarget target = options.ask;
      target.url = (*urls)[i];
      if (const std::string said = Decision(target, id, interrupts); !said.empty()) {
        std::cout << target.url << ": " << said << "\n";
        return 0;
      }
    }
    interrupts->Wait(kBetweenLooks);
    if (interrupts->stop_asked()) return Failed("interrupted");
  } while (clock.MonotonicNs() < end_ns);
  if (!looked.ok()) return Failed(looked.message());
  return Failed(absl::StrCat("no instance at ", options.ask.url, " decided trace ", id, " within the time (--wait)"));
}

}  // namespace

int FirstTraceMain(const std::vector<std::string>& args) {
  Options options;
  CLI::App app(
      "Sends one trace with an error, and asks what became of it. Credentials go to both, where they are given.\n"
      "Exit code 0: it was taken, and decided where --url is given; 1: it was not; 2: bad usage.",
      "tailrace first-trace");
  app.add_option("--to", options.to, "where OTLP over HTTP is taken")->capture_default_str();
  AddDuration(&app, "--wait", &options.wait, std::chrono::seconds(1), std::chrono::hours(1),
              "how long all of it may take");
  AddApiOptions(&app, &options.ask);
  if (const int code = ParseArgs(&app, args); code >= 0) return code;
  Interrupts interrupts(false);
  const int64_t end_ns = SystemClock().MonotonicNs() + std::chrono::nanoseconds(options.wait).count();
  const std::string id = RandomHex(16);
  if (const absl::Status sent = Send(options, id, end_ns, &interrupts); !sent.ok()) return Failed(sent.message());
  std::cout << "trace " << id << " was taken by " << options.to << "\n";
  return options.ask.url.empty() ? 0 : Ask(options, id, end_ns, &interrupts);
}

}  // namespace tailrace
