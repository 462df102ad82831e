#include "collector/shard/resource_spans_frame.h"

#include "collector/shard/whole_spans.h"
#include "proto/wire_writer.h"

namespace tailrace {
namespace {

constexpr char kResourceSpansTag = static_cast<char>(WireTag(1, kLengthDelimited));
constexpr char kScopeSpansTag = static_cast<char>(WireTag(2, kLengthDelimited));

}  // namespace

void AppendFrame(std::string_view resource, std::string_view scope, uint64_t span_bytes, std::string* out) {
  const uint64_t scope_spans = scope.size() + span_bytes;
  out->push_back(kResourceSpansTag);
  AppendVarint(resource.size() + 1 + VarintSize(scope_spans) + scope_spans, out);
  out->append(resource);
  out->push_back(kScopeSpansTag);
  AppendVarint(scope_spans, out);
  out->append(scope);
}

bool AppendChain(const SpanStorage& storage, const SpanChain& chain, uint64_t bytes_max, std::string* out) {
  const size_t begin = out->size();
  std::string cut;
  SpanSegment segment;
  SpanChainReader reader = storage.Reader(chain);
  while (reader.Next(&segment)) {
    const HeaderStore::Header& header = storage.headers.Get(segment.header);
    const uint64_t used = out->size() - begin + header.bytes.size() + kFrameOverhead;
    if (used + segment.size > bytes_max) {
      cut.resize(used < bytes_max ? bytes_max - used : 0);
      reader.CopyTo(cut.data(), static_cast<uint32_t>(cut.size()));
      cut.resize(WholeSpans(cut, cut.size()));
      if (cut.empty()) return false;
      AppendFrame(header.resource(), header.scope(), cut.size(), out);
      out->append(cut);
      return false;
    }
    AppendFrame(header.resource(), header.scope(), segment.size, out);
    const size_t at = out->size();
    out->resize(at + segment.size);
    reader.CopyTo(out->data() + at, segment.size);
  }
  return true;
}

}  // namespace tailrace
