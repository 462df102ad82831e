#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Url, ByTheSemanticConventions) {
  const std::string url = R"(URL("HTTPS://ann:p%40ss@Shop.example:8443/a%20b/cart.min.js?x=1&y#top"))";
  EXPECT_EQ(Ask(url + R"(["url.scheme"] == "https")"), "yes");
  EXPECT_EQ(Ask(url + R"(["url.domain"] == "Shop.example")"), "yes");
  EXPECT_EQ(Ask(url + R"(["url.path"] == "/a b/cart.min.js")"), "yes");
  EXPECT_EQ(Ask(url + R"(["url.extension"] == "js")"), "yes");
  EXPECT_EQ(Ask(url + R"(["url.query"] == "x=1&y")"), "yes");
  EXPECT_EQ(Ask(url + R"(["url.fragment"] == "top")"), "yes");
  EXPECT_EQ(Ask(url + R"(["url.username"] == "ann")"), "yes");
  EXPECT_EQ(Ask(url + R"(["url.password"] == "p@ss")"), "yes");
  EXPECT_EQ(Ask(url + R"(["url.user_info"] == "ann:p%40ss")"), "yes");
  EXPECT_EQ(Ask(url + R"(["url.original"] == "https://ann:p%40ss@Shop.example:8443/a%20b/cart.min.js?x=1&y#top")"),
            "yes");
  EXPECT_EQ(Ask("Int(" + url + R"(["url.port"]) == 8443)"), "error: unsupported type: int")
      << "Go's int is no kind that Int() knows";
}

