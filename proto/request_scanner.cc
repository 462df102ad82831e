#include "proto/request_scanner.h"

#include "proto/attribute_depth.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr uint32_t kResourceSpansField = WireTag(1, kLengthDelimited);
constexpr uint32_t kResourceField = WireTag(1, kLengthDelimited);
constexpr uint32_t kScopeSpansField = WireTag(2, kLengthDelimited);
constexpr uint32_t kScopeField = WireTag(1, kLengthDelimited);
constexpr uint32_t kSpansField = WireTag(2, kLengthDelimited);

// Gathers the pieces of a message that are not the repeated field that holds the spans. As long as they lie together
// they are a range of the request; the second separate piece moves them into `gathered`.
class HeaderPieces {
 public:
  HeaderPieces(const char* request, std::vector<char>* gathered) : request_(request), gathered_(gathered) {}

  void Add(const char* from, const char* to) {
    const uint32_t size = static_cast<uint32_t>(to - from);
    if (range_.size == 0) {
      range_ = {static_cast<uint32_t>(from - request_), size};
    } else if (!moved_ && request_ + range_.offset + range_.size == from) {
      range_.size += size;
    } else {
      if (!moved_) {
        const char* first = request_ + range_.offset;
        range_.offset = static_cast<uint32_t>(gathered_->size());
        gathered_->insert(gathered_->end(), first, first + range_.size);
        moved_ = true;
      }
      gathered_->insert(gathered_->end(), from, to);
      range_.size += size;
    }
  }

  ByteRange range() const { return range_; }
  bool moved() const { return moved_; }

 private:
  const char* request_;
  std::vector<char>* gathered_;
  ByteRange range_;
  bool moved_ = false;
};

// What all scopes' headers may come to, each with its resource: somebody who repeats one long resource for many scopes
// makes everybody after the scan look at it as often.
constexpr uint64_t kHeaderBytesFree = uint64_t{4} << 20;
constexpr uint64_t kHeaderBytesPerByte = 4;  // of the request

class Scanner {
 public:
  Scanner(std::string_view request, ScannedRequest* result, ScanLimits limits)
      : request_(request), result_(result), limits_(limits) {}

  ScanError Run() {
    if (request_.size() > UINT32_MAX) return ScanError::kTooLarge;
    WireReader reader(request_);
    while (reader.Next()) {
      if (reader.tag() == kResourceSpansField) {
        const std::string_view resource_spans = reader.Bytes();
        if (const ScanError error = ScanResourceSpans(resource_spans); error != ScanError::kNone) return error;
      } else {
        if (reader.field() == 1) return ScanError::kBadWireType;
        reader.Skip();
      }
    }
    return reader.ok() ? ScanError::kNone : ScanError::kTruncated;
  }

 private:
  ScanError ScanResourceSpans(std::string_view message) {
    // The resource and its schema_url may stand behind the spans, so they are looked for first.
    HeaderPieces pieces(request_.data(), &result_->gathered);
    WireReader reader(message);
    while (reader.Next()) {
      if (reader.field() <= 3 && reader.wire_type() != kLengthDelimited) return ScanError::kBadWireType;
      const char* start = reader.field_start();
      if (reader.tag() == kResourceField) {
        if (AttributesTooDeep(reader.Bytes(), 1)) return ScanError::kTooDeep;
      } else {
        reader.Skip();
      }
      if (reader.tag() != kScopeSpansField && reader.ok()) pieces.Add(start, reader.position());
    }
    if (!reader.ok()) return ScanError::kTruncated;
    ++resource_spans_;

    WireReader again(message);
    while (again.Next()) {
      if (again.tag() != kScopeSpansField) {
        again.Skip();
      } else if (const ScanError error = ScanScopeSpans(again.Bytes(), pieces); error != ScanError::kNone) {
        return error;
      }
    }
    return ScanError::kNone;
  }

