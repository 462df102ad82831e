// What authenticators put into a request, and what they do when their files change.
#include "collector/exporters/authenticator.h"

#include <filesystem>

#include "gtest/gtest.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using testing::WaitFor;

class AuthenticatorTest : public ::testing::Test {
 protected:
  std::string File(const std::string& name, const std::string& text) const { return directory_.File(name, text); }
  static std::unique_ptr<Authenticator> Make(const config::AuthConfig& config) {
    auto made = MakeAuthenticator(config);
    EXPECT_TRUE(made.ok()) << made.status();
    return *std::move(made);
  }

  testing::ScratchDirectory directory_;
};

TEST_F(AuthenticatorTest, NoneIsNone) { EXPECT_EQ(Make(std::monostate()), nullptr); }

TEST_F(AuthenticatorTest, BasicFromTextAndFromFiles) {
  const auto of_text = Make(config::BasicAuthConfig{.username = "Aladdin", .password = "open sesame"});
  EXPECT_EQ(of_text->Header()->name, "authorization");
  EXPECT_EQ(of_text->Header()->value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  const auto of_files = Make(config::BasicAuthConfig{.username_file = File("user", "Aladdin\n"),
                                                     .password_file = File("word", " open sesame\n")});
  EXPECT_EQ(of_files->Header()->value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST_F(AuthenticatorTest, ATokenFileIsReadAnewWhenItChanges) {
  const std::string path = File("token", "one\n");
  const auto bearer = Make(config::BearerTokenConfig{.header = "X-Token", .scheme = "", .filename = path});
  EXPECT_EQ(bearer->Header()->name, "x-token");
  EXPECT_EQ(bearer->Header()->value, "one");
  File("token", "another\n");
  EXPECT_TRUE(WaitFor([&] { return bearer->Header()->value == "another"; }));
  std::filesystem::remove(path);
  bearer->Refused();
  EXPECT_EQ(bearer->Header()->value, "another") << "the last one is kept while the file is gone";
}

TEST_F(AuthenticatorTest, AFileThatWasNeverThereIsAnErrorWithoutTheSecret) {
  const auto bearer = Make(config::BearerTokenConfig{.filename = directory_.File("missing")});
  EXPECT_FALSE(bearer->Header().ok());
  File("missing", "late");
  bearer->Refused();
  EXPECT_EQ(bearer->Header()->value, "Bearer late");
}

TEST_F(AuthenticatorTest, WithoutATokenYetOAuth2IsAnErrorToBeRetried) {
  const auto oauth2 =
      Make(config::OAuth2Config{.client_id = "id", .client_secret = "s3cret", .token_url = "http://127.0.0.1:1/token"});
  const auto header = oauth2->Header();
  ASSERT_FALSE(header.ok());
  EXPECT_EQ(std::string(header.status().message()).find("s3cret"), std::string::npos);
}

}  // namespace
}  // namespace tailrace
