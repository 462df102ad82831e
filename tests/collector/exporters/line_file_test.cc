#include "collector/exporters/line_file.h"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "gtest/gtest.h"

namespace tailrace {
namespace {

class LineFileTest : public ::testing::Test {
 protected:
  ~LineFileTest() override { std::filesystem::remove_all(directory_); }
  std::string Content() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }
  const std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("tailrace_lines_" + std::to_string(::getpid()));
  const std::string path_ = directory_ / "a" / "b" / "traces.jsonl";
};

TEST_F(LineFileTest, MakesDirectoriesAndTruncatesOrAppends) {
  {
    LineFile file;
    ASSERT_TRUE(file.Open(path_, false).ok());
    ASSERT_TRUE(file.Append("one\n").ok());
    ASSERT_TRUE(file.Append("two\n").ok());
    EXPECT_EQ(Content(), "one\ntwo\n");
  }
  {
    LineFile file;
    ASSERT_TRUE(file.Open(path_, true).ok());
    ASSERT_TRUE(file.Append("three\n").ok());
    EXPECT_EQ(Content(), "one\ntwo\nthree\n");
  }
  LineFile file;
  ASSERT_TRUE(file.Open(path_, false).ok());
  EXPECT_EQ(Content(), "");
}

TEST_F(LineFileTest, AnErrorNamesThePath) {
  LineFile file;
  const absl::Status status = file.Open("/proc/nothing/here.jsonl", false);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(std::string(status.message()).find("/proc/nothing"), std::string::npos);
}

// A limit on the file's size stands in for a disk that fills up in the middle of a line.
TEST_F(LineFileTest, HalfALineIsCutOff) {
  LineFile file;
  ASSERT_TRUE(file.Open(path_, false).ok());
  ASSERT_TRUE(file.Append("whole\n").ok());
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 10;
  setrlimit(RLIMIT_FSIZE, &small);
  const absl::Status status = file.Append("this does not fit\n");
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(Content(), "whole\n");
  ASSERT_TRUE(file.Append("after\n").ok());
  EXPECT_EQ(Content(), "whole\nafter\n");
}

}  // namespace
}  // namespace tailrace
