#include "collector/baselines/estimate_table.h"

#include <algorithm>
#include <cstring>

#include "base/hash.h"

namespace tailrace {
namespace {

constexpr uint32_t kRowsMin = 8;

}  // namespace

EstimateTable::Options EstimateTable::Size(uint64_t bytes) {
  const uint64_t rows = bytes / Bytes({.rows = 1});
  return {.rows = static_cast<uint32_t>(std::clamp<uint64_t>(rows, kRowsMin, kRowsMax))};
}

uint64_t EstimateTable::Bytes(const Options& options) {
  return options.rows *
         (sizeof(std::string) + kNameBytesMax + RowIndex::BytesPerRow() + uint64_t{kWindows} * sizeof(Sums));
}

EstimateTable::EstimateTable(const Options& options)
    : options_(options),
      numbers_(kWindows, -1),
      sums_(options.rows * static_cast<size_t>(kWindows)),
      names_(options.rows),
      index_(options.rows) {
  if (options.rows != 0) names_[kOther] = kOtherName;
}

uint32_t EstimateTable::RowOf(std::string_view service) {
  if (!enabled()) return kOther;
  const uint64_t key = HashBytes(service, options_.hash_key) | 1;
  if (const uint32_t known = index_.Find(key); known != RowIndex::kNone) return known;
  if (index_.free_rows() == 0) {
    if (given_back_ == newest_) return kOther;  // no window has gone since
    GiveBackRows();
    return RowOf(service);
  }
  const uint32_t row = index_.Add(key);
  names_[row] = service.substr(0, kNameBytesMax);
  return row;
}

EstimateTable::Sums* EstimateTable::WindowOf(int64_t began_ns) {
  const int64_t number = began_ns / kWindowNs;
  const auto place = static_cast<size_t>(number % kWindows);
  Sums* const rows = &sums_[place * options_.rows];
  if (numbers_[place] == number) return rows;
  if (number <= newest_) return nullptr;
  numbers_[place] = newest_ = number;
  std::memset(static_cast<void*>(rows), 0, options_.rows * sizeof(Sums));
  return rows;
}

void EstimateTable::Arrived(uint32_t row, uint64_t calls, int64_t began_ns) {
  if (!enabled()) return;
  if (Sums* rows = WindowOf(began_ns); rows != nullptr) rows[row].decided += calls;
}

void EstimateTable::Kept(uint32_t row, double calls, int64_t began_ns) {
  if (!enabled()) return;
  Sums* const rows = WindowOf(began_ns);
  if (rows == nullptr) return;
  // A service that has been given a row meanwhile was counted with the others.
  rows[rows[row].decided != 0 ? row : kOther].estimated += calls;
}

void EstimateTable::GiveBackRows() {
  ++generation_;
  given_back_ = newest_;
  index_.GiveBack([this](uint32_t row) {
    for (size_t place = 0; place < numbers_.size(); ++place) {
      if (Held(numbers_[place]) && RowsAt(place)[row].decided != 0) return true;
    }
    return false;
  });
}

void EstimateTable::AddTo(int64_t from_ns, int64_t to_ns, int64_t undecided_ns,
                          std::vector<ServiceEstimate>* sums) const {
  std::vector<Sums> rows(options_.rows);
  for (size_t place = 0; place < numbers_.size(); ++place) {
    const int64_t begin_ns = numbers_[place] * kWindowNs;
    const int64_t end_ns = begin_ns + kWindowNs;
    if (!Held(numbers_[place]) || begin_ns > to_ns || end_ns <= from_ns || end_ns > undecided_ns) continue;
    for (uint32_t row = 0; row < options_.rows; ++row) {
      rows[row].decided += RowsAt(place)[row].decided;
      rows[row].estimated += RowsAt(place)[row].estimated;
    }
  }
  for (uint32_t row = 0; row < options_.rows; ++row) {
    if (rows[row].decided != 0) AddEstimate({names_[row], rows[row].decided, rows[row].estimated}, sums);
  }
}

void AddEstimate(const ServiceEstimate& estimate, std::vector<ServiceEstimate>* sums) {
  const auto named = [sums](std::string_view name) {
    return std::find_if(sums->begin(), sums->end(), [&](const ServiceEstimate& sum) { return sum.service == name; });
  };
  auto at = named(estimate.service);
  if (at == sums->end()) {
    // One place is for the others.
    const auto other = named(EstimateTable::kOtherName);
    const bool full = sums->size() >= EstimateTable::kRowsMax - (other == sums->end() ? 1 : 0);
    at = full ? other : at;
    if (at == sums->end()) at = sums->insert(at, {.service = full ? EstimateTable::kOtherName : estimate.service});
  }
  at->decided_calls += estimate.decided_calls;
  at->estimated_calls += estimate.estimated_calls;
}

}  // namespace tailrace
