// BaselineWindow: what one shard counted in one window of time: of each operation its totals, and in a table of lines,
// sixteen neighbouring bins each, how long its calls took. An operation has lines only where its durations lie, so
// that many operations fit.
//
// Single-writer. All memory is reserved at start and touched where it is used; when all lines are taken durations go
// uncounted in the sketch (missed()), never in the totals.
#pragma once

#include <cstdint>
#include <cstring>

#include "base/mapped_array.h"
#include "collector/baselines/duration_bins.h"

namespace tailrace {

struct OperationTotals {
  uint64_t calls = 0;
  uint64_t errors = 0;
  double total_ns = 0;
};

class BaselineWindow {
 public:
  static constexpr uint32_t kBinsPerLine = 16;
  struct Line {
    uint32_t counts[kBinsPerLine];
  };

  BaselineWindow(uint32_t rows, uint32_t lines) : totals_(rows), keys_(lines), lines_(lines) {}

  // Empties it for the window that begins at number * length.
  void Begin(int64_t number) {
    number_ = number;
    exact_ = true;
    used_ = 0;
    missed_ = 0;
    std::memset(static_cast<void*>(totals_.data()), 0, totals_.size() * sizeof(OperationTotals));
    std::memset(keys_.data(), 0, keys_.size() * sizeof(uint32_t));
  }

  void Add(uint32_t row, uint64_t duration_ns, bool error, uint32_t weight) {
    OperationTotals& totals = totals_[row];
    totals.calls += weight;
    totals.errors += error ? weight : 0;
    totals.total_ns += static_cast<double>(duration_ns) * weight;
    exact_ &= weight == 1;
    const uint32_t bin = DurationBin(duration_ns);
    const uint32_t key = Key(row, bin / kBinsPerLine);
    uint32_t at = Home(key);
    while (keys_[at] != key) {
      if (keys_[at] == 0) {
        if (used_ >= lines_.size() / 8 * 7) {
          missed_ += weight;
          return;
        }
        ++used_;
        keys_[at] = key;
        lines_[at] = Line{};
        break;
      }
      if (++at == lines_.size()) at = 0;
    }
    lines_[at].counts[bin % kBinsPerLine] += weight;
  }

  // What Add() of the same is going to touch: whoever adds many has it come for all of them at once.
  void Prefetch(uint32_t row, uint64_t duration_ns) const {
    const uint32_t at = Home(Key(row, DurationBin(duration_ns) / kBinsPerLine));
    __builtin_prefetch(&totals_[row], 1);
    __builtin_prefetch(&keys_[at]);
    __builtin_prefetch(&lines_[at], 1);
  }

  int64_t number() const { return number_; }
  bool exact() const { return exact_; }
  uint64_t missed() const { return missed_; }
  const OperationTotals& totals(uint32_t row) const { return totals_[row]; }
  uint32_t rows() const { return static_cast<uint32_t>(totals_.size()); }

  // Calls visit(row, first bin, line) for each line in use.
  template <typename Visit>
  void ForEachLine(Visit visit) const {
    for (uint32_t at = 0; at < keys_.size(); ++at) {
      if (keys_[at] != 0) visit((keys_[at] >> 8) - 1, (keys_[at] & 0xFF) * kBinsPerLine, lines_[at]);
    }
  }

  // Memory of a window, for the plan.
  static uint64_t Bytes(uint32_t rows, uint32_t lines) {
    return uint64_t{rows} * sizeof(OperationTotals) + uint64_t{lines} * (sizeof(Line) + sizeof(uint32_t));
  }
  static constexpr uint32_t kRowsMax = (1 << 24) - 2;

 private:
  static_assert(kDurationBins / kBinsPerLine <= 256);
  static uint32_t Key(uint32_t row, uint32_t line) { return (row + 1) << 8 | line; }
  uint32_t Home(uint32_t key) const {
    return static_cast<uint32_t>(key * uint64_t{0x9E3779B1} % (uint64_t{1} << 32) * lines_.size() >> 32);
  }

  int64_t number_ = -1;
  bool exact_ = true;
  uint32_t used_ = 0;
  uint64_t missed_ = 0;
  MappedArray<OperationTotals> totals_;
  MappedArray<uint32_t> keys_;  // 0: free
  MappedArray<Line> lines_;
};

}  // namespace tailrace
