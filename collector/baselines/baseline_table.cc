#include "collector/baselines/baseline_table.h"

#include <algorithm>

#include "base/hash.h"
#include "proto/service_name.h"

namespace tailrace {
namespace {

constexpr uint32_t kLinesPerRow = 4;
constexpr uint32_t kLinesMin = 64;
constexpr uint8_t kError = 2;  // SpanBrief::status

}  // namespace

BaselineTable::Options BaselineTable::Size(uint64_t bytes) {
  const uint64_t lines = bytes * kLinesPerRow / Bytes({.rows = 1, .lines = kLinesPerRow});
  Options options;
  options.lines = static_cast<uint32_t>(std::clamp<uint64_t>(lines, kLinesMin, BaselineWindow::kRowsMax));
  options.rows = options.lines / kLinesPerRow;
  return options;
}

uint64_t BaselineTable::Bytes(const Options& options) {
  constexpr uint64_t kBytesPerRow = sizeof(OperationName) + 2 * kNameBytesMax + RowIndex::BytesPerRow();
  return options.rows * kBytesPerRow + BaselineWindow::Bytes(options.rows, options.lines) * uint64_t{kWindows};
}

BaselineTable::BaselineTable(const Options& options)
    : options_(options),
      thinner_(options.exact_spans_per_second, options.hash_key),
      names_(options.rows),
      index_(options.rows) {
  if (options.rows == 0) return;
  windows_.reserve(kWindows);
  for (int64_t i = 0; i < kWindows; ++i) windows_.emplace_back(options.rows, options.lines);
}

bool BaselineTable::Wants(int64_t now_ns) {
  weight_ = options_.rows == 0 ? 0 : thinner_.Next(now_ns);
  return weight_ != 0;
}

void BaselineTable::Count(std::string_view request, const ScannedRequest& scanned, int64_t now_ns) {
  thinner_.Saw(scanned.span_count);
  if (weight_ == 0) return;
  if (const int64_t number = now_ns / kWindowNs; now_ == nullptr || now_->number() != number) Turn(number);
  Service service;  // of the ResourceSpans at hand: a long resource may have many scopes
  ForEachBrief(request, scanned, [&](const SpanBrief& brief) {
    const ScopeHeader& header = scanned.headers[brief.header];
    if (service.resource_spans != header.resource_spans) {
      service.resource_spans = header.resource_spans;
      service.name = ServiceNameOf(scanned.Resource(request, header));
      service.seed = HashBytes(service.name, options_.hash_key);
    }
    const uint64_t key = HashBytes(brief.name(request), service.seed + brief.kind) | 1;
    const Call call{brief.duration_ns, RowOf(key, service.name, brief, request), brief.status == kError};
    now_->Prefetch(call.row, call.duration_ns);
    calls_[call_count_++] = call;
    if (call_count_ == calls_.size()) AddCalls();
  });
  AddCalls();
}

void BaselineTable::AddCalls() {
  for (uint32_t i = 0; i < call_count_; ++i) now_->Add(calls_[i].row, calls_[i].duration_ns, calls_[i].error, weight_);
  call_count_ = 0;
}

uint32_t BaselineTable::RowOf(uint64_t key, std::string_view service, const SpanBrief& brief,
                              std::string_view request) {
  if (const uint32_t known = index_.Find(key); known != RowIndex::kNone) return known;
  if (index_.free_rows() == 0) {
    overflow_calls_ += weight_;
    return kOverflow;
  }
  const uint32_t row = index_.Add(key);
  names_[row].service = service.substr(0, kNameBytesMax);
  names_[row].operation = brief.name(request).substr(0, kNameBytesMax);
  names_[row].kind = brief.kind;
  return row;
}

void BaselineTable::Turn(int64_t number) {
  now_ = &windows_[static_cast<size_t>(number % kWindows)];
  now_->Begin(number);
  if (index_.free_rows() < options_.rows / 8) GiveBackRows();
}

void BaselineTable::GiveBackRows() {
  ++generation_;
  index_.GiveBack([this](uint32_t row) {
    return std::any_of(windows_.begin(), windows_.end(), [&](const BaselineWindow& window) {
      return window.number() > now_->number() - kWindows && window.totals(row).calls != 0;
    });
  });
}

void BaselineTable::CopyNames(ShardBaselines* copy) const {
  copy->names = names_;
  copy->totals.resize(options_.rows);
}

void BaselineTable::CopyWindow(int64_t number, ShardBaselines* copy) const {
  for (const BaselineWindow& window : windows_) {
    if (window.number() != number) continue;
    copy->exact &= window.exact();
    copy->missed += window.missed();
    for (uint32_t row = 0; row < options_.rows; ++row) {
      copy->totals[row].calls += window.totals(row).calls;
      copy->totals[row].errors += window.totals(row).errors;
      copy->totals[row].total_ns += window.totals(row).total_ns;
    }
    window.ForEachLine([copy](uint32_t row, uint32_t first_bin, const BaselineWindow::Line& line) {
      copy->lines.push_back({row, first_bin, line});
    });
  }
}

}  // namespace tailrace
