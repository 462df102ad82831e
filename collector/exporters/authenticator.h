// Authenticator: the header that proves to a backend who we are; from `auth:` of an exporter (basicauth,
// bearertokenauth, oauth2client).
//
// Header() is called before each request by the exporter's thread and must not wait: what has to be fetched (a token of
// oauth2client) or read anew (a file that changed) is done elsewhere or cached. Guarded; any thread.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "config/model.h"

namespace tailrace {

struct AuthHeader {
  std::string name;   // "authorization"
  std::string value;  // a secret: never in logs or errors
};

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // An error (no token yet, a file that vanished before it was ever read): the request is to be retried later. In
  // words, without the secret.
  virtual absl::StatusOr<AuthHeader> Header() = 0;
  // The backend refused the header: fetch or read it anew soon.
  virtual void Refused() = 0;
};

// Null for std::monostate.
absl::StatusOr<std::unique_ptr<Authenticator>> MakeAuthenticator(const config::AuthConfig& config);

}  // namespace tailrace
