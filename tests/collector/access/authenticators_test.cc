// What the authenticators say to a header, and when their files change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "collector/access/listener_access.h"
#include "collector/access/server_authenticator.h"
#include "tests/support/recording_logger.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using ::testing::HasSubstr;
using testing::RecordingLogger;
using testing::WaitFor;

const std::string kSecretHash = "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

std::string Basic(const std::string& user_and_password) { return "Basic " + absl::Base64Escape(user_and_password); }

class AuthenticatorsTest : public ::testing::Test {
 protected:
  std::string File(const std::string& text) const { return directory_.File("file", text); }
  std::unique_ptr<ServerAuthenticator> Make(const config::ServerAuthConfig& config) {
    auto made = MakeServerAuthenticator("auth/x", config, logger_);
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() ? *std::move(made) : nullptr;
  }
  std::string ErrorOf(const config::ServerAuthConfig& config) {
    return std::string(MakeServerAuthenticator("auth/x", config, logger_).status().message());
  }
  // Waits where it takes a while.
  static AuthOutcome Outcome(ServerAuthenticator& authenticator, const std::string& value) {
    AuthVerdict verdict = authenticator.Check(value);
    if (verdict.outcome != AuthOutcome::kPending) return verdict.outcome;
    EXPECT_TRUE(WaitFor([&] { return verdict.check->verdict().outcome != AuthOutcome::kPending; }));
    return verdict.check->verdict().outcome;
  }

  RecordingLogger logger_;
  testing::ScratchDirectory directory_;
};

TEST_F(AuthenticatorsTest, NoneIsNone) { EXPECT_EQ(Make(std::monostate()), nullptr); }

TEST_F(AuthenticatorsTest, BcryptIsPendingOnceAndThenKnown) {
  const auto basic = Make(config::BasicAuthConfig{.htpasswd_inline = "u:" + kSecretHash});
  EXPECT_EQ(basic->header(), "authorization");
  EXPECT_THAT(basic->challenge(), HasSubstr("Basic realm="));
  for (const auto& [value, outcome] :
       {std::pair(Basic("u:secret"), AuthOutcome::kAllowed), std::pair(Basic("u:Secret"), AuthOutcome::kWrong),
        std::pair(Basic("nobody:secret"), AuthOutcome::kWrong)}) {
    EXPECT_EQ(basic->Check(value).outcome, AuthOutcome::kPending);
    EXPECT_EQ(Outcome(*basic, value), outcome);
    EXPECT_TRUE(WaitFor([&, &v = value, &o = outcome] { return basic->Check(v).outcome == o; })) << "remembered";
  }
}

TEST_F(AuthenticatorsTest, BasicOfOtherForms) {
  const auto basic = Make(config::BasicAuthConfig{.htpasswd_inline = "u:plain"});
  EXPECT_EQ(Outcome(*basic, Basic("u:plain")), AuthOutcome::kAllowed);
  EXPECT_EQ(Outcome(*basic, "bAsIc " + absl::Base64Escape("u:plain")), AuthOutcome::kAllowed) << "RFC 7617";
  EXPECT_EQ(Outcome(*basic, Basic("u:Plain")), AuthOutcome::kWrong);
  EXPECT_EQ(Outcome(*basic, Basic("v:plain")), AuthOutcome::kWrong);
  EXPECT_EQ(Outcome(*basic, Basic("u")), AuthOutcome::kMalformed);
  EXPECT_EQ(Outcome(*basic, "Basic %%%"), AuthOutcome::kMalformed);
  EXPECT_EQ(Outcome(*basic, "Bearer x"), AuthOutcome::kMalformed);
  EXPECT_EQ(Outcome(*basic, ""), AuthOutcome::kMalformed);
}

TEST_F(AuthenticatorsTest, AManyGuessesAreBusyAndTheKnownGoOn) {
  // A cost at which the queue fills faster than it is emptied.
  const auto basic = Make(config::BasicAuthConfig{
      .htpasswd_inline = "u:" + kSecretHash + "\nslow:$2y$12$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"});
  ASSERT_EQ(Outcome(*basic, Basic("u:secret")), AuthOutcome::kAllowed);
  bool busy = false;
  for (int i = 0; i < 200 && !busy; ++i) {
    busy = basic->Check(Basic("slow:" + std::to_string(i))).outcome == AuthOutcome::kBusy;
  }
  EXPECT_TRUE(busy);
  EXPECT_EQ(basic->Check(Basic("u:secret")).outcome, AuthOutcome::kAllowed);
}