TEST(Url, WhatIsNotThereHasNoKey) {
  EXPECT_EQ(Ask(R"(Len(URL("http://host")) == 4)"), "yes");
  EXPECT_EQ(Ask(R"(URL("http://host")["url.path"] == "")"), "yes");
  EXPECT_EQ(Ask(R"(URL("http://host")["url.port"] == nil)"), "error: key not found in map");
  EXPECT_EQ(Ask(R"(URL("http://[2001:db8::1]:80/")["url.domain"] == "2001:db8::1")"), "yes");
  EXPECT_EQ(Ask(R"(URL("mailto:a@b")["url.scheme"] == "mailto")"), "yes");
  EXPECT_EQ(Ask(R"(Len(URL("/only/path.")) == 4)"), "yes");
}

TEST(Url, AQueryAlone) {
  EXPECT_EQ(Ask(R"(URL("?a=1&b=x+y&a=2")["query"]["a"][1] == "2")"), "yes");
  EXPECT_EQ(Ask(R"(URL("?a=1&b=x+y%21")["query"]["b"][0] == "x y!")"), "yes");
  EXPECT_EQ(Ask(R"(Len(URL("?")) == 0)"), "yes");
  EXPECT_THAT(Ask(R"(URL("?a=1;b=2") == nil)"), HasSubstr("semicolon"));
  EXPECT_THAT(Ask(R"(URL("?a=%zz") == nil)"), StartsWith("error:"));
}

TEST(Url, TextThatIsNone) {
  for (const char* text :
       {"", "http://host:port/", "http://[::1", "http://a b/", "%", ":", "1http://x", "http://%41:8080/",
        "http://h:99999999999999999999/", "cache_object:foo/bar:baz%", "http://x/\x7f"}) {
    Scene scene;
    scene.span = testing::OtlpSpan(1, 1, "x").Attribute("x", testing::StringValue(text)).Bytes();
    const std::string answer = scene.Ask("Len(URL(attributes[\"x\"])) > 0");
    EXPECT_THAT(answer, StartsWith("error:")) << text;
  }
  EXPECT_THAT(Ask(R"(URL(attributes["i"]) == nil)"), StartsWith("error:"));
  EXPECT_THAT(Ask(R"(URL(attributes["missing"]) == nil)"), StartsWith("error:"));
  EXPECT_THAT(Ask(R"(URL(5) == nil)"), StartsWith("refused:"));
}

TEST(IsInCidr, AddressesOfBothKinds) {
  EXPECT_EQ(Ask(R"(IsInCIDR("10.1.2.3", ["192.168.0.0/16", "10.0.0.0/8"]))"), "yes");
  EXPECT_EQ(Ask(R"(IsInCIDR("11.1.2.3", ["192.168.0.0/16", "10.0.0.0/8"]))"), "no");
  EXPECT_EQ(Ask(R"(IsInCIDR("10.1.2.3", []))"), "no");
  EXPECT_EQ(Ask(R"(IsInCIDR("10.1.2.127", ["10.1.2.0/25"]) and not IsInCIDR("10.1.2.128", ["10.1.2.0/25"]))"), "yes");
  EXPECT_EQ(Ask(R"(IsInCIDR("10.1.2.3", ["0.0.0.0/0"]) and IsInCIDR("10.1.2.3", ["10.1.2.3/32"]))"), "yes");
  EXPECT_EQ(Ask(R"(IsInCIDR("2001:db8::5", ["2001:db8::/127"]))"), "no");
  EXPECT_EQ(Ask(R"(IsInCIDR("2001:db8::5", ["2001:db8::/125"]))"), "yes");
  EXPECT_EQ(Ask(R"(IsInCIDR("::ffff:10.1.2.3", ["10.0.0.0/8"]))"), "yes");
  EXPECT_EQ(Ask(R"(IsInCIDR("10.1.2.3", ["::/0"]))"), "no");
}

TEST(IsInCidr, TextThatIsNone) {
  for (const char* text : {"", "x", "10.1.2", "10.1.2.3.4", "010.1.2.3", "256.1.1.1", "fe80::1%eth0", " 10.1.2.3"}) {
    EXPECT_EQ(Ask("IsInCIDR(\"" + std::string(text) + "\", [\"0.0.0.0/0\", \"::/0\"])"), "no") << text;
  }
  for (const char* text : {"", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "x/8", "::/129"}) {
    EXPECT_THAT(Ask("IsInCIDR(\"10.1.2.3\", [\"" + std::string(text) + "\"])"), StartsWith("refused:")) << text;
  }
  EXPECT_THAT(Ask(R"(IsInCIDR("10.1.2.3", [attributes["s"]]))"), StartsWith("error:"));
  EXPECT_THAT(Ask(R"(IsInCIDR(attributes["i"], ["10.0.0.0/8"]))"), StartsWith("error:"));
  EXPECT_THAT(Ask(R"(IsInCIDR(attributes["missing"], ["10.0.0.0/8"]))"), StartsWith("error:"));
}

TEST(CommunityIds, AreTheSameBothWays) {
  const std::string id = R"( == "1:LQU9qZlK+B5F3KDmev6m5PMibrg=")";
  EXPECT_EQ(Ask(R"(CommunityID("128.232.110.120", 34855, "66.35.250.204", 80))" + id), "yes");
  EXPECT_EQ(Ask(R"(CommunityID("66.35.250.204", 80, "128.232.110.120", 34855, "TCP", 0))" + id), "yes");
  EXPECT_EQ(Ask(R"(CommunityID("66.35.250.204", 80, "128.232.110.120", 34855, "UDP"))" + id), "no");
  EXPECT_EQ(Ask(R"(CommunityID("66.35.250.204", 80, "128.232.110.120", 34855, "TCP", 1))" + id), "no");
  EXPECT_EQ(Ask(R"(CommunityID("::ffff:66.35.250.204", 80, "128.232.110.120", 34855))" + id), "yes");
}

TEST(CommunityIds, OfWhatIsNoFlow) {
  EXPECT_THAT(Ask(R"(CommunityID("1.2.3.4", 65536, "5.6.7.8", 80) == "")"), HasSubstr("port"));
  EXPECT_THAT(Ask(R"(CommunityID("1.2.3.4", -1, "5.6.7.8", 80) == "")"), HasSubstr("port"));
  EXPECT_THAT(Ask(R"(CommunityID("1.2.3", 1, "5.6.7.8", 80) == "")"), HasSubstr("address"));
  EXPECT_THAT(Ask(R"(CommunityID("1.2.3.4", 1, "5.6.7.8", 80, "tcp") == "")"), HasSubstr("protocol"));
  EXPECT_THAT(Ask(R"(CommunityID("1.2.3.4", 1, "5.6.7.8", 80, "TCP", 65536) == "")"), HasSubstr("seed"));
  EXPECT_THAT(Ask(R"(CommunityID(attributes["missing"], 1, "5.6.7.8", 80) == "")"), StartsWith("error:"));
  EXPECT_THAT(Ask(R"(CommunityID("1.2.3.4", 1, "5.6.7.8") == "")"), StartsWith("refused:"));
}

}  // namespace
}  // namespace tailrace::ottl
