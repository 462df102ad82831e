#include "base/trace_id.h"

#include <gtest/gtest.h>

#include <string>

namespace tailrace {
namespace {

constexpr char kBytes[] = "\x00\x01\x7f\x80\xff\xab\xcd\xef\x10\x32\x54\x76\x98\xba\xdc\xfe";

TEST(TraceId, HexIsLowercaseAndKeepsTheOrderOfTheBytes) {
  EXPECT_EQ(TraceId::FromBytes(kBytes).ToHex(), "00017f80ffabcdef1032547698badcfe");
  EXPECT_EQ(TraceId().ToHex(), std::string(32, '0'));
}

TEST(TraceId, OnlyAllZeroIsInvalid) {
  EXPECT_FALSE(TraceId().valid());
  for (size_t i = 0; i < 16; ++i) {
    TraceId id;
    id.bytes[i] = 1;
    EXPECT_TRUE(id.valid()) << "byte " << i;
  }
}

TEST(TraceId, EqualWhereEveryByteIs) {
  const TraceId id = TraceId::FromBytes(kBytes);
  EXPECT_EQ(id, TraceId::FromBytes(kBytes));
  for (size_t i = 0; i < 16; ++i) {
    TraceId other = id;
    other.bytes[i] ^= 0x40;
    EXPECT_NE(id, other) << "byte " << i;
  }
}

TEST(TraceId, ViewAndWordsShowTheSameBytes) {
  const TraceId id = TraceId::FromBytes(kBytes);
  EXPECT_EQ(id.view(), std::string_view(kBytes, 16));
  const uint64_t words[2] = {id.low_word(), id.high_word()};
  EXPECT_EQ(TraceId::FromBytes(words), id);
}

}  // namespace
}  // namespace tailrace
