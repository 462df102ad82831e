#include "collector/load/request_template.h"

#include <libdeflate.h>
#define ZSTD_STATIC_LINKING_ONLY  // ZSTD_c_literalCompressionMode
#include <zstd.h>

#include <cstring>
#include <utility>

#include "absl/status/status.h"

namespace tailrace {
namespace {

constexpr int kZstdWindowLog = 20;
constexpr uint32_t kZstdDistanceMax = 1u << kZstdWindowLog, kZstdMatchMax = 1u << 16;
constexpr size_t kGrpcPrefix = 5;  // compressed flag, length (big endian)

void WriteGrpcPrefix(bool compressed, std::string* body) {
  const uint32_t size = static_cast<uint32_t>(body->size() - kGrpcPrefix);
  (*body)[0] = compressed ? 1 : 0;
  for (int i = 0; i < 4; ++i) (*body)[1 + i] = static_cast<char>(size >> (24 - 8 * i));
}

}  // namespace

absl::StatusOr<RequestTemplate> RequestTemplate::Make(const Content& content, const TrafficShape& shape,
                                                      LoadCompression compression, bool grpc, uint64_t base_ns) {
  RequestTemplate made;
  made.prefix_ = grpc ? kGrpcPrefix : 0;
  made.compression_ = compression;
  made.prepared_base_ns_ = base_ns;
  made.plain_.assign(made.prefix_, '\0');
  made.AppendMessage(content, shape, &made.plain_);
  std::vector<TraceId> ids;
  for (const MadeTrace& trace : content.traces) ids.push_back(trace.id);
  made.PatchPlain(ids, base_ns);
  std::vector<PatchField> fields;
  for (const PatchPoint& point : made.points_) {
    fields.push_back({.offset = point.trace_id - static_cast<uint32_t>(made.prefix_), .value = point.trace});
  }
  if (compression == LoadCompression::kGzip) {
    made.gzip_ = std::make_unique<PatchableGzip>(made.message(), fields);
    made.compressed_ = std::string(made.prefix_, '\0').append(made.gzip_->bytes());
  } else if (compression == LoadCompression::kZstd) {
    if (absl::Status status = made.CompressZstd(content, fields); !status.ok()) return status;
  }
  if (grpc) {
    if (!made.compressed_.empty()) WriteGrpcPrefix(true, &made.compressed_);
    WriteGrpcPrefix(false, &made.plain_);
  }
  return made;
}

// ExportTraceServiceRequest { resource_spans = 1: { resource = 1, scope_spans = 2: { scope = 1, spans = 2 } } }
void RequestTemplate::AppendMessage(const Content& content, const TrafficShape& shape, std::string* out) {
  for (uint32_t service = content.service_begin; service < content.service_end; ++service) {
    const size_t first_point = points_.size();
    std::string scope_spans;
    AppendScopeField(&scope_spans);
    for (uint32_t t = 0; t < content.traces.size(); ++t) {
      for (uint32_t index = FirstSpanOf(service, shape); index < FirstSpanOf(service + 1, shape); ++index) {
        std::string span;
        const SpanFieldOffsets at = AppendSpan(content.traces[t], index, service, shape, &span);
        AppendField(2, span, &scope_spans);
        const uint32_t start = static_cast<uint32_t>(scope_spans.size() - span.size());
        points_.push_back({.trace_id = start + at.trace_id,
                           .start = start + at.start,
                           .end = start + at.end,
                           .trace = t,
                           .times = TimesOf(content.traces[t], index, shape)});
      }
    }
    std::string resource_spans;
    AppendResourceField(service, shape, &resource_spans);
    AppendField(2, scope_spans, &resource_spans);
    AppendField(1, resource_spans, out);
    const uint32_t moved = static_cast<uint32_t>(out->size() - scope_spans.size());
    for (size_t p = first_point; p < points_.size(); ++p) {
      points_[p].trace_id += moved;
      points_[p].start += moved;
      points_[p].end += moved;
    }
  }
}

void RequestTemplate::PatchPlain(std::span<const TraceId> ids, uint64_t base_ns) {
  for (const PatchPoint& point : points_) {
    const uint64_t start = base_ns + point.times.start_offset_ns;
    const uint64_t end = base_ns + point.times.end_offset_ns;
    std::memcpy(plain_.data() + point.trace_id, ids[point.trace].bytes.data(), 16);
    std::memcpy(plain_.data() + point.start, &start, sizeof(start));
    std::memcpy(plain_.data() + point.end, &end, sizeof(end));
  }
}

void RequestTemplate::Patch(std::span<const TraceId> ids, uint64_t base_ns) {
  switch (compression_) {
    case LoadCompression::kNone:
      PatchPlain(ids, base_ns);
      return;
    case LoadCompression::kZstd:
      for (const ZstdId& id : zstd_ids_) {
        std::memcpy(compressed_.data() + id.offset, ids[id.trace].bytes.data(), 16);
      }
      return;
    case LoadCompression::kGzip:
      // The checksum is over the plain bytes, so these follow; the times must not.
      PatchPlain(ids, prepared_base_ns_);
      gzip_->Patch(ids, libdeflate_crc32(0, message().data(), message().size()), compressed_.data() + prefix_);
      return;
  }
}

// zstd is told the matches (match_finder.h) and told to leave literals as they are; so an id that no match covers
// stands in the result as it is. Checked by writing other ids and inflating.
absl::Status RequestTemplate::CompressZstd(const Content& content, const std::vector<PatchField>& fields) {
  std::vector<ZSTD_Sequence> sequences;
  ZSTD_Sequence next{};
  for (const MatchToken& token : FindMatches(message(), fields, kZstdMatchMax, kZstdDistanceMax)) {
    if (token.length == 0) {
      ++next.litLength;
      continue;
    }
    next.offset = token.distance;
    next.matchLength = token.length;
    sequences.push_back(std::exchange(next, {}));
  }
  // What is left behind the last match is literals without being said.
  const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_literalCompressionMode, ZSTD_lcm_uncompressed);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, kZstdWindowLog);
  compressed_.assign(prefix_ + ZSTD_compressBound(message().size()), '\0');
  const size_t size = ZSTD_compressSequences(context.get(), compressed_.data() + prefix_, compressed_.size() - prefix_,
                                             sequences.data(), sequences.size(), message().data(), message().size());
  if (ZSTD_isError(size)) return absl::InternalError(std::string("zstd: ") + ZSTD_getErrorName(size));
  compressed_.resize(prefix_ + size);
  return FindZstdIds(content);
}

