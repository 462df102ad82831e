// The list of authenticators that a listener may ask. Internal to access/; the interface is server_authenticator.h.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collector/access/server_authenticator.h"
#include "collector/access/watched_text.h"

namespace tailrace {

absl::StatusOr<std::unique_ptr<ServerAuthenticator>> MakeBasicAuthServer(const std::string& name,
                                                                         const config::BasicAuthConfig& config,
                                                                         Logger& logger);
absl::StatusOr<std::unique_ptr<ServerAuthenticator>> MakeBearerAuthServer(const std::string& name,
                                                                          const config::BearerTokenConfig& config,
                                                                          Logger& logger);

// Looks whether the watched files have changed and gives what is in them now to `use`; the log says what came of it.
// Returns when to look next; 0: nothing is watched.
config::Duration LookForNewCredentials(WatchedText* watched, const std::string& name, Logger& logger,
                                       const std::function<absl::Status(const std::vector<std::string>&)>& use);

}  // namespace tailrace
