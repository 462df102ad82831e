// TextTable: rows of cells in aligned columns, as `tailrace top` shows them. A value; single-writer.
//
// One column may give way: it is cut so that lines fit, the others are shown whole. Cells are made printable here, so
// whatever a stranger sent may be put in.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tailrace {

struct TextColumn {
  std::string_view title;
  bool right = false;       // aligned right, as numbers are
  size_t columns_max = 24;  // of the terminal
  bool gives_way = false;
};

class TextTable {
 public:
  explicit TextTable(std::vector<TextColumn> columns) : columns_(std::move(columns)) {}

  // As many cells as columns. `style`: an escape sequence for the whole line, of ours.
  void AddRow(const std::vector<std::string>& cells, std::string_view style = {});
  bool empty() const { return rows_.empty(); }

  // The titles and `rows_max` rows, one line each, of `width` columns at most; none where there is no row.
  std::vector<std::string> Lines(size_t width, size_t rows_max, bool color) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::string_view style;
  };

  std::vector<size_t> Widths(size_t width, size_t rows) const;
  std::string Line(const std::vector<std::string>& cells, const std::vector<size_t>& widths) const;

  std::vector<TextColumn> columns_;
  std::vector<Row> rows_;
};

}  // namespace tailrace
