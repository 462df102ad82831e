#include "collector/admin/url_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tailrace::admin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(PercentDecode, TakesEveryByte) {
  EXPECT_EQ(PercentDecode(""), "");
  EXPECT_EQ(PercentDecode("a+b"), "a+b");
  EXPECT_EQ(PercentDecode("%41%2f%2F%c3%bc"), "A//ü");
  EXPECT_EQ(PercentDecode("%00"), std::string(1, '\0'));
  EXPECT_EQ(PercentDecode("%2541"), "%41") << "once";
}

TEST(PercentDecode, HalfAnEscapeIsNone) {
  for (const char* text : {"%", "a%", "%4", "%4g", "%g4", "%%41", "%-1", "% 1"}) {
    EXPECT_EQ(PercentDecode(text), std::nullopt) << text;
  }
}

TEST(ParseQuery, ReadsWhatBrowsersWrite) {
  const std::vector<std::string> keys = {"a", "b", "ü"};
  EXPECT_THAT(*ParseQuery("", keys), IsEmpty());
  EXPECT_THAT(*ParseQuery("&&", keys), IsEmpty());
  EXPECT_THAT(*ParseQuery("a=1", keys), ElementsAre(Pair("a", "1")));
  EXPECT_THAT(*ParseQuery("a=&b", keys), ElementsAre(Pair("a", ""), Pair("b", "")));
  EXPECT_THAT(*ParseQuery("b=x+y%2B%26&a=k%3Dv=w", keys), ElementsAre(Pair("a", "k=v=w"), Pair("b", "x y+&")));
  EXPECT_THAT(*ParseQuery("%C3%BC=1", keys), ElementsAre(Pair("ü", "1")));
}

TEST(ParseQuery, SaysWhatIsWrong) {
  const std::vector<std::string> keys = {"limit", "before"};
  EXPECT_THAT(std::string(ParseQuery("limits=1", keys).status().message()),
              HasSubstr("unknown parameter 'limits'; there are: limit, before"));
  EXPECT_THAT(std::string(ParseQuery("a=1", {}).status().message()), HasSubstr("there are none here"));
  EXPECT_THAT(std::string(ParseQuery("=1", keys).status().message()), HasSubstr("unknown parameter ''"));
  EXPECT_THAT(std::string(ParseQuery("limit=1&limit=1", keys).status().message()), HasSubstr("twice"));
  EXPECT_THAT(std::string(ParseQuery("limit=%", keys).status().message()), HasSubstr("hexadecimal"));
  EXPECT_LT(ParseQuery(std::string(60'000, 'x'), keys).status().message().size(), 200u);
}

}  // namespace
}  // namespace tailrace::admin
