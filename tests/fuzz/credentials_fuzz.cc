// Any text as an htpasswd file, as the header field of basicauth, and as that of bearertokenauth: the first byte says
// which. A file's error names a line and nothing of what stands in it; only the right credentials are let in.
#include <algorithm>
#include <array>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "collector/access/htpasswd.h"
#include "collector/access/server_authenticator.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/recording_logger.h"

namespace tailrace::testing {
namespace {

constexpr std::string_view kUser = "ann";
constexpr std::string_view kPassword = "a:b c";
constexpr std::string_view kToken = "t0ken";

void CheckFile(std::string_view text) {
  const absl::StatusOr<Htpasswd> users = Htpasswd::Parse(text, "FILE");
  if (!users.ok()) {
    // "FILE, line 3: ..." with words of our own.
    const absl::string_view message = users.status().message();
    const size_t colon = message.find(": ");
    Require(absl::StartsWith(message, "FILE, line ") && colon != absl::string_view::npos, "where");
    constexpr std::array<absl::string_view, 6> kProblems = {
        "expected user:hash",
        "no password",
        "not a bcrypt hash",
        "a bcrypt cost above 16",
        "not a {SHA} hash",
        "a hash that is not supported: use bcrypt (`htpasswd -B`); apr1, crypt's other forms and {SSHA} are not taken"};
    const absl::string_view problem = message.substr(colon + 2);
    Require(std::find(kProblems.begin(), kProblems.end(), problem) != kProblems.end(),
            "and why, without what stands there", {message.data(), message.size()});
    return;
  }
  Require(!users->Matches("", ""), "nobody has no name");
  Require(users->IsSlow("nobody here, \n") || !users->Matches("nobody here, \n", "x"),
          "who is not there is not let in");
  // The last line is its user's: what is behind the colon, unless it is a hash.
  const size_t start = text.substr(0, text.find_last_not_of("\n")).rfind('\n') + 1;
  const std::string_view line = text.substr(start, text.find('\n', start) - start);
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || line.find_first_of(" \t\r#${") != std::string_view::npos) return;
  const std::string_view user = line.substr(0, colon), password = line.substr(colon + 1);
  Require(!users->empty() && !users->IsSlow(user), "a password in plain text is no slow hash");
  Require(users->Matches(user, password), "the password is let in", line);
  Require(!users->Matches(user, std::string(password) + "x") && !users->Matches(user, ""), "no other is", line);
}

std::unique_ptr<ServerAuthenticator> Make(const config::ServerAuthConfig& config) {
  static RecordingLogger logger;
  auto made = MakeServerAuthenticator("fuzz", config, logger);
  Require(made.ok(), "an authenticator");
  return *std::move(made);
}

void CheckBasic(std::string_view value) {
  static const auto authenticator =
      Make(config::BasicAuthConfig{.htpasswd_inline = std::string(kUser) + ":" + std::string(kPassword)});
  const AuthVerdict verdict = authenticator->Check(value);
  Require(verdict.outcome == AuthOutcome::kAllowed || !verdict.text.empty(), "a refusal has its text");
  Require(verdict.outcome == AuthOutcome::kAllowed || verdict.outcome == AuthOutcome::kMalformed ||
              verdict.outcome == AuthOutcome::kWrong,
          "known at once");
  // By way of an encoder: what is let in is, but for case and padding, the one right value.
  const auto letters = [](absl::string_view text) {
    std::string kept;
    for (const char c : text) {
      if (c != '=' && c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\v' && c != '\f') kept.push_back(c);
    }
    return kept;
  };
  const std::string right = absl::Base64Escape(std::string(kUser) + ":" + std::string(kPassword));
  const absl::string_view text(value.data(), value.size());
  const bool is_right = absl::StartsWithIgnoreCase(text, "basic ") && letters(text.substr(6)) == letters(right);
  if (verdict.outcome == AuthOutcome::kAllowed) Require(is_right, "only the right credentials", value);
  if (text == "Basic " + right) Require(verdict.outcome == AuthOutcome::kAllowed, "the right credentials");
}

void CheckBearer(std::string_view value) {
  static const auto authenticator =
      Make(config::BearerTokenConfig{.token = std::string(kToken), .tokens = {"x y", " "}});
  const AuthVerdict verdict = authenticator->Check(value);
  const bool right = value == "Bearer t0ken" || value == "Bearer x y";
  Require(right == (verdict.outcome == AuthOutcome::kAllowed), "the tokens and nothing else", value);
  Require(right || !verdict.text.empty(), "a refusal has its text");
}

}  // namespace
}  // namespace tailrace::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace::testing;  // NOLINT
  if (size < 1) return 0;
  const std::string text(AsText(data + 1, size - 1));
  switch (data[0] % 3) {
    case 0:
      CheckFile(text);
      break;
    case 1:
      CheckBasic(text);
      break;
    default:
      CheckBearer(text);
  }
  return 0;
}
