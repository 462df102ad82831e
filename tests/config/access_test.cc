// TLS and authentication of listeners: every key, what is refused, and that no secret is printed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "config/options/options.h"
#include "tests/config/load_text.h"

namespace tailrace::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kAllKeys[] = R"(
extensions:
  health_check: {endpoint: "127.0.0.1:1", tls: {cert_file: hc, key_file: hk}, auth: {authenticator: basic_auth/x}}
  basicauth/x: {htpasswd: {file: users, inline: "u:hunter2"}}
  bearertokenauth/y: {scheme: Token, header: X-Key, tokens: [hunter3, hunter4], filename: tokens}
receivers:
  otlp:
    protocols:
      grpc:
        tls:
          cert_file: c
          key_file: k
          client_ca_file: ca
          client_ca_file_reload: true
          include_system_ca_certs_pool: true
          min_version: "1.3"
          max_version: "1.3"
          cipher_suites: [TLS_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
          curve_preferences: [P256, X25519]
          reload_interval: 1s
        auth: {authenticator: bearertokenauth/y}
      http:
        tls: {cert_pem: C, key_pem: hunter5}
        auth: {authenticator: basicauth/x}
exporters: {nop: }
service:
  extensions: [health_check, basicauth/x, bearertokenauth/y]
  pipelines: {traces: {receivers: [otlp], exporters: [nop]}}
  tailrace:
    metrics: {tls: {cert_file: mc, key_file: mk}, auth: {authenticator: bearertokenauth/y}}
    page:
      endpoint: "[::1]:2"
      hosts: [tailrace.example, shop]
      tls: {cert_file: pc, key_pem: hunter6}
      auth: {authenticator: basicauth/x}
)";