TEST_F(AuthenticatorsTest, UsersInAFile) {
  const std::string path = File("a:one\nb:two\n");
  const auto basic = Make(config::BasicAuthConfig{.htpasswd_file = path, .htpasswd_inline = "b:inline"});
  EXPECT_EQ(Outcome(*basic, Basic("a:one")), AuthOutcome::kAllowed);
  EXPECT_EQ(Outcome(*basic, Basic("b:inline")), AuthOutcome::kAllowed);
  EXPECT_EQ(Outcome(*basic, Basic("b:two")), AuthOutcome::kWrong) << "what stands in place goes before the file";
  File("c:" + kSecretHash + "\n");
  EXPECT_TRUE(WaitFor([&] { return basic->Look().count() > 0 && logger_.Count("credentials reloaded") == 1; }));
  EXPECT_EQ(Outcome(*basic, Basic("a:one")), AuthOutcome::kWrong);
  EXPECT_EQ(Outcome(*basic, Basic("c:secret")), AuthOutcome::kAllowed);
  File("c:$2y$04$abcdefghijklmnopqrstuuAQfTafX8Z8SUfRVXEJ1Mio.eWFl15DK\n");
  EXPECT_TRUE(WaitFor([&] { return basic->Look().count() > 0 && logger_.Count("credentials reloaded") == 2; }));
  EXPECT_EQ(Outcome(*basic, Basic("c:secret")), AuthOutcome::kWrong) << "what was remembered went with the file";
  for (const char* broken : {"c:$apr1$x$y\n", ""}) {
    File(broken);
    const size_t before = logger_.Count("cannot be reloaded");
    EXPECT_TRUE(
        WaitFor([&] { return basic->Look().count() > 0 && logger_.Count("cannot be reloaded") == before + 1; }));
    EXPECT_EQ(Outcome(*basic, Basic("c:long gone")), AuthOutcome::kAllowed) << "the last good ones stay";
  }
}

TEST_F(AuthenticatorsTest, UsersThatCannotBeUsed) {
  EXPECT_THAT(ErrorOf(config::BasicAuthConfig{.htpasswd_inline = "u:$apr1$a$b"}),
              HasSubstr("htpasswd::inline, line 1: a hash that is not supported"));
  EXPECT_THAT(ErrorOf(config::BasicAuthConfig{.htpasswd_inline = "# nobody"}), HasSubstr("no user in it"));
  EXPECT_THAT(ErrorOf(config::BasicAuthConfig{.htpasswd_file = File("")}), HasSubstr("no user in it"));
  EXPECT_THAT(ErrorOf(config::BasicAuthConfig{.htpasswd_file = "missing"}), HasSubstr("cannot read 'missing'"));
}

TEST_F(AuthenticatorsTest, Tokens) {
  const auto bearer = Make(config::BearerTokenConfig{.tokens = {"one", "", "two"}});
  EXPECT_EQ(bearer->header(), "authorization");
  for (const char* good : {"Bearer one", "Bearer two"}) EXPECT_EQ(Outcome(*bearer, good), AuthOutcome::kAllowed);
  for (const char* wrong : {"Bearer three", "Bearer On", "Bearer ones", "bearer one", "one", "Bearer ", "Bearer"}) {
    EXPECT_EQ(Outcome(*bearer, wrong), AuthOutcome::kWrong) << wrong;
  }
  EXPECT_EQ(Outcome(*bearer, ""), AuthOutcome::kMissing);
  const auto other = Make(config::BearerTokenConfig{.header = "X-Key", .scheme = "", .token = "k"});
  EXPECT_EQ(other->header(), "x-key");
  EXPECT_EQ(Outcome(*other, "k"), AuthOutcome::kAllowed);
  EXPECT_EQ(Outcome(*other, "Bearer k"), AuthOutcome::kWrong);
}

TEST_F(AuthenticatorsTest, TokensInAFile) {
  const auto bearer = Make(config::BearerTokenConfig{.token = "not this", .filename = File("\n one \r\ntwo\n\n")});
  EXPECT_EQ(Outcome(*bearer, "Bearer one"), AuthOutcome::kAllowed);
  EXPECT_EQ(Outcome(*bearer, "Bearer two"), AuthOutcome::kAllowed);
  EXPECT_EQ(Outcome(*bearer, "Bearer "), AuthOutcome::kWrong) << "an empty line is no token";
  EXPECT_EQ(Outcome(*bearer, "Bearer not this"), AuthOutcome::kWrong) << "the file goes before";
  File("two\n");
  EXPECT_TRUE(WaitFor([&] { return bearer->Look().count() > 0 && logger_.Count("credentials reloaded") == 1; }));
  EXPECT_EQ(Outcome(*bearer, "Bearer one"), AuthOutcome::kWrong);
  File("");
  EXPECT_TRUE(WaitFor([&] { return bearer->Look().count() > 0 && logger_.Count("cannot be reloaded") == 1; }));
  EXPECT_EQ(Outcome(*bearer, "Bearer two"), AuthOutcome::kAllowed) << "the last good ones stay";
  EXPECT_THAT(ErrorOf(config::BearerTokenConfig{.filename = File(" \n")}), HasSubstr("no token in it"));
  EXPECT_THAT(ErrorOf(config::BearerTokenConfig{.filename = "missing"}), HasSubstr("cannot read 'missing'"));
}

}  // namespace
}  // namespace tailrace
