// `tailrace --config FILE`: the daemon, from start to ledger.
#include <malloc.h>

#include <csignal>
#include <iostream>

#include "base/clock.h"
#include "collector/app/app.h"
#include "collector/app/process_limits.h"
#include "collector/cli/config_args.h"
#include "collector/cli/verbs.h"

namespace tailrace {
namespace {

// Every connection is an open file: no more of them than the limit leaves room for.
void FitOpenFiles(config::EngineConfig* engine, Logger& logger) {
  const OpenFiles files = RaiseOpenFiles();
  logger.Info("service", "Limit of open files",
              {{"found", std::to_string(files.before)}, {"raised_to", std::to_string(files.now)}});
  const uint64_t fitting = ConnectionsWithin(files.now, engine->connections_max);
  if (fitting == engine->connections_max) return;
  const std::string text = "service::tailrace::connections_max: " + std::to_string(engine->connections_max) +
                           " connections do not fit the limit of " + std::to_string(files.now) +
                           " open files; lowered to " + std::to_string(fitting);
  // The default is meant for any machine; whoever asks for a number wants to hear that it is not to be had.
  if (engine->connections_max == config::EngineConfig().connections_max) {
    logger.Info("service", text);
  } else {
    logger.Warn("service", text);
  }
  engine->connections_max = fitting;
}

}  // namespace

int ServeMain(const std::vector<std::string>& args) {
  ConfigArgs loaded = LoadFromArgs("", args);
  if (!loaded.config.has_value()) return loaded.exit_code;
  // A peer that hangs up is an error of that write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  // Batches of some megabytes come and go: keep their memory instead of giving it back to the system and faulting it in
  // again.
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  SystemClock clock;
  const std::unique_ptr<Logger> logger = MakeLogger(loaded.config->logs);
  logger->Info("service", "Starting tailrace...", {{"Version", TAILRACE_VERSION}});
  FitOpenFiles(&loaded.config->engine, *logger);
  App app(std::move(*loaded.config), *logger, clock);
  if (const absl::Status status = app.Start(); !status.ok()) {
    logger->Error("service", "cannot start", {{"error", std::string(status.message())}});
    return 1;
  }
  app.WaitForSignal();
  const std::vector<LedgerLine> ledger = app.Stop();
  std::cerr << FormatLedger(ledger) << std::flush;
  return 0;
}

}  // namespace tailrace
