#include "base/line_copy.h"

#include <gtest/gtest.h>

#include <string>

namespace tailrace {
namespace {

class LineCopyTest : public ::testing::TestWithParam<void (*)(char*, const char*, size_t)> {};

TEST_P(LineCopyTest, CopiesExactlyWhatItIsGivenWhereverItLies) {
  std::string source;
  for (int i = 0; i < 600; ++i) source.push_back(static_cast<char>('a' + i * 7 % 26));
  for (size_t to_offset = 0; to_offset < 64; to_offset += 3) {
    for (size_t from_offset = 0; from_offset < 32; from_offset += 5) {
      for (size_t size = 0; size + from_offset <= source.size(); size += 1 + size / 40) {
        std::string target(800, '.');
        GetParam()(target.data() + to_offset, source.data() + from_offset, size);
        ASSERT_EQ(target.substr(to_offset, size), source.substr(from_offset, size));
        ASSERT_EQ(target.substr(0, to_offset), std::string(to_offset, '.'));
        ASSERT_EQ(target.substr(to_offset + size), std::string(800 - to_offset - size, '.'));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Both, LineCopyTest, ::testing::Values(StreamCopy, BulkCopy));

}  // namespace
}  // namespace tailrace
