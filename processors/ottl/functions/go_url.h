// A URL taken apart by the rules of Go's net/url. A value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tailrace::ottl {

struct GoUrl {
  struct User {
    std::string name;
    std::optional<std::string> password;
  };

  std::string scheme;  // lower case
  std::string opaque;  // of "mailto:a@b"
  std::optional<User> user;
  std::string host;      // with the port, and brackets around an IPv6 address
  std::string path;      // unescaped
  std::string raw_path;  // as it was written, where that is not the usual escaping
  std::string query;     // as it was written
  bool lone_question_mark = false;
  bool no_authority = false;  // "a:/b"
  std::string fragment;
  std::string raw_fragment;

  static absl::StatusOr<GoUrl> Parse(std::string_view text);
  // `%41` is A; anything else stands for itself.
  static absl::StatusOr<std::string> UnescapeQuery(std::string_view text);

  std::string Hostname() const;
  std::string Port() const;
  std::string UserInfo() const;
  // The whole of it, as Go writes it again.
  std::string Text() const;
};

}  // namespace tailrace::ottl
