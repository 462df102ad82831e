// bearertokenauth, as a listener asks it: one of the tokens, in the configured field behind the configured scheme.
#include <mutex>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "collector/access/authenticators.h"
#include "collector/access/keyed_digest.h"

namespace tailrace {
namespace {

using Digests = std::vector<KeyedDigest::Digest>;

class BearerAuthServer final : public ServerAuthenticator {
 public:
  BearerAuthServer(std::string name, const config::BearerTokenConfig& config, Logger& logger)
      : name_(std::move(name)),
        scheme_(config.scheme),
        logger_(logger),
        header_(absl::AsciiStrToLower(config.header)),
        challenge_(absl::StrCat(config.scheme.empty() ? "Bearer" : config.scheme, R"( realm="tailrace")")),
        missing_text_(absl::StrCat("missing or empty authorization header: ", config.header)),
        watched_({config.filename}) {}

  absl::Status Start(const config::BearerTokenConfig& config) {
    if (watched_.watches()) {
      absl::StatusOr<std::vector<std::string>> texts = watched_.Read();
      return texts.ok() ? Use(absl::StrSplit(texts->front(), '\n')) : texts.status();
    }
    std::vector<std::string> tokens = config.tokens;
    tokens.push_back(config.token);
    return Use(tokens);
  }

  const std::string& header() const override { return header_; }
  const std::string& challenge() const override { return challenge_; }
  std::string_view missing_text() const override { return missing_text_; }

  AuthVerdict Check(std::string_view value) override {
    if (value.empty()) return {.outcome = AuthOutcome::kMissing, .text = missing_text_};
    const KeyedDigest::Digest shown = digest_.Of(value);
    const std::shared_ptr<const Digests> good = Now();
    bool found = false;
    for (const KeyedDigest::Digest& one : *good) found |= KeyedDigest::Same(one, shown);  // all of them, always
    if (found) return {};
    return {.outcome = AuthOutcome::kWrong, .text = "scheme or token does not match"};
  }

  config::Duration Look() override {
    return LookForNewCredentials(&watched_, name_, logger_, [this](const auto& texts) { return Use(absl::StrSplit(texts.front(), '\n')); });
  }

 private:
  std::shared_ptr<const Digests> Now() {
    const std::lock_guard lock(mutex_);
    return good_;
  }

  absl::Status Use(const std::vector<std::string>& tokens) {
    auto good = std::make_shared<Digests>();
    for (const absl::string_view line : tokens) {
      const absl::string_view token = absl::StripAsciiWhitespace(line);
      if (token.empty()) continue;  // an empty line is no token that anybody may show
      good->push_back(digest_.Of(scheme_.empty() ? std::string(token) : absl::StrCat(scheme_, " ", token)));
    }
    if (good->empty()) return absl::InvalidArgumentError("no token in it");
    const std::lock_guard lock(mutex_);
    good_ = std::move(good);
    return absl::OkStatus();
  }

  const std::string name_;
  const std::string scheme_;
  Logger& logger_;
  const std::string header_;
  const std::string challenge_;
  const std::string missing_text_;
  const KeyedDigest digest_;
  WatchedText watched_;  // of the thread that looks
  std::mutex mutex_;
  std::shared_ptr<const Digests> good_;  // guarded by mutex_
};

}  // namespace

absl::StatusOr<std::unique_ptr<ServerAuthenticator>> MakeBearerAuthServer(const std::string& name,
                                                                          const config::BearerTokenConfig& config,
                                                                          Logger& logger) {
  auto made = std::make_unique<BearerAuthServer>(name, config, logger);
  if (const absl::Status status = made->Start(config); !status.ok()) return status;
  return made;
}

}  // namespace tailrace
