#include "collector/baselines/baseline_report.h"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
namespace tailrace {
namespace {

constexpr int64_t kNsPerS = 1'000'000'000;

// A line of one operation of the report.
struct Piece {
  size_t row;
  uint32_t first_bin;
  const BaselineWindow::Line* line;
};

// Where in an ascending walk over all counts a quantile lies, and what is there.
struct Quantile {
  double share;
  double BaselineRow::*to;
};
constexpr Quantile kQuantiles[] = {
    {0.5, &BaselineRow::p50_ns}, {0.95, &BaselineRow::p95_ns}, {0.99, &BaselineRow::p99_ns}};

// `pieces` are of one row, in the order of their bins; several may be of the same bins.
void FillQuantiles(std::span<const Piece> pieces, BaselineRow* row) {
  uint64_t all = 0;
  for (const Piece& piece : pieces) {
    for (const uint32_t count : piece.line->counts) all += count;
  }
  uint64_t before = 0;
  size_t next = 0;
  for (size_t from = 0, to = 0; from < pieces.size(); from = to) {
    uint64_t counts[BaselineWindow::kBinsPerLine] = {};
    for (; to < pieces.size() && pieces[to].first_bin == pieces[from].first_bin; ++to) {
      for (uint32_t i = 0; i < BaselineWindow::kBinsPerLine; ++i) counts[i] += pieces[to].line->counts[i];
    }
    for (uint32_t i = 0; i < BaselineWindow::kBinsPerLine; ++i) {
      before += counts[i];
      while (next < std::size(kQuantiles) &&
             static_cast<double>(before) > kQuantiles[next].share * static_cast<double>(all - 1)) {
        row->*kQuantiles[next++].to = DurationOfBin(pieces[from].first_bin + i);
      }
    }
  }
}

}  // namespace

ShardBaselines CopyOf(const BaselineTable& table, const BaselineRange& range,
                      const std::function<void(const std::function<void()>&)>& on_shard) {
  for (;;) {
    ShardBaselines copy;
    uint64_t generation = 0;
    on_shard([&] {
      table.CopyNames(&copy);
      generation = table.generation();
    });
    bool same = true;
    for (int64_t number = range.from; number <= range.to; ++number) {
      on_shard([&] {
        table.CopyWindow(number, &copy);
        same = generation == table.generation();
      });
    }
    if (same) return copy;
  }
}

BaselineReport AddUp(const std::vector<ShardBaselines>& shards) {
  BaselineReport report;
  std::map<std::tuple<std::string_view, std::string_view, uint8_t>, size_t> row_of;
  std::vector<Piece> pieces;
  for (const ShardBaselines& shard : shards) {
    report.exact &= shard.exact;
    report.missed += shard.missed;
    if (shard.totals.empty()) continue;
    report.overflow_calls += shard.totals[BaselineTable::kOverflow].calls;
    std::vector<size_t> rows(shard.totals.size());
    for (size_t row = BaselineTable::kOverflow + 1; row < shard.totals.size(); ++row) {
      if (shard.totals[row].calls == 0) continue;
      const OperationName& name = shard.names[row];
      const auto [entry, is_new] = row_of.emplace(
          std::tuple(std::string_view(name.service), std::string_view(name.operation), name.kind), report.rows.size());
      if (is_new) report.rows.push_back({.name = name});
      OperationTotals& totals = report.rows[entry->second].totals;
      totals.calls += shard.totals[row].calls;
      totals.errors += shard.totals[row].errors;
      totals.total_ns += shard.totals[row].total_ns;
      rows[row] = entry->second;
    }
    for (const ShardBaselines::Lines& lines : shard.lines) {
      if (lines.row != BaselineTable::kOverflow) pieces.push_back({rows[lines.row], lines.first_bin, &lines.line});
    }
  }
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& a, const Piece& b) { return std::tie(a.row, a.first_bin) < std::tie(b.row, b.first_bin); });
  for (size_t from = 0, to = 0; from < pieces.size(); from = to) {
    while (to < pieces.size() && pieces[to].row == pieces[from].row) ++to;
    FillQuantiles(std::span(pieces).subspan(from, to - from), &report.rows[pieces[from].row]);
  }
  std::sort(report.rows.begin(), report.rows.end(),
            [](const BaselineRow& a, const BaselineRow& b) { return a.totals.total_ns > b.totals.total_ns; });
  return report;
}

BaselineRange WindowsOf(int64_t now_ns, int64_t window_s, int64_t ago_s, int64_t begun_ns) {
  const int64_t to_ns = std::max<int64_t>(0, now_ns - ago_s * kNsPerS);
  const int64_t from_ns = std::max<int64_t>(0, to_ns - window_s * kNsPerS + 1);
  BaselineRange range{.from = from_ns / BaselineTable::kWindowNs, .to = to_ns / BaselineTable::kWindowNs};
  // Older ones are gone.
  range.from = std::max(range.from, now_ns / BaselineTable::kWindowNs - BaselineTable::kWindows + 1);
  const int64_t end_ns = std::min(now_ns, (range.to + 1) * BaselineTable::kWindowNs);
  const int64_t start_ns = std::max(begun_ns, range.from * BaselineTable::kWindowNs);
  range.seconds = std::max<int64_t>(0, end_ns - start_ns) / kNsPerS;
  return range;
}

}  // namespace tailrace
