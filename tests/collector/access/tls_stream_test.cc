// TLS without a socket: a client in memory, bytes in any pieces, and what is no TLS.
#include "collector/access/tls_stream.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include "collector/access/tls_context.h"
#include "tests/support/tls_material.h"

namespace tailrace {
namespace {

using testing::Drained;
using testing::MakeMaterial;

class Client {
 public:
  explicit Client(int version = 0, const std::string& alpn = "") : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_, version);
    SSL_CTX_set_max_proto_version(context_, version);
    ssl_ = SSL_new(context_);
    if (!alpn.empty()) {
      SSL_set_alpn_protos(ssl_, reinterpret_cast<const uint8_t*>(alpn.data()), static_cast<unsigned>(alpn.size()));
    }
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl_, in_, out_);
    SSL_set_connect_state(ssl_);
  }
  ~Client() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  void Take(const std::string& records) { BIO_write(in_, records.data(), static_cast<int>(records.size())); }
  std::string Handshake() {
    SSL_do_handshake(ssl_);
    return Drained(out_);
  }
  std::string Seal(const std::string& text) {
    SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
    return Drained(out_);
  }
  std::string Open() {
    std::string text(1 << 20, '\0');
    const int size = SSL_read(ssl_, text.data(), static_cast<int>(text.size()));
    text.resize(static_cast<size_t>(std::max(size, 0)));
    return text;
  }
  bool closed() { return (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0; }
  SSL* ssl() { return ssl_; }

 private:
  SSL_CTX* context_;
  SSL* ssl_;
  BIO* in_;
  BIO* out_;
};

class TlsStreamTest : public ::testing::Test {
 protected:
  TlsStreamTest() : context_(MakeTlsContext({}, MakeMaterial(), true)) {}

  // Feeds `records` in pieces; returns the plain bytes. outcome_ is the last one.
  std::string Feed(TlsStream& server, const std::string& records, size_t piece) {
    std::string plain;
    for (size_t at = 0; at < records.size(); at += piece) {
      server.Receive(std::string_view(records).substr(at, piece));
      char out[1000];
      size_t size = 0;
      while ((outcome_ = server.Read(out, sizeof(out), &size)) == TlsStream::Outcome::kBytes) plain.append(out, size);
      if (outcome_ != TlsStream::Outcome::kAll) break;
    }
    return plain;
  }
  std::string Sealed(TlsStream& server, const std::string& text) {
    std::string out;
    EXPECT_TRUE(server.Seal(text, &out));
    return out;
  }
  void Shake(TlsStream& server, Client& client, size_t piece) {
    for (int i = 0; i < 4 && !(server.established() && SSL_is_init_finished(client.ssl())); ++i) {
      Feed(server, client.Handshake(), piece);
      client.Take(Sealed(server, ""));
    }
    ASSERT_TRUE(server.established());
  }

  absl::StatusOr<TlsContext> context_;
  TlsStream::Outcome outcome_ = TlsStream::Outcome::kAll;
};

TEST_F(TlsStreamTest, BytesInAnyPieces) {
  ASSERT_TRUE(context_.ok()) << context_.status();
  const std::string large(300'000, 'x');
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const size_t piece : {size_t{1}, size_t{7}, size_t{100'000}}) {
      TlsStream server(context_->context.get());
      Client client(version);
      Shake(server, client, piece);
      const std::string first = client.Seal("hello");
      EXPECT_TRUE(Feed(server, first + client.Seal(large), piece) == "hello" + large);
      client.Take(Sealed(server, large + "answer"));
      std::string got;
      for (std::string some = client.Open(); !some.empty(); some = client.Open()) got += some;
      EXPECT_TRUE(got == large + "answer");
      server.Close();
      client.Take(Sealed(server, ""));
      EXPECT_EQ(client.Open(), "");
      EXPECT_TRUE(client.closed());
    }
  }
}

TEST_F(TlsStreamTest, AClientThatIsDoneSaysSo) {
  TlsStream server(context_->context.get());
  Client client;
  Shake(server, client, 100);
  const std::string last = client.Seal("last");
  SSL_shutdown(client.ssl());
  EXPECT_EQ(Feed(server, last + client.Seal(""), 1 << 20), "last");
  EXPECT_EQ(outcome_, TlsStream::Outcome::kClosed);
}

TEST_F(TlsStreamTest, WhatIsNoTlsFails) {
  for (const std::string& bytes : {std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), std::string(100, '\xff')}) {
    TlsStream server(context_->context.get());
    EXPECT_EQ(Feed(server, bytes, 3), "");
    EXPECT_EQ(outcome_, TlsStream::Outcome::kFailed);
    EXPECT_FALSE(server.established());
  }
}