  ScanError ScanScopeSpans(std::string_view message, const HeaderPieces& resource) {
    HeaderPieces pieces(request_.data(), &result_->gathered);
    header_ = static_cast<uint32_t>(result_->headers.size());
    run_ = nullptr;
    bool any_span = false;
    WireReader reader(message);
    while (reader.Next()) {
      const char* start = reader.field_start();
      if (reader.tag() == kSpansField) {
        const std::string_view span = reader.Bytes();
        if (!reader.ok()) break;
        if (const ScanError error = AddSpan(span, start); error != ScanError::kNone) return error;
        any_span = true;
        continue;
      }
      if (reader.field() <= 3 && reader.wire_type() != kLengthDelimited) return ScanError::kBadWireType;
      if (reader.tag() == kScopeField) {
        if (AttributesTooDeep(reader.Bytes(), 3)) return ScanError::kTooDeep;
      } else {
        reader.Skip();
      }
      if (reader.ok()) pieces.Add(start, reader.position());
    }
    if (!reader.ok()) return ScanError::kTruncated;
    if (any_span) {
      header_bytes_ += uint64_t{resource.range().size} + pieces.range().size;
      if (header_bytes_ > kHeaderBytesFree + kHeaderBytesPerByte * request_.size()) return ScanError::kTooManyHeaders;
      result_->headers.push_back(
          {resource.range(), pieces.range(), resource.moved(), pieces.moved(), resource_spans_ - 1});
    }
    return ScanError::kNone;
  }

  // `start` is where the span's tag begins.
  ScanError AddSpan(std::string_view bytes, const char* start) {
    ScannedSpan span;
    if (const ScanError error = ScanSpan(bytes, &span); error != ScanError::kNone) return error;
    if (!span.ids_valid) {
      ++result_->rejected_spans;
      run_ = nullptr;
      return ScanError::kNone;
    }
    const uint32_t offset = static_cast<uint32_t>(start - request_.data());
    const uint32_t size = static_cast<uint32_t>(bytes.data() + bytes.size() - start);
    if (run_ == nullptr || std::memcmp(run_->trace_id.bytes.data(), span.trace_id, 16) != 0 ||
        run_->bytes.offset + run_->bytes.size != offset) {
      if (result_->runs.size() >= limits_.runs_max) return ScanError::kTooManyRuns;
      run_ = &result_->runs.emplace_back();
      run_->trace_id = TraceId::FromBytes(span.trace_id);
      run_->bytes.offset = offset;
      run_->header = header_;
    }
    run_->bytes.size += size;
    ++run_->span_count;
    run_->time.Add(span.start_ns, span.end_ns);
    run_->seen |= span.seen;
    run_->ordinary &= TimeSpan::Ordinary(span.start_ns, span.end_ns);
    ++result_->span_count;
    if (result_->briefs.size() < limits_.briefs_max) {
      result_->briefs.push_back(BriefOf(request_, bytes, span, header_));
    }
    return ScanError::kNone;
  }

  std::string_view request_;
  ScannedRequest* result_;
  const ScanLimits limits_;
  uint32_t header_ = 0;
  uint32_t resource_spans_ = 0;  // how many have begun
  uint64_t header_bytes_ = 0;    // of all headers
  SpanRun* run_ = nullptr;       // the run that the next span may continue; only within one ScopeSpans
};

}  // namespace

void ScannedRequest::Clear() {
  headers.clear();
  runs.clear();
  gathered.clear();
  briefs.clear();
  span_count = 0;
  rejected_spans = 0;
}

std::string_view ScannedRequest::Resource(std::string_view request, const ScopeHeader& header) const {
  return SliceHeader(request, gathered, header.resource, header.resource_gathered);
}

std::string_view ScannedRequest::Scope(std::string_view request, const ScopeHeader& header) const {
  return SliceHeader(request, gathered, header.scope, header.scope_gathered);
}

ScanError ScanRequest(std::string_view request, ScannedRequest* result, ScanLimits limits) {
  result->Clear();
  return Scanner(request, result, limits).Run();
}

}  // namespace tailrace
