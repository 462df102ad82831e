// EstimateTable: whether what is kept says how much there was. Of each service two sums: the calls that arrived, and
// what its kept calls, each times the weight of its trace, say that there were; of one shard and pipeline.
//
// Both go to the window in which the trace began: calls as they arrive, weights when the trace is kept. So the sums of
// a window are of the same traces as soon as all that began in it are decided, and only such windows are read. Nothing
// has to be counted of a trace that is dropped.
//
// Single-writer: the shard's thread. Memory is fixed: services beyond `rows` are counted together in the row kOther,
// until a window ends, when rows that no window knows any more are given to others.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_array.h"
#include "collector/baselines/row_index.h"
#include "collector/telemetry/snapshot.h"

namespace tailrace {

class EstimateTable {
 public:
  static constexpr uint32_t kOther = RowIndex::kNone;
  static constexpr const char* kOtherName = "other";
  static constexpr uint32_t kRowsMax = 256;
  static constexpr int64_t kWindowNs = int64_t{30} * 1'000'000'000;
  static constexpr int64_t kWindows = 130;  // an hour and five minutes, as the baselines have
  static constexpr size_t kNameBytesMax = 192;

  struct Options {
    uint32_t rows = 0;      // see Size(); 0: nothing is counted
    uint64_t hash_key = 0;  // drawn at start
  };
  // The rows that fit into `bytes`.
  static Options Size(uint64_t bytes);
  // What a table of that size takes at most, the names included.
  static uint64_t Bytes(const Options& options);

  explicit EstimateTable(const Options& options);

  bool enabled() const { return options_.rows != 0; }

  // The service's row, to be counted in at once. It stays the same as long as generation() does, and longer for whoever
  // counted in it in a window that is still held.
  uint32_t RowOf(std::string_view service);
  uint64_t generation() const { return generation_; }

  // `began_ns`: when the trace began; never negative.
  void Arrived(uint32_t row, uint64_t calls, int64_t began_ns);
  void Kept(uint32_t row, double calls, int64_t began_ns);

  // Adds up the windows that overlap `from_ns` to `to_ns`, both included, of which every trace is decided, as all are
  // that began before `undecided_ns`. Each service goes into its entry of `sums`, or a new one, kRowsMax at most.
  void AddTo(int64_t from_ns, int64_t to_ns, int64_t undecided_ns, std::vector<ServiceEstimate>* sums) const;

 private:
  struct Sums {
    uint64_t decided;
    double estimated;
  };

  // Of traces that began then, the sums by row; null where they are not held any more.
  Sums* WindowOf(int64_t began_ns);
  const Sums* RowsAt(size_t place) const { return &sums_[place * options_.rows]; }
  bool Held(int64_t number) const { return number >= 0 && number > newest_ - kWindows; }
  void GiveBackRows();

  const Options options_;
  std::vector<int64_t> numbers_;    // of the windows, by place: their start over their length; -1: none
  MappedArray<Sums> sums_;          // by place and row
  int64_t newest_ = -1;             // the greatest number
  int64_t given_back_ = -2;         // what that was when rows were last given back
  std::vector<std::string> names_;  // by row
  RowIndex index_;
  uint64_t generation_ = 0;
};

// One pipeline's sums of several shards, or several pipelines', become one list; a service stands in it once.
void AddEstimate(const ServiceEstimate& estimate, std::vector<ServiceEstimate>* sums);

}  // namespace tailrace
