#include "collector/access/authenticators.h"

#include "collector/access/look_intervals.h"

namespace tailrace {

absl::StatusOr<std::unique_ptr<ServerAuthenticator>> MakeServerAuthenticator(const std::string& name,
                                                                             const config::ServerAuthConfig& config,
                                                                             Logger& logger) {
  if (const auto* basic = std::get_if<config::BasicAuthConfig>(&config)) {
    return MakeBasicAuthServer(name, *basic, logger);
  }
  if (const auto* bearer = std::get_if<config::BearerTokenConfig>(&config)) {
    return MakeBearerAuthServer(name, *bearer, logger);
  }
  return nullptr;
}

config::Duration LookForNewCredentials(WatchedText* watched, const std::string& name, Logger& logger,
                                       const std::function<absl::Status(const std::vector<std::string>&)>& use) {
  if (!watched->watches()) return {};
  std::vector<std::string> texts;
  const WatchedText::Change change = watched->Look(&texts);
  if (change == WatchedText::Change::kUnsettled) return kLookAgain;
  if (change == WatchedText::Change::kNone) return kLookEvery;
  const absl::Status status =
      change == WatchedText::Change::kChanged ? use(texts) : absl::UnavailableError("the file cannot be read");
  if (status.ok()) {
    logger.Info(name, "credentials reloaded");
  } else {
    logger.Error(name, "credentials cannot be reloaded; the last good ones stay in use",
                 {{"error", std::string(status.message())}});
  }
  return kLookEvery;
}

}  // namespace tailrace
