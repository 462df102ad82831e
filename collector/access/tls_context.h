// TlsContext: OpenSSL's SSL_CTX of a listener, made from the configuration and from what stands in its files.
//
// Immutable once made, and shared: a connection keeps the one it began with. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "config/model.h"

struct ssl_ctx_st;

namespace tailrace {

// Certificate chain, key and the authorities of clients, as PEM. Empty authorities: clients show no certificate.
struct TlsMaterial {
  std::string cert_pem;
  std::string key_pem;
  std::string client_ca_pem;
};

struct TlsContext {
  std::shared_ptr<ssl_ctx_st> context;
  int64_t not_after_s = 0;  // of the certificate, Unix time
};

// `http2`: whether ALPN offers h2 beside http/1.1. The error says which of the materials cannot be used, and why.
absl::StatusOr<TlsContext> MakeTlsContext(const config::TlsServerConfig& config, const TlsMaterial& material,
                                          bool http2);

}  // namespace tailrace
