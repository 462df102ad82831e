// A key and a certificate for it, made on the spot. Link OpenSSL::SSL.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <string>

#include "collector/access/tls_context.h"

namespace tailrace::testing {

// What a memory BIO holds.
inline std::string Drained(BIO* bio) {
  std::string text(static_cast<size_t>(BIO_pending(bio)), '\0');
  if (!text.empty()) BIO_read(bio, text.data(), static_cast<int>(text.size()));
  return text;
}

// A certificate that signs itself.
inline TlsMaterial MakeMaterial() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  BIO* bio = BIO_new(BIO_s_mem());
  TlsMaterial made;
  PEM_write_bio_X509(bio, certificate);
  made.cert_pem = Drained(bio);
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  made.key_pem = Drained(bio);
  BIO_free(bio);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

}  // namespace tailrace::testing
