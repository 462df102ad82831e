#include "proto/run_writer.h"

#include "proto/wire_reader.h"
#include "proto/wire_writer.h"

namespace tailrace {
namespace {

constexpr char kResourceSpansTag = static_cast<char>(WireTag(1, kLengthDelimited));
constexpr char kScopeSpansTag = static_cast<char>(WireTag(2, kLengthDelimited));
constexpr uint64_t kFrameOverhead = 11;  // a tag and a length at its longest

using Chosen = std::span<const uint32_t>;

// Cuts `chosen` where the next one stands under another thing, as `same` says of two headers; calls `each` with every
// piece.
template <typename Same, typename Each>
void ForEachGroup(const ScannedRuns& from, Chosen chosen, Same same, Each each) {
  while (!chosen.empty()) {
    const uint32_t header = from.runs[chosen.front()].header;
    size_t count = 1;
    while (count < chosen.size() && same(header, from.runs[chosen[count]].header)) ++count;
    each(chosen.first(count));
    chosen = chosen.subspan(count);
  }
}
template <typename Each>
void ForEachResource(const ScannedRuns& from, Chosen chosen, Each each) {
  ForEachGroup(from, chosen, [&from](uint32_t a, uint32_t b) { return from.SameResource(a, b); }, each);
}
template <typename Each>
void ForEachScope(const ScannedRuns& from, Chosen chosen, Each each) {
  ForEachGroup(from, chosen, [](uint32_t a, uint32_t b) { return a == b; }, each);
}

// The fields of the ScopeSpans of runs under one scope.
uint64_t ScopeSpansSize(const ScannedRuns& from, Chosen of_scope) {
  uint64_t size = from.scope(from.runs[of_scope.front()].header).size();
  for (const uint32_t run : of_scope) size += from.runs[run].bytes.size;
  return size;
}

void Open(char tag, uint64_t size, std::string* out) {
  out->push_back(tag);
  AppendVarint(size, out);
}

}  // namespace

void AppendRuns(const ScannedRuns& from, Chosen chosen, std::string* out) {
  ForEachResource(from, chosen, [&](Chosen of_resource) {
    const std::string_view resource = from.resource(from.runs[of_resource.front()].header);
    uint64_t size = resource.size();
    ForEachScope(from, of_resource, [&](Chosen of_scope) {
      const uint64_t scope_spans = ScopeSpansSize(from, of_scope);
      size += 1 + VarintSize(scope_spans) + scope_spans;
    });
    Open(kResourceSpansTag, size, out);
    out->append(resource);
    ForEachScope(from, of_resource, [&](Chosen of_scope) {
      Open(kScopeSpansTag, ScopeSpansSize(from, of_scope), out);
      out->append(from.scope(from.runs[of_scope.front()].header));
      for (const uint32_t run : of_scope) out->append(from.spans(from.runs[run]));
    });
  });
}

uint64_t SizeOfRuns(const ScannedRuns& from, Chosen chosen) {
  uint64_t size = 0;
  ForEachResource(from, chosen, [&](Chosen of_resource) {
    size += kFrameOverhead + from.resource(from.runs[of_resource.front()].header).size();
    ForEachScope(from, of_resource,
                 [&](Chosen of_scope) { size += kFrameOverhead + ScopeSpansSize(from, of_scope); });
  });
  return size;
}

}  // namespace tailrace
