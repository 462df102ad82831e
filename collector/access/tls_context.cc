#include "collector/access/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <ctime>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace tailrace {
namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

constexpr unsigned char kHttp2First[] = "\x02h2\x08http/1.1";
constexpr unsigned char kHttp1Only[] = "\x08http/1.1";
// Of a client's chain; OpenSSL's own limit is 100 KiB.
constexpr long kClientChainBytesMax = 64 << 10;  // NOLINT: OpenSSL's type

absl::Status Failed(absl::string_view what) {
  std::string why = "no reason given";
  if (const unsigned long code = ERR_peek_last_error(); code != 0) {  // NOLINT: OpenSSL's type
    const char* reason = ERR_reason_error_string(code);
    why = reason != nullptr ? reason : absl::StrCat("error ", code);
  }
  ERR_clear_error();
  return absl::InvalidArgumentError(absl::StrCat(what, ": ", why));
}

BioPtr View(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free_all};
}

// Keys with a pass phrase: there is nobody to ask.
int NoPassPhrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

X509Ptr ReadCertificate(BIO* bio) { return {PEM_read_bio_X509(bio, nullptr, NoPassPhrase, nullptr), X509_free}; }

int VersionNumber(const std::string& version) {
  if (version == "1.0") return TLS1_VERSION;
  if (version == "1.1") return TLS1_1_VERSION;
  if (version == "1.2") return TLS1_2_VERSION;
  return version.empty() ? 0 : TLS1_3_VERSION;
}

absl::Status UseChain(SSL_CTX* context, const std::string& pem, int64_t* not_after_s) {
  const BioPtr bio = View(pem);
  const X509Ptr leaf = ReadCertificate(bio.get());
  if (leaf == nullptr || SSL_CTX_use_certificate(context, leaf.get()) != 1) return Failed("the certificate");
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(leaf.get()), &end) == 1) *not_after_s = ::timegm(&end);
  while (X509Ptr next = ReadCertificate(bio.get())) {
    if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) return Failed("the certificate's chain");
  }
  // The end of the text is an error too: that nothing begins there.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (!at_end) return Failed("the certificate's chain");
  ERR_clear_error();
  return absl::OkStatus();
}

absl::Status UseKey(SSL_CTX* context, const std::string& pem) {
  const BioPtr bio = View(pem);
  const KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassPhrase, nullptr), EVP_PKEY_free);
  if (key == nullptr || SSL_CTX_use_PrivateKey(context, key.get()) != 1) return Failed("the key");
  if (SSL_CTX_check_private_key(context) != 1) return Failed("certificate and key");
  return absl::OkStatus();
}

absl::Status AskClients(SSL_CTX* context, const std::string& pem, bool system_too) {
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  const BioPtr bio = View(pem);
  int authorities = 0;
  for (; X509Ptr one = ReadCertificate(bio.get()); ++authorities) {
    if (X509_STORE_add_cert(store, one.get()) != 1 || SSL_CTX_add_client_CA(context, one.get()) != 1) {
      return Failed("client_ca_file");
    }
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (authorities == 0 || !at_end) return Failed("client_ca_file");
  ERR_clear_error();
  if (system_too && SSL_CTX_set_default_verify_paths(context) != 1) return Failed("the host's authorities");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_max_cert_list(context, kClientChainBytesMax);
  return absl::OkStatus();
}

absl::Status SetVersions(SSL_CTX* context, const config::TlsServerConfig& config) {
  // OpenSSL's own level leaves nothing of the old versions: who asks for them gets them.
  if (VersionNumber(config.min_version) < TLS1_2_VERSION) SSL_CTX_set_security_level(context, 0);
  if (SSL_CTX_set_min_proto_version(context, VersionNumber(config.min_version)) != 1 ||
      SSL_CTX_set_max_proto_version(context, VersionNumber(config.max_version)) != 1) {
    return Failed("min_version and max_version");
  }
  return absl::OkStatus();
}

// The configuration has the registry's names, OpenSSL has its own for those before TLS 1.3.
absl::Status SetCiphers(SSL_CTX* context, const std::vector<std::string>& names) {
  if (names.empty()) return absl::OkStatus();
  std::vector<std::string> of_tls13, of_older;
  for (const std::string& name : names) {
    const char* own = OPENSSL_cipher_name(name.c_str());
    if (own == nullptr) return Failed("cipher_suites");
    (std::string_view(own).substr(0, 4) == "TLS_" ? of_tls13 : of_older).emplace_back(own);
  }
  if (!of_tls13.empty() && SSL_CTX_set_ciphersuites(context, absl::StrJoin(of_tls13, ":").c_str()) != 1) {
    return Failed("cipher_suites");
  }
  if (of_older.empty()) {
    if (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1) return Failed("cipher_suites");
  } else if (SSL_CTX_set_cipher_list(context, absl::StrJoin(of_older, ":").c_str()) != 1) {
    return Failed("cipher_suites");
  }
  return absl::OkStatus();
}

absl::Status SetCurves(SSL_CTX* context, const std::vector<std::string>& names) {
  if (names.empty()) return absl::OkStatus();
  const std::string list = absl::StrJoin(names, ":", [](std::string* out, const std::string& name) {
    absl::StrAppend(out, name == "X25519" ? name : "P-" + name.substr(1));
  });
  return SSL_CTX_set1_groups_list(context, list.c_str()) == 1 ? absl::OkStatus() : Failed("curve_preferences");
}

// A client whose protocols have none of ours is refused (RFC 7301, 3.2).
int ChooseProtocol(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                   unsigned offered_size, void* http2) {
  const unsigned char* ours = http2 != nullptr ? kHttp2First : kHttp1Only;
  const unsigned ours_size = static_cast<unsigned>(http2 != nullptr ? sizeof(kHttp2First) : sizeof(kHttp1Only)) - 1;
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, ours, ours_size, offered, offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

absl::StatusOr<TlsContext> MakeTlsContext(const config::TlsServerConfig& config, const TlsMaterial& material,
                                          bool http2) {
  ERR_clear_error();
  TlsContext made;
  made.context = std::shared_ptr<SSL_CTX>(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX* context = made.context.get();
  if (context == nullptr) return Failed("TLS");
  // Nothing is resumed: a certificate that was withdrawn must not live on in a ticket.
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  // An idle connection holds no buffers; a string that grows may move between two writes.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_alpn_select_cb(context, ChooseProtocol, http2 ? context : nullptr);
  absl::Status status = SetVersions(context, config);
  if (status.ok()) status = SetCiphers(context, config.cipher_suites);
  if (status.ok()) status = SetCurves(context, config.curve_preferences);
  if (status.ok()) status = UseChain(context, material.cert_pem, &made.not_after_s);
  if (status.ok()) status = UseKey(context, material.key_pem);
  if (status.ok() && !config.client_ca_file.empty()) {
    status = AskClients(context, material.client_ca_pem, config.include_system_ca_certs_pool);
  }
  if (!status.ok()) return status;
  return made;
}

}  // namespace tailrace
