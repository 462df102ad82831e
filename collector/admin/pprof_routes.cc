#include "collector/admin/pprof_routes.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "collector/profile/address_space.h"
#include "collector/profile/profiles.h"

namespace tailrace {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;
constexpr int64_t kDefaultSeconds = 30;
constexpr int64_t kSecondsMax = 600;

constexpr char kIndex[] =
    "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>tailrace: profiles</title></head><body>\n"
    "<h1>Profiles</h1>\n<ul>\n"
    "<li><a href=\"profile?seconds=30\">profile</a>: CPU time for so many seconds (1 to 600), by thread</li>\n"
    "<li><a href=\"heap\">heap</a>: memory in use from operator new, sampled since the start</li>\n"
    "<li><a href=\"allocs\">allocs</a>: the same, all that was ever allocated first</li>\n"
    "<li><a href=\"symbol\">symbol</a>: names of functions for addresses</li>\n"
    "<li><a href=\"cmdline\">cmdline</a>: the command line, without secrets</li>\n"
    "</ul>\n<p><code>go tool pprof http://HOST:PORT/debug/pprof/profile?seconds=10</code></p>\n</body></html>\n";

AdminResponse Attachment(const char* name, std::string body) {
  return {.content_type = "application/octet-stream",
          .body = std::move(body),
          .headers = {{"Content-Disposition", absl::StrCat("attachment; filename=\"", name, "\"")}}};
}

AdminResponse Sentence(unsigned status, std::string text) {
  return {.status = status, .body = absl::StrCat(text, "\n")};
}

// Samples until its time is over. A client that hangs up ends it.
class CpuProfiling : public AdminWork {
 public:
  CpuProfiling(std::unique_ptr<CpuSampler> sampler, const Clock& clock, int64_t seconds)
      : sampler_(std::move(sampler)),
        clock_(clock),
        began_wall_ns_(clock.WallNs()),
        began_ns_(clock.MonotonicNs()),
        ends_ns_(began_ns_ + seconds * kNsPerSecond),
        looks_for_threads_ns_(began_ns_ + kNsPerSecond) {}

  std::optional<AdminResponse> Step() override {
    const int64_t now_ns = clock_.MonotonicNs();
    if (now_ns >= looks_for_threads_ns_) {
      sampler_->WatchNewThreads();
      looks_for_threads_ns_ = now_ns + kNsPerSecond;
    }
    if (now_ns < ends_ns_) return std::nullopt;
    sampler_->Stop();
    return Attachment("profile", CpuProfile(*sampler_, began_wall_ns_, now_ns - began_ns_));
  }

 private:
  const std::unique_ptr<CpuSampler> sampler_;
  const Clock& clock_;
  const int64_t began_wall_ns_;
  const int64_t began_ns_;
  const int64_t ends_ns_;
  int64_t looks_for_threads_ns_;
};

AdminResponse AnswerProfile(const Clock& clock, const AdminRequest& request) {
  int64_t seconds = kDefaultSeconds;
  const std::string* const text = request.Parameter("seconds");
  if (text != nullptr && (!absl::SimpleAtoi(*text, &seconds) || seconds < 1 || seconds > kSecondsMax)) {
    return Sentence(400, absl::StrCat("seconds must be a whole number from 1 to ", kSecondsMax));
  }
  absl::StatusOr<std::unique_ptr<CpuSampler>> sampler = CpuSampler::Start();
  if (!sampler.ok()) return Sentence(503, absl::StrCat("cannot profile the CPU: ", sampler.status().message()));
  return {.work = std::make_shared<CpuProfiling>(*std::move(sampler), clock, seconds)};
}

AdminResponse AnswerHeap(const Clock& clock, const AdminRequest& request, HeapView view) {
  const std::string* const debug = request.Parameter("debug");
  if (debug != nullptr && *debug != "0") return Sentence(400, "only debug=0: the profile in pprof's own format");
  const HeapSampler* const sampler = HeapSampler::Get();
  if (sampler == nullptr) return Sentence(501, "this build does not sample its memory: a sanitizer watches over it");
  return Attachment(view == HeapView::kInUse ? "heap" : "allocs", HeapProfile(*sampler, view, clock.WallNs()));
}

// Addresses as pprof asks for them, "0x1f+0x2a"; a line for each whose function is known.
AdminResponse AnswerSymbol(const AdminRequest& request) {
  const std::string& asked = request.body.empty() ? request.query : request.body;
  if (asked.empty()) return {.body = "num_symbols: 1\n"};
  AddressSpace addresses;
  std::string lines;
  for (const absl::string_view text : absl::StrSplit(asked, '+')) {
    uint64_t address = 0;
    if (!absl::SimpleHexAtoi(absl::StripAsciiWhitespace(text), &address)) continue;
    const std::string name = addresses.FunctionAt(address);
    if (!name.empty()) absl::StrAppend(&lines, "0x", absl::Hex(address), "\t", name, "\n");
  }
  return {.body = std::move(lines)};
}

std::string CommandLine() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  return ShownCommandLine(std::string(std::istreambuf_iterator<char>(file), {}));
}

