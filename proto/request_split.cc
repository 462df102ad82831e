#include "proto/request_split.h"

#include <algorithm>
#include <vector>

#include "proto/wire_reader.h"
#include "proto/wire_writer.h"

namespace tailrace {
namespace {

constexpr uint32_t kResourceSpans = WireTag(1, kLengthDelimited);
constexpr uint32_t kScopeSpans = WireTag(2, kLengthDelimited);
constexpr uint32_t kSpans = WireTag(2, kLengthDelimited);

// Calls `inside` with each sub-message under `tag`, and `outside` with the bytes of every other field.
template <typename Inside, typename Outside>
void Walk(std::string_view message, uint32_t tag, Inside inside, Outside outside) {
  WireReader reader(message);
  const char* begin = message.data();
  while (reader.Next()) {
    if (reader.tag() == tag) {
      inside(reader.Bytes());
    } else {
      reader.Skip();
      if (reader.ok()) outside(std::string_view(begin, static_cast<size_t>(reader.position() - begin)));
    }
    if (!reader.ok()) return;
    begin = reader.position();
  }
}

void Ignore(std::string_view) {}

template <typename Each>
void ForEachSpan(std::string_view request, Each each) {
  Walk(
      request, kResourceSpans,
      [&](std::string_view resource_spans) {
        Walk(
            resource_spans, kScopeSpans, [&](std::string_view scope_spans) { Walk(scope_spans, kSpans, each, Ignore); },
            Ignore);
      },
      Ignore);
}

std::string_view TraceIdOf(std::string_view span) {
  std::string_view id;
  WireReader reader(span);
  while (reader.Next()) {
    if (reader.tag() == WireTag(1, kLengthDelimited)) {
      id = reader.Bytes();
    } else {
      reader.Skip();
    }
  }
  return id;
}

// Spans in the first half.
uint32_t CutOf(const std::vector<std::string_view>& trace_ids) {
  const size_t count = trace_ids.size();
  const size_t middle = count / 2;
  // As far as a quarter from the middle, the nearer side first.
  for (size_t away = 0; away <= count / 4; ++away) {
    for (const size_t at : {middle - away, middle + away}) {
      if (at >= 1 && at < count && trace_ids[at - 1] != trace_ids[at]) return static_cast<uint32_t>(at);
    }
  }
  return static_cast<uint32_t>(std::max<size_t>(middle, 1));
}

// The spans from `begin` to before `end`, with what is around them. `next`: the number of the next span seen.
std::string Part(std::string_view request, uint32_t begin, uint32_t end) {
  std::string part;
  std::string resource_spans;
  std::string scope_spans;
  uint32_t next = 0;
  Walk(
      request, kResourceSpans,
      [&](std::string_view from_resource) {
        resource_spans.clear();
        bool any = false;
        Walk(
            from_resource, kScopeSpans,
            [&](std::string_view from_scope) {
              scope_spans.clear();
              bool any_here = false;
              Walk(
                  from_scope, kSpans,
                  [&](std::string_view span) {
                    const bool wanted = next >= begin && next < end;
                    ++next;
                    if (wanted) AppendField(kSpans, span, &scope_spans);
                    any_here |= wanted;
                  },
                  [&](std::string_view other) { scope_spans.append(other); });
              if (any_here) AppendField(kScopeSpans, scope_spans, &resource_spans);
              any |= any_here;
            },
            [&](std::string_view other) { resource_spans.append(other); });
        if (any) AppendField(kResourceSpans, resource_spans, &part);
      },
      [&](std::string_view other) { part.append(other); });
  return part;
}

}  // namespace

uint32_t CountSpans(std::string_view request) {
  uint32_t count = 0;
  ForEachSpan(request, [&count](std::string_view) { ++count; });
  return count;
}

RequestHalves SplitInTwo(std::string_view request) {
  std::vector<std::string_view> trace_ids;
  ForEachSpan(request, [&trace_ids](std::string_view span) { trace_ids.push_back(TraceIdOf(span)); });
  const auto count = static_cast<uint32_t>(trace_ids.size());
  const uint32_t cut = count < 2 ? count : CutOf(trace_ids);
  RequestHalves halves;
  halves.first = Part(request, 0, cut);
  halves.second = Part(request, cut, count);
  halves.first_spans = cut;
  halves.second_spans = count - cut;
  return halves;
}

}  // namespace tailrace
