// `tailrace size`: how much machine a traffic needs.
#include <CLI/CLI.hpp>
#include <iostream>
#include <iterator>
#include <map>
#include <string>

#include "collector/cli/size_plan.h"
#include "collector/cli/size_text.h"
#include "collector/cli/verb_options.h"
#include "collector/cli/verbs.h"

namespace tailrace {

int SizeMain(const std::vector<std::string>& args) {
  Traffic traffic;
  Machine machine;
  double kept_percent = 10;
  bool json = false;
  CLI::App app(
      "Says how much memory, how many processors and how many instances a traffic needs, with the sums written out and "
      "a piece of configuration.",
      "tailrace size");
  app.add_option("--spans-per-second", traffic.spans_per_second, "of the whole traffic, at its peak")
      ->check(CLI::Range(1.0, 1e10))
      ->required();
  app.add_option("--span-bytes", traffic.span_bytes, "of a span on the wire, before compression")
      ->check(CLI::Range(uint64_t{10}, uint64_t{1'000'000}))
      ->capture_default_str();
  AddDuration(&app, "--wait", &traffic.wait, std::chrono::milliseconds(1), std::chrono::hours(24),
              "decision_wait: how long a trace is held");
  app.add_option("--spans-per-trace", traffic.spans_per_trace, "on average")
      ->check(CLI::Range(1.0, 1e6))
      ->capture_default_str();
  app.add_option("--kept-percent", kept_percent, "of the spans, on average")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  app.add_flag("--gzip", traffic.gzip, "clients compress");
  std::string storage = CostOf(traffic.storage).word;
  std::map<std::string, config::StorageCompression> storages;
  for (size_t i = 0; i < std::size(kStorageCosts); ++i) {
    storages.emplace(kStorageCosts[i].word, static_cast<config::StorageCompression>(i));
  }
  app.add_option("--storage-compression", storage, "what is done to spans that wait")
      ->check(CLI::IsMember(storages))
      ->capture_default_str();
  app.add_option("--cores", machine.cores, "that one instance may use (default: as many as it takes)")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1024}));
  app.add_option("--memory", machine.memory_bytes,
                 "that one instance may use, such as 4GiB (default: all that it takes)")
      ->transform(CLI::AsSizeValue(false));
  app.add_flag("--json", json, "numbers only");
  if (const int code = ParseArgs(&app, args); code >= 0) return code;
  traffic.kept_share = kept_percent / 100;
  traffic.storage = storages.at(storage);
  const auto plan = PlanSize(traffic, machine);
  if (!plan.has_value()) {
    std::cerr << "Error: no number of such instances is enough; give each more --memory or --cores\n";
    return 1;
  }
  std::cout << (json ? SizeJson(traffic, *plan) : SizeText(traffic, *plan));
  return 0;
}

}  // namespace tailrace