TEST_F(TlsStreamTest, ARecordThatWasTouchedFails) {
  TlsStream server(context_->context.get());
  Client client;
  Shake(server, client, 100);
  std::string record = client.Seal("hello");
  record.back() ^= 1;
  EXPECT_EQ(Feed(server, record, 1 << 20), "");
  EXPECT_EQ(outcome_, TlsStream::Outcome::kFailed);
}

TEST_F(TlsStreamTest, OldVersionsAndStrangeProtocolsAreRefused) {
  TlsStream server(context_->context.get());
  Client stranger(0, "\x05spdy3");
  Feed(server, stranger.Handshake(), 1 << 20);
  EXPECT_EQ(outcome_, TlsStream::Outcome::kFailed);
  TlsStream again(context_->context.get());
  Client both(0, "\x08http/1.1\x02h2");
  Shake(again, both, 100);
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(both.ssl(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), size), "h2");
}

TEST(TlsContext, SaysWhatCannotBeUsed) {
  const TlsMaterial good = MakeMaterial();
  const auto error = [](config::TlsServerConfig config, TlsMaterial material) {
    return std::string(MakeTlsContext(config, material, true).status().message());
  };
  EXPECT_EQ(error({}, good), "");
  EXPECT_TRUE(error({}, {"", good.key_pem}).starts_with("the certificate: "));
  EXPECT_TRUE(error({}, {good.cert_pem + "-----BEGIN CERTIFICATE-----\nAA\n", good.key_pem})
                  .starts_with("the certificate's chain: "));
  EXPECT_TRUE(error({}, {good.cert_pem, "x"}).starts_with("the key: "));
  EXPECT_NE(error({}, {good.cert_pem, MakeMaterial().key_pem}), "") << "another's key";
  EXPECT_TRUE(error({.client_ca_file = "ca"}, good).starts_with("client_ca_file: "));
  EXPECT_EQ(error({.cipher_suites = {"TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"}}, good),
            "");
  EXPECT_EQ(error({.curve_preferences = {"X25519", "P256", "P384", "P521"}}, good), "");
}

TEST(TlsContext, CiphersCurvesAndVersionsAreThoseThatWereAskedFor) {
  const TlsMaterial material = MakeMaterial();
  const auto context = MakeTlsContext({.max_version = "1.2",
                                       .cipher_suites = {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
                                       .curve_preferences = {"P384"}},
                                      material, false);
  ASSERT_TRUE(context.ok()) << context.status();
  TlsStream server(context->context.get());
  Client client;
  for (int i = 0; i < 3; ++i) {
    const std::string records = client.Handshake();
    server.Receive(records);
    char out[10];
    size_t size = 0;
    EXPECT_EQ(server.Read(out, sizeof(out), &size), TlsStream::Outcome::kAll);
    std::string answer;
    EXPECT_TRUE(server.Seal("", &answer));
    client.Take(answer);
  }
  ASSERT_TRUE(server.established());
  EXPECT_EQ(SSL_version(client.ssl()), TLS1_2_VERSION);
  EXPECT_STREQ(SSL_CIPHER_standard_name(SSL_get_current_cipher(client.ssl())),
               "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
  EVP_PKEY* shared = nullptr;
  ASSERT_EQ(SSL_get_peer_tmp_key(client.ssl(), &shared), 1);
  EXPECT_EQ(EVP_PKEY_get_bits(shared), 384);
  EVP_PKEY_free(shared);
}

}  // namespace
}  // namespace tailrace
