#include "collector/exporters/authenticator.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "collector/exporters/oauth2_client.h"
#include "collector/exporters/watched_file.h"

namespace tailrace {
namespace {

// A value in the configuration, or in a file.
class Secret {
 public:
  Secret(std::string text, std::string path)
      : text_(std::move(text)), file_(path.empty() ? nullptr : std::make_unique<WatchedFile>(std::move(path))) {}

  absl::StatusOr<std::string> Get() { return file_ == nullptr ? text_ : file_->Get(); }
  void Forget() {
    if (file_ != nullptr) file_->Forget();
  }

 private:
  const std::string text_;
  const std::unique_ptr<WatchedFile> file_;
};

class BasicAuth final : public Authenticator {
 public:
  explicit BasicAuth(const config::BasicAuthConfig& config)
      : username_(config.username, config.username_file), password_(config.password, config.password_file) {}

  absl::StatusOr<AuthHeader> Header() override {
    auto username = username_.Get();
    if (!username.ok()) return username.status();
    auto password = password_.Get();
    if (!password.ok()) return password.status();
    return AuthHeader{"authorization",
                      absl::StrCat("Basic ", absl::Base64Escape(absl::StrCat(*username, ":", *password)))};
  }
  void Refused() override {
    username_.Forget();
    password_.Forget();
  }

 private:
  Secret username_;
  Secret password_;
};

class BearerToken final : public Authenticator {
 public:
  explicit BearerToken(const config::BearerTokenConfig& config)
      : header_(absl::AsciiStrToLower(config.header)), scheme_(config.scheme), token_(First(config), config.filename) {}

  absl::StatusOr<AuthHeader> Header() override {
    auto token = token_.Get();
    if (!token.ok()) return token.status();
    token->resize(std::min(token->find_first_of("\r\n"), token->size()));  // of a file's tokens the first
    return AuthHeader{header_, scheme_.empty() ? *token : absl::StrCat(scheme_, " ", *token)};
  }
  void Refused() override { token_.Forget(); }

 private:
  static std::string First(const config::BearerTokenConfig& config) {
    for (const std::string& token : config.tokens) {
      if (!token.empty()) return token;
    }
    return config.token;
  }

  const std::string header_;
  const std::string scheme_;
  Secret token_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Authenticator>> MakeAuthenticator(const config::AuthConfig& config) {
  if (const auto* basic = std::get_if<config::BasicAuthConfig>(&config)) return std::make_unique<BasicAuth>(*basic);
  if (const auto* bearer = std::get_if<config::BearerTokenConfig>(&config)) {
    return std::make_unique<BearerToken>(*bearer);
  }
  if (const auto* oauth2 = std::get_if<config::OAuth2Config>(&config)) return MakeOAuth2Client(*oauth2);
  return nullptr;
}

}  // namespace tailrace
