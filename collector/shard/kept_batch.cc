#include "collector/shard/kept_batch.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "collector/shard/resource_spans_frame.h"
#include "proto/run_writer.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

// What stamps add to a scope at most, keys and lengths included.
uint64_t StampedSize(std::span<const ScopeStamp> stamps) {
  uint64_t size = 0;
  for (const ScopeStamp& stamp : stamps) size += stamp.key.size() + stamp.text.size() + 32;
  return size;
}

}  // namespace

void KeptBatch::MakeRoom(uint64_t bytes) {
  if (!payload_.empty() && (payload_.size() + bytes > limits_.bytes_max || spans_ >= limits_.spans_max)) Flush();
}

std::string_view KeptBatch::Stamped(std::string_view scope, Stamps stamps) {
  if (stamps.empty()) return scope;
  StampScope(scope, stamps, &stamped_);
  return stamped_;
}

std::string_view KeptBatch::AddTrace(const SpanStorage& storage, const SpanChain& chain, uint32_t span_count,
                                     Stamps stamps) {
  segments_.clear();
  uint64_t total = 0;
  SpanSegment segment;
  SpanChainReader reader = storage.Reader(chain);
  while (reader.Next(&segment)) {
    segments_.push_back({segment.header, segment.size, static_cast<uint32_t>(segments_.size()), reader.position()});
    total += segment.size;
    reader.Skip(segment.size);
  }
  // Spans of one header come together and stay in the order of their arrival. (std::stable_sort would allocate.)
  std::sort(segments_.begin(), segments_.end(), [](const Segment& a, const Segment& b) {
    return std::pair(a.header, a.order) < std::pair(b.header, b.order);
  });
  for (size_t i = 0; i < segments_.size(); ++i) {
    if (i > 0 && segments_[i].header == segments_[i - 1].header) continue;
    total += storage.headers.Get(segments_[i].header).bytes.size() + StampedSize(stamps) + kFrameOverhead;
  }
  split_ = total > limits_.bytes_max;
  if (!split_) {
    MakeRoom(total);
    spans_ += span_count;
  }
  const size_t begin = payload_.size();
  for (const Segment *group = segments_.data(), *end = group + segments_.size(); group != end;) {
    const Segment* next = group;
    while (next != end && next->header == group->header) ++next;
    AddGroup(&reader, group, next, storage.headers.Get(group->header), stamps);
    group = next;
  }
  ++traces_;
  return split_ ? std::string_view() : std::string_view(payload_).substr(begin);
}

void KeptBatch::AddGroup(SpanChainReader* reader, const Segment* begin, const Segment* end,
                         const HeaderStore::Header& header, Stamps stamps) {
  const std::string_view scope = Stamped(header.scope(), stamps);
  if (!split_) {
    uint64_t bytes = 0;
    for (const Segment* segment = begin; segment != end; ++segment) bytes += segment->size;
    AppendFrame(header.resource(), scope, bytes, &payload_);
  }
  for (const Segment* segment = begin; segment != end; ++segment) {
    std::string& to = split_ ? joined_ : payload_;
    if (split_) joined_.clear();
    const size_t at = to.size();
    to.resize(at + segment->size);
    reader->MoveTo(segment->position);
    reader->CopyTo(to.data() + at, segment->size);
    if (split_) AddSplit(header.resource(), scope, joined_);
  }
}

void KeptBatch::AddSplit(std::string_view resource, std::string_view scope, std::string_view spans) {
  const uint64_t frame = resource.size() + scope.size() + kFrameOverhead;
  WireReader reader(spans);
  const char* from = spans.data();
  const char* to = from;
  uint32_t count = 0;
  const auto write = [&] {
    const uint64_t bytes = static_cast<uint64_t>(to - from);
    if (bytes == 0) return;
    MakeRoom(frame + bytes);
    AppendFrame(resource, scope, bytes, &payload_);
    payload_.append(from, to);
    spans_ += count;
    from = to;
    count = 0;
  };
  while (reader.Next()) {
    reader.Skip();
    const uint64_t with_this = static_cast<uint64_t>(reader.position() - from);
    if (count > 0 && frame + with_this > limits_.bytes_max) write();
    to = reader.position();
    ++count;
  }
  write();
}

void KeptBatch::AddRun(std::string_view resource, std::string_view plain_scope, std::string_view spans,
                       uint32_t span_count, Stamps stamps) {
  const std::string_view scope = Stamped(plain_scope, stamps);
  if (resource.size() + scope.size() + spans.size() + kFrameOverhead > limits_.bytes_max) {
    AddSplit(resource, scope, spans);
    return;
  }
  MakeRoom(resource.size() + scope.size() + spans.size() + kFrameOverhead);
  AppendFrame(resource, scope, spans.size(), &payload_);
  payload_.append(spans);
  spans_ += span_count;
}

void KeptBatch::AddRuns(const ScannedRuns& from, std::span<const uint32_t> chosen) {
  if (SizeOfRuns(from, chosen) > limits_.bytes_max) {
    for (const uint32_t i : chosen) {
      const SpanRun& run = from.runs[i];
      AddRun(from.resource(run.header), from.scope(run.header), from.spans(run), run.span_count);
    }
    return;
  }
  while (!chosen.empty()) {
    MakeRoom(SizeOfRuns(from, chosen));
    size_t fitting = 0;
    while (fitting < chosen.size() && spans_ < limits_.spans_max) spans_ += from.runs[chosen[fitting++]].span_count;
    AppendRuns(from, chosen.first(fitting), &payload_);
    chosen = chosen.subspan(fitting);
  }
}

void KeptBatch::Flush() {
  if (payload_.empty()) return;
  const size_t size = payload_.size();
  hand_({std::make_shared<const std::string>(std::exchange(payload_, {})), std::exchange(spans_, 0),
         std::exchange(traces_, 0)});
  // The next batch will be about as large: one allocation instead of a dozen doublings.
  payload_.reserve(std::min<uint64_t>(size + size / 4, limits_.bytes_max));
}

}  // namespace tailrace
