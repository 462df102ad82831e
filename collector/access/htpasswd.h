// Htpasswd: users and what their passwords hash to, as `htpasswd` writes them: one `user:hash` a line, `#` comments.
//
//   $2y$ $2a$ $2b$   bcrypt, by the C library's crypt
//   {SHA}            SHA-1 without salt: for old files
//   anything else    the password itself, as the Collector takes it; but what begins with $ or { is a hash that is not
//                    supported, and an error
//
// Immutable; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tailrace {

class Htpasswd {
 public:
  // Of two lines for one user, the later counts. An error names `source` and the line, never what stands in it.
  static absl::StatusOr<Htpasswd> Parse(std::string_view text, std::string_view source);
  // What `over` has goes before what stands here.
  void Merge(const Htpasswd& over);

  bool empty() const { return hashes_.empty(); }
  // Whether a check may take long (bcrypt: some ten milliseconds and more, by its cost). An unknown user is as slow as
  // a known one.
  bool IsSlow(std::string_view user) const;
  bool Matches(std::string_view user, std::string_view password) const;

 private:
  std::map<std::string, std::string, std::less<>> hashes_;
  std::string slowest_;  // a bcrypt hash, for users that are not there; empty: none is bcrypt
};

}  // namespace tailrace
