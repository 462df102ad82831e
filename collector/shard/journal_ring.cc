#include "collector/shard/journal_ring.h"

namespace tailrace {
namespace {

// A larger share of a ring than this is not given to one trace.
constexpr uint64_t kTraceShare = 4;
constexpr int64_t kNsPerSecond = 1'000'000'000;
// The rate refills in whole steps, so that no fraction is lost with each decision.
constexpr int64_t kStepNs = 1'000'000;
constexpr int64_t kStepsPerSecond = kNsPerSecond / kStepNs;

}  // namespace

JournalRing::JournalRing(uint64_t records, uint64_t span_bytes, int64_t bytes_per_second)
    : records_(std::min<uint64_t>(records, uint64_t{1} << JournalIndex::kPlaceBits)),
      index_(records_.size()),
      spans_(span_bytes),
      bytes_per_second_(bytes_per_second) {}

bool JournalRing::TakeSpans(uint64_t bytes, int64_t now_ns) {
  if (bytes > spans_.capacity() / kTraceShare) return false;
  const int64_t most = bytes_per_second_ / 2;
  if (refilled_ns_ == INT64_MIN || now_ns - refilled_ns_ >= kNsPerSecond) {
    bytes_left_ = most;
    refilled_ns_ = now_ns;
  } else if (const int64_t steps = (now_ns - refilled_ns_) / kStepNs; steps > 0) {
    bytes_left_ = std::min(most, bytes_left_ + steps * (bytes_per_second_ / kStepsPerSecond));
    refilled_ns_ += steps * kStepNs;
  }
  if (bytes_left_ <= 0) return false;
  bytes_left_ -= static_cast<int64_t>(bytes);  // the last one may overdraw: those that follow wait for it
  return true;
}

void JournalRing::Store(std::string_view request, JournalRecord* record) {
  if (request.empty() || request.size() > spans_.capacity()) return;
  record->stored_at = spans_.Add(request);
  record->stored_bytes = static_cast<uint32_t>(request.size());
}

void JournalRing::Add(uint64_t hash, const JournalRecord& record) {
  if (records_.size() == 0) return;
  records_[next_at_] = record;
  index_.Insert(hash, next_at_);
  ++end_;
  if (++next_at_ == records_.size()) next_at_ = 0;
  const char* const next = reinterpret_cast<const char*>(&records_[next_at_]);
  __builtin_prefetch(next, 1);
  __builtin_prefetch(next + 64, 1);
}

JournalRecord* JournalRing::Find(const TraceId& id, uint64_t hash) {
  if (records_.size() == 0) return nullptr;
  JournalRecord* found = nullptr;
  index_.Find(hash, [&](uint32_t place) {
    if (records_[place].id == id) found = &records_[place];
    return found != nullptr;
  });
  return found;
}

}  // namespace tailrace
