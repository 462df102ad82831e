#include "collector/terminal/text_table.h"

#include <gtest/gtest.h>

#include "base/printable.h"

namespace tailrace {
namespace {

using Lines = std::vector<std::string>;

TextTable Sample() {
  TextTable table({{.title = "NAME", .columns_max = 40, .gives_way = true}, {.title = "N", .right = true}});
  table.AddRow({"errors", "7"});
  table.AddRow({"a much longer name", "1200"});
  return table;
}

TEST(TextTable, ColumnsLineUp) {
  EXPECT_EQ(Sample().Lines(80, 10, false),
            Lines({"NAME                   N", "errors                 7", "a much longer name  1200"}));
}

TEST(TextTable, OneColumnGivesWay) {
  EXPECT_EQ(Sample().Lines(16, 10, false), Lines({"NAME           N", "errors         7", "a much lo…  1200"}));
}

TEST(TextTable, NoLineIsWiderThanTheTerminal) {
  for (size_t width = 0; width < 30; ++width) {
    for (const std::string& line : Sample().Lines(width, 10, false)) EXPECT_LE(DisplayWidth(line), width);
  }
}

TEST(TextTable, RowsAreCut) { EXPECT_EQ(Sample().Lines(80, 1, false).size(), 2u); }

TEST(TextTable, NoRowsNoTitles) { EXPECT_TRUE(TextTable({{.title = "X"}}).Lines(80, 10, false).empty()); }

TEST(TextTable, CellsAreMadePrintable) {
  TextTable table({{.title = "X"}});
  table.AddRow({"\x1b[2J"});
  EXPECT_EQ(table.Lines(80, 10, false)[1], "\\x1b[2J");
}

TEST(TextTable, ColourIsAroundTheLine) {
  TextTable table({{.title = "X"}});
  table.AddRow({"down"}, "\x1b[31m");
  EXPECT_EQ(table.Lines(80, 10, true)[1], "\x1b[31mdown\x1b[0m");
  EXPECT_EQ(table.Lines(80, 10, false)[1], "down");
}

}  // namespace
}  // namespace tailrace
