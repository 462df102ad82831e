// The OTLP exporter over TLS: on by default, verified against ca_file, and told not to verify.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "collector/exporters/otlp_exporter.h"
#include "gtest/gtest.h"
#include "tests/collector/exporters/scripted_backend.h"
#include "tests/collector/exporters/test_batch.h"
#include "tests/support/recording_logger.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: builders and helpers
using namespace std::chrono_literals;

std::string Pem(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<size_t>(size));
  BIO_free(bio);
  return text;
}

// A certificate for "backend.test" that signs itself, valid for an hour.
BackendTls SelfSigned() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* cert = X509_new();
  X509_set_version(cert, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert), -60);
  X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
  X509_NAME* name = X509_get_subject_name(cert);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("backend.test"), -1, -1,
                             0);
  X509_set_issuer_name(cert, name);
  X509_set_pubkey(cert, key);
  for (const auto& [nid, value] :
       {std::pair{NID_subject_alt_name, "DNS:backend.test"}, std::pair{NID_basic_constraints, "critical,CA:TRUE"}}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(cert, key, EVP_sha256());
  BIO* key_bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(key_bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  BIO* cert_bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(cert_bio, cert);
  BackendTls tls{Pem(key_bio), Pem(cert_bio)};
  X509_free(cert);
  EVP_PKEY_free(key);
  return tls;
}

class OtlpTlsTest : public ::testing::Test {
 protected:
  OtlpTlsTest()
      : tls_(SelfSigned()),
        backend_({}, 0, tls_),
        ca_file_(std::filesystem::temp_directory_path() / ("tailrace_ca_" + std::to_string(::getpid()) + ".pem")) {
    std::ofstream(ca_file_) << tls_.cert_pem;
    config_.id = {"otlp", "", "otlp"};
    config_.endpoint = backend_.endpoint();
    config_.timeout = 10s;
    config_.retry.enabled = false;
  }
  ~OtlpTlsTest() override { std::filesystem::remove(ca_file_); }

  // One batch of three spans, sent or not.
  ExporterStats SendOne() {
    auto exporter = MakeOtlpExporter(config_, nullptr, logger_, clock_);
    EXPECT_TRUE(exporter->Start().ok());
    exporter->Offer(TestBatch(1, 3));
    exporter->Stop(In(20s));
    EXPECT_TRUE(Balanced(exporter->Stats()));
    return exporter->Stats();
  }

  RecordingLogger logger_;
  SystemClock clock_;
  const BackendTls tls_;
  ScriptedBackend backend_;
  const std::filesystem::path ca_file_;
  config::OtlpExporterConfig config_;
};

TEST_F(OtlpTlsTest, AKnownCaAndTheRightName) {
  config_.tls.ca_file = ca_file_;
  config_.tls.server_name_override = "backend.test";
  EXPECT_EQ(SendOne().forwarded_spans, 3u);
}

TEST_F(OtlpTlsTest, TheWrongNameIsRefused) {
  config_.tls.ca_file = ca_file_;
  config_.tls.server_name_override = "somebody.else";
  EXPECT_EQ(Dropped(SendOne(), DropReason::kRetriesExhausted), 3u);
  EXPECT_TRUE(backend_.requests().empty());
}

TEST_F(OtlpTlsTest, AnUnknownCaIsRefused) {
  config_.tls.server_name_override = "backend.test";
  EXPECT_EQ(Dropped(SendOne(), DropReason::kRetriesExhausted), 3u);
  EXPECT_TRUE(backend_.requests().empty());
}

TEST_F(OtlpTlsTest, SkippingTheVerification) {
  config_.tls.insecure_skip_verify = true;
  EXPECT_EQ(SendOne().forwarded_spans, 3u);
}

TEST_F(OtlpTlsTest, PlaintextToATlsBackendFails) {
  config_.tls.insecure = true;
  EXPECT_EQ(SendOne().forwarded_spans, 0u);
}

TEST_F(OtlpTlsTest, AMissingFileStopsTheStartAndIsNamed) {
  config_.tls.ca_file = "/nonexistent/ca.pem";
  const absl::Status status = MakeOtlpExporter(config_, nullptr, logger_, clock_)->Start();
  EXPECT_FALSE(status.ok());
  EXPECT_NE(std::string(status.message()).find("/nonexistent/ca.pem"), std::string::npos);
}

TEST_F(OtlpTlsTest, ACertificateWithoutItsKeyStopsTheStart) {
  config_.tls.cert_file = ca_file_;
  EXPECT_FALSE(MakeOtlpExporter(config_, nullptr, logger_, clock_)->Start().ok());
}

}  // namespace
}  // namespace tailrace
