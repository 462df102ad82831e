// ServerAuthenticator: whether a request's credentials are good; from `auth:` of a listener (basicauth with htpasswd,
// bearertokenauth). Asked once for each request, when its header fields are complete and before anything else is looked
// at.
//
// Any thread. Check() does not wait: what takes long (bcrypt) is answered with kPending and a PendingCheck.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

enum class AuthOutcome : uint8_t {
  kAllowed,
  kMissing,    // no such header field
  kMalformed,  // not of the form that the authenticator wants
  kDoubled,    // more than one credential
  kWrong,
  kBusy,     // too many are being checked; the client may try again
  kPending,  // being checked
};
inline constexpr size_t kAuthOutcomes = 7;
// With kBusy: a queue of bcrypt checks has moved on by then.
inline constexpr uint32_t kAuthRetryAfterMs = 1000;

class PendingCheck;

struct AuthVerdict {
  AuthOutcome outcome = AuthOutcome::kAllowed;
  std::string_view text;                // for the client; outlives the authenticator's users; without a secret
  std::shared_ptr<PendingCheck> check;  // with kPending
};

// One that is under way. Guarded inside; any thread.
class PendingCheck {
 public:
  virtual ~PendingCheck() = default;
  // Calls `done` once, from any thread; at once where it is over.
  virtual void WhenDone(std::function<void()> done) = 0;
  // kPending until it is over.
  virtual AuthVerdict verdict() const = 0;
};

class ServerAuthenticator {
 public:
  virtual ~ServerAuthenticator() = default;

  // The field that carries the credentials, in lower case; the value of WWW-Authenticate. Immutable.
  virtual const std::string& header() const = 0;
  virtual const std::string& challenge() const = 0;

  // `value`: of the one field that there is.
  virtual AuthVerdict Check(std::string_view value) = 0;
  // What is said of a request without the field.
  virtual std::string_view missing_text() const = 0;

  // Looks at its file; called by one thread. Returns when to look again; 0: never.
  virtual config::Duration Look() = 0;
};

// Reads its file, if any. Null for std::monostate. `name`: the extension's id, for the log. An error says what is
// wrong, without a secret.
absl::StatusOr<std::unique_ptr<ServerAuthenticator>> MakeServerAuthenticator(const std::string& name,
                                                                             const config::ServerAuthConfig& config,
                                                                             Logger& logger);

}  // namespace tailrace
