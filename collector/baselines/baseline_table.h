// BaselineTable: what each operation (service, name, kind) usually does, of all traffic of one shard: twelve windows of
// five minutes and the one that runs.
//
// Single-writer: the shard's thread. Memory is fixed: operations beyond `rows` are counted together in the row
// kOverflow, until rows that no window knows any more are given back at the turn of a window.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "collector/baselines/baseline_window.h"
#include "collector/baselines/request_thinner.h"
#include "collector/baselines/row_index.h"
#include "proto/request_scanner.h"

namespace tailrace {

struct OperationName {
  std::string service;    // at most kNameBytesMax of it
  std::string operation;  // likewise
  uint8_t kind = 0;       // as SpanBrief::kind
};

// A copy of some windows of one shard, for whoever adds them up.
struct ShardBaselines {
  struct Lines {
    uint32_t row;
    uint32_t first_bin;
    BaselineWindow::Line line;
  };
  std::vector<OperationName> names;  // by row; one that is not in use has no calls either
  std::vector<OperationTotals> totals;
  std::vector<Lines> lines;  // of one row and first bin there may be several
  bool exact = true;
  uint64_t missed = 0;
};

class BaselineTable {
 public:
  static constexpr uint32_t kOverflow = RowIndex::kNone;
  static constexpr int64_t kWindows = 13;
  static constexpr int64_t kWindowNs = int64_t{300} * 1'000'000'000;
  static constexpr size_t kNameBytesMax = 192;

  struct Options {
    uint32_t rows = 0;  // see Size(); 0: nothing is counted
    uint32_t lines = 0;
    uint32_t exact_spans_per_second = 0;  // 0: any number
    uint64_t hash_key = 0;                // drawn at start
  };
  // The rows and lines that fit into `bytes`.
  static Options Size(uint64_t bytes);
  // What a table of that size takes at most, the names included.
  static uint64_t Bytes(const Options& options);

  explicit BaselineTable(const Options& options);

  // Whether the next request is counted, if it is taken.
  bool Wants(int64_t now_ns);
  // That request has been taken.
  void Count(std::string_view request, const ScannedRequest& scanned, int64_t now_ns);

  // Windows are numbered by their start since the clock's zero over their length. One that is not there adds nothing.
  // What was copied belongs together as long as generation() has not changed: with it rows change their names.
  void CopyNames(ShardBaselines* copy) const;
  void CopyWindow(int64_t number, ShardBaselines* copy) const;
  uint64_t generation() const { return generation_; }

  uint64_t overflow_calls() const { return overflow_calls_; }

 private:
  struct Call {
    uint64_t duration_ns;
    uint32_t row;
    bool error;
  };

  void Turn(int64_t number);
  void AddCalls();
  void GiveBackRows();
  uint32_t RowOf(uint64_t key, std::string_view service, const SpanBrief& brief, std::string_view request);

  const Options options_;
  RequestThinner thinner_;
  uint32_t weight_ = 0;  // of the request at hand
  std::vector<BaselineWindow> windows_;
  BaselineWindow* now_ = nullptr;
  std::vector<OperationName> names_;
  RowIndex index_;
  uint64_t generation_ = 0;
  struct Service {
    std::string_view name;
    uint64_t seed = 0;
    uint32_t resource_spans = UINT32_MAX;  // of which it is the name; none yet
  };
  std::array<Call, 64> calls_;  // scratch: whose lines are on their way
  uint32_t call_count_ = 0;
  uint64_t overflow_calls_ = 0;
};

}  // namespace tailrace
