#include "collector/exporters/otlp_channel.h"

#include "gtest/gtest.h"

namespace tailrace {
namespace {

TEST(SplitEndpoint, HostAndPort) {
  EXPECT_EQ(SplitEndpoint("jaeger:4317").host, "jaeger");
  EXPECT_EQ(SplitEndpoint("jaeger:4317").port, "4317");
  EXPECT_EQ(SplitEndpoint("[::1]:4317").host, "::1");
  EXPECT_EQ(SplitEndpoint("[::1]:4317").port, "4317");
  EXPECT_EQ(SplitEndpoint("[::1]").host, "[::1]");
  EXPECT_EQ(SplitEndpoint("jaeger").host, "jaeger");
  EXPECT_EQ(SplitEndpoint("jaeger").port, "");
}

TEST(MakeMetadata, KeysBecomeLowerCase) {
  const auto metadata = MakeMetadata({{"X-Scope-OrgID", "a"}, {"key-bin", std::string("\x00\xFF", 2)}});
  ASSERT_TRUE(metadata.ok());
  EXPECT_EQ(metadata->at("x-scope-orgid"), "a");
  EXPECT_EQ(metadata->at("key-bin"), std::string("\x00\xFF", 2));
}

TEST(MakeMetadata, AnErrorNamesTheKeyAndHidesTheValue) {
  const auto metadata = MakeMetadata({{"Authorization", "secret\n"}});
  ASSERT_FALSE(metadata.ok());
  const std::string message(metadata.status().message());
  EXPECT_NE(message.find("Authorization"), std::string::npos);
  EXPECT_EQ(message.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace tailrace
