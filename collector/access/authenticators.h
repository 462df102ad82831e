// The list of authenticators that a listener may ask. Internal to access/; the interface is server_authenticator.h.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collector/access/server_authenticator.h"

namespace tailrace {

absl::StatusOr<std::unique_ptr<ServerAuthenticator>> MakeBasicAuthServer(const std::string& name,
                                                                         const config::BasicAuthConfig& config,
                                                                         Logger& logger);
absl::StatusOr<std::unique_ptr<ServerAuthenticator>> MakeBearerAuthServer(const std::string& name,
                                                                          const config::BearerTokenConfig& config,
                                                                          Logger& logger);

// What came of reading a file anew.
void LogReload(Logger& logger, const std::string& name, const absl::Status& status);

}  // namespace tailrace
