#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::StartsWith;

constexpr const char* kNames[] = {"MD5",         "SHA1",           "SHA256", "SHA512", "FNV",
                                  "Murmur3Hash", "Murmur3Hash128", "XXH3",   "XXH128"};

// Whether the function makes `hash`, as it stands in a condition, of the text.
std::string Makes(const std::string& name, std::string_view text, const std::string& hash) {
  Scene scene;
  scene.span = testing::OtlpSpan(1, 1, "x").Attribute("x", testing::StringValue(text)).Bytes();
  return scene.Ask(name + "(attributes[\"x\"]) == " + hash);
}

TEST(Hashes, Digests) {
  EXPECT_EQ(Makes("MD5", "tail", R"("7aea2552dfe7eb84b9443b6fc9ba6e01")"), "yes");
  EXPECT_EQ(Makes("SHA1", "tail", R"("fbf5f2a2875b3bb65b8e3b23e6cc01d58ca30447")"), "yes");
  EXPECT_EQ(Makes("SHA256", "tail", R"("0c62f876ef1dea830de9f32c2f4b46dd6d74d50d15896e09ef5a2fcd4ac7e1d7")"), "yes");
  EXPECT_EQ(Makes("SHA512", "tail",
                  "\"103a0633fc98a85f65c431537203ccea4109790f26bc3aa52009c015a69bcec4"
                  "f95e7e63ec6054c070b3ebbde98241b76d4ad31bb4b63238f23592d97128ce6d\""),
            "yes");
}

TEST(Hashes, Fast) {
  EXPECT_EQ(Makes("FNV", "tail", "-2788758484624550109"), "yes");
  EXPECT_EQ(Makes("Murmur3Hash", "tail", R"("867e2875")"), "yes");
  EXPECT_EQ(Makes("Murmur3Hash128", "tail", R"("34753b573f8f0fd75ea10f99bbcb540f")"), "yes");
  EXPECT_EQ(Makes("XXH3", "tail", R"("143b194580ca0f77")"), "yes");
  EXPECT_EQ(Makes("XXH128", "tail", R"("f8ca20ee73d1c267e2d71c5f5d841b7f")"), "yes");
}

TEST(Hashes, OfMoreThanABlock) {
  const char* text = "a tail of more than sixteen bytes in all";
  EXPECT_EQ(Makes("Murmur3Hash", text, R"("1d53245a")"), "yes");
  EXPECT_EQ(Makes("Murmur3Hash128", text, R"("fe3342c94c2c52333b993ed08ff415ee")"), "yes");
  EXPECT_EQ(Makes("XXH3", text, R"("a78d97526fb67dc8")"), "yes");
  EXPECT_EQ(Makes("XXH128", text, R"("a2bc18454973d5f28e20f4d039f6ba47")"), "yes");
}

TEST(Hashes, OfNothing) {
  EXPECT_EQ(Makes("MD5", "", R"("d41d8cd98f00b204e9800998ecf8427e")"), "yes");
  EXPECT_EQ(Makes("SHA1", "", R"("da39a3ee5e6b4b0d3255bfef95601890afd80709")"), "yes");
  EXPECT_EQ(Makes("FNV", "", "-3750763034362895579"), "yes");
  EXPECT_EQ(Makes("Murmur3Hash", "", R"("00000000")"), "yes");
  EXPECT_EQ(Makes("XXH3", "", R"("2d06800538d394c2")"), "yes");
  EXPECT_EQ(Makes("XXH128", "", R"("99aa06d3014798d86001c324468d497f")"), "yes");
}

TEST(Hashes, OfBytesThatAreNoText) {
  EXPECT_EQ(Makes("MD5", std::string_view("\0", 1), R"("93b885adfe0da089cdf634904fd59f71")"), "yes");
  EXPECT_EQ(Makes("MD5", "\xff", R"("00594fd4f42ba43fc1ca0427a0576295")"), "yes");
}

TEST(Hashes, OfTextOnly) {
  for (const std::string name : kNames) {
    EXPECT_THAT(Ask(name + "(attributes[\"i\"]) != nil"), StartsWith("error:")) << name;
    EXPECT_THAT(Ask(name + "(attributes[\"bytes\"]) != nil"), StartsWith("error:")) << name;
    EXPECT_THAT(Ask(name + "(attributes[\"missing\"]) != nil"), StartsWith("error:")) << name;
    EXPECT_THAT(Ask(name + "(5) != nil"), StartsWith("refused:")) << name;
    EXPECT_THAT(Ask(name + "() != nil"), StartsWith("refused:")) << name;
  }
}

}  // namespace
}  // namespace tailrace::ottl
