// Files that change: a change is told once, when it has settled.
#include "collector/access/watched_text.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/scratch_directory.h"

namespace tailrace {
namespace {

using Change = WatchedText::Change;

class WatchedTextTest : public ::testing::Test {
 protected:
  std::string File(const std::string& name, const std::string& text) const { return directory_.File(name, text); }

  testing::ScratchDirectory directory_;
  std::vector<std::string> texts_;
};

TEST_F(WatchedTextTest, AChangeCountsWhenItWasReadTwice) {
  WatchedText watched({File("a", "one"), "", File("b", "two")});
  EXPECT_EQ(*watched.Read(), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(watched.Look(&texts_), Change::kNone);
  File("b", "half");
  EXPECT_EQ(watched.Look(&texts_), Change::kUnsettled);
  File("b", "whole");
  EXPECT_EQ(watched.Look(&texts_), Change::kUnsettled) << "it is being written";
  EXPECT_EQ(watched.Look(&texts_), Change::kChanged);
  EXPECT_EQ(texts_, (std::vector<std::string>{"one", "whole"}));
  EXPECT_EQ(watched.Look(&texts_), Change::kNone) << "told once";
  File("b", "brief");
  EXPECT_EQ(watched.Look(&texts_), Change::kUnsettled);
  File("b", "whole");
  EXPECT_EQ(watched.Look(&texts_), Change::kNone) << "back to what is known";
}

TEST_F(WatchedTextTest, AFileThatGoesIsToldOnceAndItsReturnIsAChange) {
  WatchedText watched({File("a", "one")});
  ASSERT_TRUE(watched.Read().ok());
  std::filesystem::remove(directory_.File("a"));
  EXPECT_EQ(watched.Look(&texts_), Change::kUnsettled);
  EXPECT_EQ(watched.Look(&texts_), Change::kUnreadable);
  EXPECT_EQ(watched.Look(&texts_), Change::kNone);
  File("a", "one");
  EXPECT_EQ(watched.Look(&texts_), Change::kUnsettled);
  EXPECT_EQ(watched.Look(&texts_), Change::kChanged);
}

TEST_F(WatchedTextTest, WhatMovesFromOneFileToTheNextIsAChange) {
  WatchedText watched({File("a", "xy"), File("b", "z")});
  ASSERT_TRUE(watched.Read().ok());
  File("a", "x");
  File("b", "yz");
  EXPECT_EQ(watched.Look(&texts_), Change::kUnsettled);
}

TEST_F(WatchedTextTest, LargeAndMissingFilesAreErrors) {
  EXPECT_FALSE(ReadAccessFile(File("large", std::string(kAccessFileBytesMax + 1, 'x'))).ok());
  EXPECT_FALSE(ReadAccessFile(directory_.File("missing")).ok());
  EXPECT_FALSE(ReadAccessFile(directory_.path().string()).ok()) << "a directory";
  EXPECT_TRUE(ReadAccessFile(File("empty", "")).ok());
}

}  // namespace
}  // namespace tailrace
