#include "collector/access/authenticators.h"

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

void LogReload(Logger& logger, const std::string& name, const absl::Status& status) {
  if (status.ok()) return logger.Info(name, "credentials reloaded");
  logger.Error(name, "credentials cannot be reloaded; the last good ones stay in use",
               {{"error", std::string(status.message())}});
}

}  // namespace tailrace