// `value`: what --set or --config was given.
std::string Shown(absl::string_view option, absl::string_view value) {
  if (option == "--set") return absl::StrCat(value.substr(0, value.find('=')), "=[REDACTED]");
  if (absl::StartsWith(value, "yaml:")) return "yaml:[REDACTED]";
  return std::string(value);
}

}  // namespace

std::string ShownCommandLine(std::string_view arguments) {
  std::vector<std::string> shown;
  std::string option;  // whose value comes next
  absl::string_view text(arguments.data(), arguments.size());
  absl::ConsumeSuffix(&text, absl::string_view("\0", 1));
  for (const absl::string_view argument : absl::StrSplit(text, '\0')) {
    const absl::string_view name = argument.substr(0, argument.find('='));
    if (!option.empty()) {
      shown.push_back(Shown(std::exchange(option, ""), argument));
    } else if (name.size() < argument.size() && (name == "--set" || name == "--config")) {
      shown.push_back(absl::StrCat(name, "=", Shown(name, argument.substr(name.size() + 1))));
    } else {
      if (argument == "--set" || argument == "--config") option = std::string(argument);
      shown.emplace_back(argument);
    }
  }
  return absl::StrJoin(shown, absl::string_view("\0", 1));
}

void AddPprofRoutes(const Clock& clock, AdminServer* server) {
  const std::vector<std::string> heap_parameters = {"debug", "gc"};
  const auto heap = [&clock](HeapView view) {
    return [&clock, view](const AdminRequest& request) { return AnswerHeap(clock, request, view); };
  };
  server->AddRoute({"/debug/pprof", [](const AdminRequest&) {
                      return AdminResponse{.status = 301, .headers = {{"Location", "/debug/pprof/"}}};
                    }});
  server->AddRoute({"/debug/pprof/", [](const AdminRequest& request) {
                      if (request.path != "/debug/pprof/") return Sentence(404, "no such profile; see /debug/pprof/");
                      return AdminResponse{.content_type = "text/html; charset=utf-8", .body = kIndex};
                    }});
  server->AddRoute({"/debug/pprof/profile",
                    [&clock](const AdminRequest& request) { return AnswerProfile(clock, request); },
                    {{"seconds"}}});
  server->AddRoute({"/debug/pprof/heap", heap(HeapView::kInUse), heap_parameters});
  server->AddRoute({"/debug/pprof/allocs", heap(HeapView::kAllocated), heap_parameters});
  server->AddRoute({.path = "/debug/pprof/symbol", .handler = AnswerSymbol, .takes_post = true});
  server->AddRoute({"/debug/pprof/cmdline", [](const AdminRequest&) { return AdminResponse{.body = CommandLine()}; }});
}

}  // namespace tailrace
