// basicauth with htpasswd, as a listener asks it: RFC 7617.
#include <mutex>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "collector/access/authenticators.h"
#include "collector/access/check_queue.h"
#include "collector/access/htpasswd.h"
#include "collector/access/keyed_digest.h"
#include "collector/access/verdict_cache.h"

namespace tailrace {
namespace {

constexpr absl::string_view kScheme = "Basic ";

// One reading of the file, with what was found out by it: when the file changes, all of it goes.
struct Users {
  Htpasswd table;
  std::mutex mutex;
  VerdictCache verdicts;  // guarded by mutex
};

AuthVerdict Verdict(bool good) {
  if (good) return {};
  return {.outcome = AuthOutcome::kWrong, .text = "invalid credentials"};
}

class BasicAuthServer final : public ServerAuthenticator {
 public:
  BasicAuthServer(std::string name, const config::BasicAuthConfig& config, Logger& logger)
      : name_(std::move(name)), config_(config), logger_(logger), watched_({config.htpasswd_file}) {}

  absl::Status Start() {
    std::vector<std::string> texts;
    if (watched_.watches()) {
      absl::StatusOr<std::vector<std::string>> read = watched_.Read();
      if (!read.ok()) return read.status();
      texts = *std::move(read);
    }
    return Use(texts);
  }

  const std::string& header() const override { return header_; }
  const std::string& challenge() const override { return challenge_; }
  std::string_view missing_text() const override { return "no basic auth provided"; }

  AuthVerdict Check(std::string_view value) override {
    const KeyedDigest::Digest digest = digest_.Of(value);
    const std::shared_ptr<Users> users = Now();
    {
      const std::lock_guard lock(users->mutex);
      if (const std::optional<bool> known = users->verdicts.Find(digest)) return Verdict(*known);
    }
    const absl::string_view text(value.data(), value.size());
    if (!absl::StartsWithIgnoreCase(text, kScheme)) {
      return {.outcome = AuthOutcome::kMalformed, .text = "invalid authorization scheme prefix"};
    }
    std::string decoded;
    const bool is_base64 = absl::Base64Unescape(text.substr(kScheme.size()), &decoded);
    const size_t colon = decoded.find(':');
    if (!is_base64 || colon == std::string::npos) {
      return {.outcome = AuthOutcome::kMalformed, .text = "invalid authorization format"};
    }
    std::string user = decoded.substr(0, colon);
    std::string password = decoded.substr(colon + 1);
    if (!users->table.IsSlow(user)) return Verdict(users->table.Matches(user, password));
    auto check = queue_->Add(digest, [users, digest, user = std::move(user), password = std::move(password)] {
      const bool good = users->table.Matches(user, password);
      const std::lock_guard lock(users->mutex);
      users->verdicts.Remember(digest, good);
      return Verdict(good);
    });
    if (check == nullptr) return {.outcome = AuthOutcome::kBusy, .text = "too many credentials are being checked"};
    return {.outcome = AuthOutcome::kPending, .check = std::move(check)};
  }

  config::Duration Look() override {
    return LookForNewCredentials(&watched_, name_, logger_, [this](const auto& texts) { return Use(texts); });
  }

 private:
  std::shared_ptr<Users> Now() {
    const std::lock_guard lock(mutex_);
    return users_;
  }

  absl::Status Use(const std::vector<std::string>& texts) {
    auto users = std::make_shared<Users>();
    for (const std::string& text : texts) {
      absl::StatusOr<Htpasswd> of_file = Htpasswd::Parse(text, "htpasswd::file");
      if (!of_file.ok()) return of_file.status();
      if (of_file->empty()) return absl::InvalidArgumentError("htpasswd::file: no user in it");
      users->table = *std::move(of_file);
    }
    absl::StatusOr<Htpasswd> in_place = Htpasswd::Parse(config_.htpasswd_inline, "htpasswd::inline");
    if (!in_place.ok()) return in_place.status();
    users->table.Merge(*in_place);
    if (users->table.empty()) return absl::InvalidArgumentError("htpasswd: no user in it");
    if (queue_ == nullptr) queue_ = std::make_unique<CheckQueue>();
    const std::lock_guard lock(mutex_);
    users_ = std::move(users);
    return absl::OkStatus();
  }

  const std::string name_;
  const config::BasicAuthConfig config_;
  Logger& logger_;
  const std::string header_ = "authorization";
  const std::string challenge_ = R"(Basic realm="tailrace", charset="UTF-8")";
  const KeyedDigest digest_;
  WatchedText watched_;  // of the thread that looks
  std::mutex mutex_;
  std::shared_ptr<Users> users_;  // guarded by mutex_
  std::unique_ptr<CheckQueue> queue_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ServerAuthenticator>> MakeBasicAuthServer(const std::string& name,
                                                                         const config::BasicAuthConfig& config,
                                                                         Logger& logger) {
  auto made = std::make_unique<BasicAuthServer>(name, config, logger);
  if (const absl::Status status = made->Start(); !status.ok()) return status;
  return made;
}

}  // namespace tailrace
