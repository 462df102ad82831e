// What a file of users says, and what is refused of it.
#include "collector/access/htpasswd.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tailrace {
namespace {

using testing::HasSubstr;
using testing::Not;

// "secret", at bcrypt's least cost.
const std::string kBcrypt = "abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

Htpasswd Parsed(const std::string& text) {
  absl::StatusOr<Htpasswd> parsed = Htpasswd::Parse(text, "users");
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? *std::move(parsed) : Htpasswd();
}

std::string ErrorOf(const std::string& text) { return std::string(Htpasswd::Parse(text, "users").status().message()); }

TEST(Htpasswd, EveryFormat) {
  const Htpasswd users = Parsed("# users\r\n\n a:$2y$04$" + kBcrypt + "\r\nb:$2a$04$" + kBcrypt + "\nc:$2b$04$" +
                                kBcrypt + "\nd:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\ne:secret\nf:with:colon");
  for (const char* user : {"a", "b", "c", "d", "e"}) {
    EXPECT_TRUE(users.Matches(user, "secret")) << user;
    for (const char* wrong : {"", "Secret", "secre", "secret ", "secrets"}) {
      EXPECT_FALSE(users.Matches(user, wrong)) << user << " " << wrong;
    }
    EXPECT_FALSE(users.Matches(user, std::string_view("secret\0x", 8))) << user << ": crypt stops at a NUL";
  }
  EXPECT_TRUE(users.Matches("f", "with:colon"));
  EXPECT_FALSE(users.Matches("a", "$2y$04$" + kBcrypt)) << "a hash is no password";
  EXPECT_FALSE(users.Matches("A", "secret"));
  EXPECT_FALSE(users.Matches("", ""));
}

TEST(Htpasswd, SlowIsWhatAsksBcryptAndWhoeverIsUnknown) {
  const Htpasswd mixed = Parsed("a:$2y$04$" + kBcrypt + "\nb:plain");
  EXPECT_TRUE(mixed.IsSlow("a"));
  EXPECT_FALSE(mixed.IsSlow("b"));
  EXPECT_TRUE(mixed.IsSlow("nobody")) << "or the time would tell who is a user";
  EXPECT_FALSE(mixed.Matches("nobody", "secret"));
  EXPECT_FALSE(Parsed("b:plain").IsSlow("nobody"));
}

TEST(Htpasswd, TheLaterLineAndTheMergedTableCount) {
  Htpasswd users = Parsed("a:one\na:two\nb:one");
  EXPECT_FALSE(users.Matches("a", "one"));
  EXPECT_TRUE(users.Matches("a", "two"));
  users.Merge(Parsed("a:three\nc:$2y$04$" + kBcrypt));
  EXPECT_TRUE(users.Matches("a", "three"));
  EXPECT_TRUE(users.Matches("b", "one"));
  EXPECT_TRUE(users.IsSlow("nobody"));
}

TEST(Htpasswd, WhatCannotBeUsedIsNamedByItsLineAlone) {
  const std::string apr1 = "ok:plain\nu:$apr1$abcdefgh$0123456789012345678901";
  EXPECT_THAT(ErrorOf(apr1), HasSubstr("users, line 2: a hash that is not supported: use bcrypt"));
  EXPECT_THAT(ErrorOf(apr1), Not(HasSubstr("0123456789")));
  for (const char* hash : {"$1$salt$hash", "$6$salt$hash", "{SSHA}AAAA", "$2x$04$abc"}) {
    EXPECT_THAT(ErrorOf(std::string("u:") + hash), HasSubstr("not supported")) << hash;
  }
  EXPECT_THAT(ErrorOf("no colon"), HasSubstr("line 1: expected user:hash"));
  EXPECT_THAT(ErrorOf(":secret"), HasSubstr("expected user:hash"));
  EXPECT_THAT(ErrorOf("u:"), HasSubstr("no password"));
  EXPECT_THAT(ErrorOf("u:$2y$04$short"), HasSubstr("not a bcrypt hash"));
  EXPECT_THAT(ErrorOf("u:$2y$03$" + kBcrypt), HasSubstr("not a bcrypt hash"));
  EXPECT_THAT(ErrorOf("u:$2y$17$" + kBcrypt), HasSubstr("cost above 16")) << "one check would take seconds";
  EXPECT_THAT(ErrorOf("u:$2y$:4$" + kBcrypt), HasSubstr("not a bcrypt hash"));
  EXPECT_THAT(ErrorOf("u:{SHA}short"), HasSubstr("not a {SHA} hash"));
}

}  // namespace
}  // namespace tailrace
