// KeyedDigest: HMAC-SHA-256 under a key drawn when it is made. Two secrets are compared by their digests: in the same
// time wherever they differ and however long they are; and a table of digests gives no secret away.
//
// Immutable; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tailrace {

class KeyedDigest {
 public:
  using Digest = std::array<uint8_t, 32>;

  KeyedDigest();

  Digest Of(std::string_view text) const;
  // In constant time.
  static bool Same(const Digest& a, const Digest& b);

 private:
  std::array<uint8_t, 32> key_;
};

}  // namespace tailrace
