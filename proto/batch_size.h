// BatchSize: how large the spans of one trace would be as one ResourceSpans message, which is how the Collector sizes
// what arrives of a trace (maximum_trace_size_bytes, bytes_limiting): each piece of a trace with its resource, and with
// each of its scopes once.
//
// A value; single-writer.
#pragma once

#include <cstdint>
#include <string_view>

namespace tailrace {

class BatchSize {
 public:
  // `resource` as in ScopeHeader. The schema URL does not count: the Collector loses it.
  explicit BatchSize(std::string_view resource);

  // Runs of one scope must come one after the other. `scope` as in ScopeHeader, `spans` with their tags and lengths.
  void Add(uint32_t header, std::string_view scope, std::string_view spans);

  // The message's size, and the same with the tag and length that it has in a request.
  uint64_t Bytes() const;
  uint64_t BytesAsField() const;

 private:
  uint64_t closed_;        // the resource, and the scopes before the present one
  uint64_t in_scope_ = 0;  // of the present one
  uint32_t header_ = UINT32_MAX;
};

}  // namespace tailrace
