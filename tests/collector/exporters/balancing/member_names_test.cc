// From a resolver's answer to names, and from names to what is dialled.
#include <gtest/gtest.h>

#include "collector/exporters/balancing/dns_resolver.h"
#include "collector/exporters/balancing/member_address.h"

namespace tailrace {
namespace {

TEST(MemberNames, AreWrittenAsTheCollectorWritesThem) {
  EXPECT_EQ(MemberNames({"10.0.0.2", "10.0.0.1", "fd00::1"}, ""),
            (std::vector<std::string>{"10.0.0.1", "10.0.0.2", "[fd00::1]"}));
  EXPECT_EQ(MemberNames({"10.0.0.2", "fd00::1"}, "4317"),
            (std::vector<std::string>{"10.0.0.2:4317", "[fd00::1]:4317"}));
  // Sorted as text, with the port.
  EXPECT_EQ(MemberNames({"10.0.0.9", "10.0.0.10"}, "1"), (std::vector<std::string>{"10.0.0.10:1", "10.0.0.9:1"}));
}

TEST(MemberAddress, HasThePort4317WhereTheNameHasNone) {
  EXPECT_EQ(MemberAddress("host"), "host:4317");
  EXPECT_EQ(MemberAddress("host:55678"), "host:55678");
  EXPECT_EQ(MemberAddress("10.0.0.1"), "10.0.0.1:4317");
  EXPECT_EQ(MemberAddress("[fd00::1]"), "[fd00::1]:4317");
  EXPECT_EQ(MemberAddress("[fd00::1]:1234"), "[fd00::1]:1234");
  EXPECT_EQ(MemberAddress("fd00::1"), "[fd00::1]:4317");
  EXPECT_EQ(MemberAddress("http://host"), "http://host:4317");
  EXPECT_EQ(MemberAddress("https://host:99"), "https://host:99");
}

TEST(MemberConfig, HasTheAddressAndTheTlsOfItsScheme) {
  config::OtlpExporterConfig common;
  common.id.text = "loadbalancing/x";
  common.compression = "none";
  const auto plain = MemberConfig(common, "http://host:4317");
  EXPECT_EQ(plain.endpoint, "host:4317");
  EXPECT_TRUE(plain.tls.insecure);
  EXPECT_EQ(plain.compression, "none");
  EXPECT_NE(plain.id.text.find("loadbalancing/x"), std::string::npos);
  EXPECT_NE(plain.id.text.find("host:4317"), std::string::npos);
  common.tls.insecure = true;
  EXPECT_TRUE(MemberConfig(common, "host:4317").tls.insecure);
  EXPECT_FALSE(MemberConfig(common, "https://host:4317").tls.insecure);
}

}  // namespace
}  // namespace tailrace