TEST(AccessTest, EveryKeyIsRead) {
  const LoadResult result = LoadText(kAllKeys);
  ASSERT_EQ(ProblemsOf(result), "");
  const ListenerConfig& grpc = result.config.receivers.at(0).grpc;
  EXPECT_TRUE(grpc.tls.enabled);
  EXPECT_EQ(grpc.tls.cert_file, "c");
  EXPECT_EQ(grpc.tls.key_file, "k");
  EXPECT_EQ(grpc.tls.client_ca_file, "ca");
  EXPECT_TRUE(grpc.tls.client_ca_file_reload);
  EXPECT_TRUE(grpc.tls.include_system_ca_certs_pool);
  EXPECT_EQ(grpc.tls.min_version, "1.3");
  EXPECT_EQ(grpc.tls.max_version, "1.3");
  EXPECT_THAT(grpc.tls.cipher_suites, ElementsAre("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
  EXPECT_THAT(grpc.tls.curve_preferences, ElementsAre("P256", "X25519"));
  EXPECT_EQ(grpc.tls.reload_interval, std::chrono::seconds(1));
  const auto& bearer = std::get<BearerTokenConfig>(grpc.auth);
  EXPECT_EQ(bearer.header, "X-Key");
  EXPECT_EQ(bearer.scheme, "Token");
  EXPECT_THAT(bearer.tokens, ElementsAre("hunter3", "hunter4"));
  EXPECT_EQ(bearer.filename, "tokens");
  const ListenerConfig& http = result.config.receivers[0].http;
  EXPECT_EQ(http.tls.cert_pem, "C");
  EXPECT_EQ(http.tls.key_pem, "hunter5");
  EXPECT_EQ(http.tls.min_version, "1.2");
  const auto& basic = std::get<BasicAuthConfig>(http.auth);
  EXPECT_EQ(basic.htpasswd_file, "users");
  EXPECT_EQ(basic.htpasswd_inline, "u:hunter2");
  EXPECT_EQ(result.config.health_check.tls.cert_file, "hc");
  EXPECT_TRUE(std::holds_alternative<BasicAuthConfig>(result.config.health_check.auth)) << "both spellings of a type";
  EXPECT_EQ(result.config.engine.metrics.tls.key_file, "mk");
  EXPECT_TRUE(std::holds_alternative<BearerTokenConfig>(result.config.engine.metrics.auth));
  const PageConfig& page = result.config.engine.page;
  EXPECT_TRUE(page.enabled);
  EXPECT_EQ(page.host, "::1");
  EXPECT_EQ(page.port, 2);
  EXPECT_TRUE(page.is_endpoint_given);
  EXPECT_THAT(page.hosts, ElementsAre("tailrace.example", "shop"));
  EXPECT_EQ(page.tls.cert_file, "pc");
  EXPECT_TRUE(std::holds_alternative<BasicAuthConfig>(page.auth));
}

TEST(AccessTest, ThePageIsThereWithoutBeingAskedFor) {
  const PageConfig page = LoadText(WithReceiver("    protocols: {grpc: }\n")).config.engine.page;
  EXPECT_TRUE(page.enabled);
  EXPECT_EQ(page.host, "localhost");
  EXPECT_EQ(page.port, 8080);
  EXPECT_FALSE(page.is_endpoint_given);
}

TEST(AccessTest, PrintsBackToTheSameWithoutSecrets) {
  const std::string printed = Print(LoadText(kAllKeys).config);
  EXPECT_THAT(printed, Not(HasSubstr("hunter")));
  const LoadResult second = LoadText(printed);
  EXPECT_EQ(ProblemsOf(second), "") << printed;
  EXPECT_EQ(Print(second.config), printed);
}

TEST(AccessTest, NothingIsAskedForByDefault) {
  const LoadResult result = LoadText(WithReceiver("    protocols: {grpc: }\n"));
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_FALSE(result.config.receivers.at(0).grpc.tls.enabled);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(result.config.receivers[0].grpc.auth));
  EXPECT_THAT(Print(result.config), Not(HasSubstr("tls:")));
}

struct Case {
  std::string name;
  std::string listener;   // keys of receivers::otlp::protocols::grpc, from line 6 on
  std::string extension;  // of basicauth or bearertokenauth, line 2 on
  std::string problem;
};

class AccessProblemsTest : public testing::TestWithParam<Case> {};

TEST_P(AccessProblemsTest, AreNamed) {
  const std::string extensions =
      GetParam().extension.empty() ? "  bearertokenauth: {token: t}\n" : GetParam().extension;
  const LoadResult result = LoadText(
      "extensions:\n" + extensions + "receivers:\n  otlp:\n    protocols:\n      grpc:\n" + GetParam().listener +
      "exporters: {nop: }\nservice:\n  extensions: [" + extensions.substr(2, extensions.find(':') - 2) +
      "]\n  pipelines: {traces: {receivers: [otlp], exporters: [nop]}}\n");
  EXPECT_EQ(ProblemsOf(result), GetParam().problem);
}

void PrintTo(const Case& test_case, std::ostream* out) { *out << test_case.name; }

const std::string kTls = "receivers::otlp::protocols::grpc::tls";
const std::string kAuth = "receivers::otlp::protocols::grpc::auth";

INSTANTIATE_TEST_SUITE_P(
    Access, AccessProblemsTest,
    testing::Values(
        Case{"NoCertificate", "        tls: {min_version: \"1.2\"}\n", "",
             "7: " + kTls + ": TLS configuration must include both certificate and key for server connections\n"},
        Case{"TlsAlone", "        tls: null\n", "",
             "7: " + kTls + ": TLS configuration must include both certificate and key for server connections\n"},
        Case{"NoKey", "        tls: {cert_file: c}\n", "",
             "7: " + kTls + ": cert_file and key_file go together: set both or neither\n"},
        Case{"FileAndPem", "        tls: {cert_file: c, cert_pem: C, key_file: k}\n", "",
             "7: " + kTls + ": provide either cert_file or cert_pem, not both\n"},
        Case{"Versions", "        tls: {cert_file: c, key_file: k, min_version: \"1.3\", max_version: \"1.2\"}\n", "",
             "7: " + kTls + ": min_version cannot be greater than max_version\n"},
        Case{"Cipher", "        tls: {cert_file: c, key_file: k, cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]}\n", "",
             "7: " + kTls +
                 "::cipher_suites[0]: \"TLS_RSA_WITH_RC4_128_SHA\" is not one of TLS_AES_128_GCM_SHA256, "
                 "TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, "
                 "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, "
                 "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "
                 "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "
                 "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "
                 "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256\n"},
        Case{"Curve", "        tls: {cert_file: c, key_file: k, curve_preferences: [X25518]}\n", "",
             "7: " + kTls +
                 "::curve_preferences[0]: \"X25518\" is not one of X25519, P256, P384, P521; did you mean "
                 "\"X25519\"?\n"},
        Case{"EmptyAuth", "        auth: {authenticator: \"\"}\n", "",
             "7: " + kAuth + "::authenticator: must name an extension; without `auth` anybody may send\n"},
        Case{"NoSuchAuth", "        auth: {authenticator: nobody}\n", "",
             "7: " + kAuth +
                 "::authenticator: authenticator \"nobody\" not found: it must be configured under "
                 "extensions\n"},
        Case{"ClientAuth", "        auth: {authenticator: basicauth}\n",
             "  basicauth: {client_auth: {username: u, password: p}}\n",
             "7: " + kAuth + "::authenticator: \"basicauth\" is not an authenticator for servers\n"},
        Case{"BothSides", "        auth: {authenticator: basicauth}\n",
             "  basicauth: {client_auth: {username: u}, htpasswd: {inline: \"u:p\"}}\n",
             "2: extensions::basicauth: only one of `htpasswd` or `client_auth` can be specified\n"},
        Case{"NoUsers", "        auth: {authenticator: basicauth}\n", "  basicauth: {htpasswd: {}}\n",
             "2: extensions::basicauth::htpasswd: no credential source provided: set file or inline\n"
             "7: " +
                 kAuth + "::authenticator: \"basicauth\" is not an authenticator for servers\n"},
        Case{"TokenTwice", "", "  bearertokenauth: {token: a, tokens: [b]}\n",
             "2: extensions::bearertokenauth: either tokens or token should be provided, not both\n"},
        Case{"EmptyTokens", "", "  bearertokenauth: {tokens: [\"\"]}\n",
             "2: extensions::bearertokenauth: no bearer token provided\n"}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace tailrace::config