absl::Status RequestTemplate::FindZstdIds(const Content& content) {
  std::vector<TraceId> ids, other_ids;
  for (uint32_t t = 0; t < content.traces.size(); ++t) {
    const std::string_view id = content.traces[t].id.view();
    for (size_t at = compressed_.find(id, prefix_); at != std::string::npos;
         at = compressed_.find(id, at + id.size())) {
      zstd_ids_.push_back({.offset = static_cast<uint32_t>(at), .trace = t});
    }
    ids.push_back(content.traces[t].id);
    other_ids.push_back(ids.back());
    for (uint8_t& byte : other_ids.back().bytes) byte = static_cast<uint8_t>(~byte);
  }
  Patch(other_ids, prepared_base_ns_);
  PatchPlain(other_ids, prepared_base_ns_);
  std::string back(message().size(), '\0');
  const size_t size =
      ZSTD_decompress(back.data(), back.size(), compressed_.data() + prefix_, compressed_.size() - prefix_);
  const bool right = !ZSTD_isError(size) && back == message();
  Patch(ids, prepared_base_ns_);
  PatchPlain(ids, prepared_base_ns_);
  return right ? absl::OkStatus()
               : absl::InternalError("zstd: requests of this shape cannot be given new trace ids; try smaller ones");
}

}  // namespace tailrace
