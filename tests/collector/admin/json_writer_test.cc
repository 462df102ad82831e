#include "collector/admin/json_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace tailrace {
namespace {

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
  JsonWriter json;
  json.Object([&] {
    json.Field("a", 1);
    json.Key("b").Array([&] {
      json.Array([] {});
      json.Object([&] { json.Field("c", true); });
      json.Value("x");
    });
    json.Key("d").Object([] {});
    json.Field("e", nullptr);
  });
  EXPECT_EQ(json.Take(), R"({"a":1,"b":[[],{"c":true},"x"],"d":{},"e":null})");
}

TEST(JsonWriter, WritesNumbersThatReadBackToTheSame) {
  JsonWriter json;
  json.Array([&] {
    json.Value(std::numeric_limits<uint64_t>::max());
    json.Value(std::numeric_limits<int64_t>::min());
    json.Value(0.1);
    json.Value(1e300);
    json.Value(12.0);
    json.Value(std::numeric_limits<double>::infinity());
    json.Value(std::numeric_limits<double>::quiet_NaN());
    json.Value(std::optional<int>());
    json.Value(std::optional<int>(7));
  });
  EXPECT_EQ(json.Take(), "[18446744073709551615,-9223372036854775808,0.1,1e+300,12,null,null,null,7]");
}

TEST(JsonWriter, HostileTextStaysText) {
  JsonWriter json;
  json.Object([&] { json.Field("a\"\\", std::string("</script>\n\xff\0\x7f", 13)); });
  EXPECT_EQ(json.Take(), "{\"a\\\"\\\\\":\"</script>\\n\xEF\xBF\xBD\\u0000\\u007f\"}");
}

}  // namespace
}  // namespace tailrace
