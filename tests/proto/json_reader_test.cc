#include "proto/json_reader.h"

#include "gtest/gtest.h"

namespace tailrace {
namespace {
TEST(JsonReader, Empty) {
  std::string out;
  EXPECT_TRUE(ParseOtlpJson("{}", &out).ok());
}
}  // namespace
}  // namespace tailrace
