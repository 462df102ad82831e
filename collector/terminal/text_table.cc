#include "collector/terminal/text_table.h"

#include <algorithm>

#include "base/printable.h"
#include "collector/terminal/ansi.h"

namespace tailrace {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kGivesWayTo = 8;

}  // namespace

void TextTable::AddRow(const std::vector<std::string>& cells, std::string_view style) {
  Row row{.cells = {}, .style = style};
  for (size_t i = 0; i < columns_.size(); ++i) row.cells.push_back(FitPrintable(cells[i], columns_[i].columns_max));
  rows_.push_back(std::move(row));
}

std::vector<size_t> TextTable::Widths(size_t width, size_t rows) const {
  std::vector<size_t> widths;
  size_t sum = 0;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t widest = columns_[i].title.size();
    for (size_t row = 0; row < rows; ++row) widest = std::max(widest, DisplayWidth(rows_[row].cells[i]));
    widths.push_back(widest);
    sum += widest + (i == 0 ? 0 : kGap);
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (!columns_[i].gives_way || sum <= width) continue;
    const size_t less = std::min(sum - width, widths[i] - std::min(widths[i], kGivesWayTo));
    widths[i] -= less;
    sum -= less;
  }
  return widths;
}

std::string TextTable::Line(const std::vector<std::string>& cells, const std::vector<size_t>& widths) const {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line.append(kGap, ' ');
    const std::string cell = FitPrintable(cells[i], widths[i]);
    const std::string padding(widths[i] - std::min(widths[i], DisplayWidth(cell)), ' ');
    line += columns_[i].right ? padding + cell : cell + padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::vector<std::string> TextTable::Lines(size_t width, size_t rows_max, bool color) const {
  std::vector<std::string> lines;
  if (rows_.empty()) return lines;
  const size_t rows = std::min(rows_max, rows_.size());
  const std::vector<size_t> widths = Widths(width, rows);
  std::vector<std::string> titles;
  for (const TextColumn& column : columns_) titles.emplace_back(column.title);
  const auto add = [&](const std::vector<std::string>& cells, std::string_view style) {
    std::string& line = lines.emplace_back();
    ansi::Paint(style, FitPrintable(Line(cells, widths), width), color && !style.empty(), &line);
  };
  add(titles, ansi::kDim);
  for (size_t row = 0; row < rows; ++row) add(rows_[row].cells, rows_[row].style);
  return lines;
}

}  // namespace tailrace
