#include "collector/access/keyed_digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstdlib>

namespace tailrace {

KeyedDigest::KeyedDigest() {
  // Without chance there is no secrecy; OpenSSL fails here only where the system has none.
  if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1) std::abort();
}

KeyedDigest::Digest KeyedDigest::Of(std::string_view text) const {
  Digest digest;
  unsigned size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), reinterpret_cast<const uint8_t*>(text.data()),
       text.size(), digest.data(), &size);
  return digest;
}

bool KeyedDigest::Same(const Digest& a, const Digest& b) { return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

}  // namespace tailrace
