// EndpointSlices: what the API server says of a Service's endpoints, kept up to date from a list and the events of a
// watch. Pure but for its own state; single-writer.
//
//   {"kind": "EndpointSliceList", "metadata": {"resourceVersion", "continue"}, "items": [slice, ...]}
//   {"type": "ADDED|MODIFIED|DELETED|BOOKMARK|ERROR", "object": slice or Status}, one a line
//   slice: {"metadata": {"name", "resourceVersion"}, "endpoints": [{"addresses": [...], "hostname", "conditions": {"ready"}}]}
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace tailrace {

class EndpointSlices {
 public:
  // Of all slices together; what is beyond is left out, and truncated() says so.
  static constexpr size_t kEndpointsMax = 10'000;

  // `hostnames`: endpoints are known by their hostname, and one that has none (yet) is left out.
  explicit EndpointSlices(bool hostnames) : hostnames_(hostnames) {}

  // A page of a list; `first`: what was known before goes. *next: where the next page begins; empty: this is the last.
  // InvalidArgument: the text is no such list, and what was known before may be gone.
  [[nodiscard]] absl::Status ReadList(std::string_view json, bool first, std::string* next);
  // A line of a watch. OutOfRange: the server has forgotten where we are, so list again; InvalidArgument: it is no event.
  [[nodiscard]] absl::Status ReadEvent(std::string_view json);

  // Where a watch goes on.
  const std::string& resource_version() const { return resource_version_; }
  // Ready endpoints: addresses, or hostnames; sorted, each once.
  std::vector<std::string> Endpoints() const;
  bool truncated() const { return said_ > kept_; }

 private:
  struct Slice {
    std::vector<std::string> endpoints;  // as many as there was room for
    size_t said = 0;                     // how many there are
  };
  void Put(const std::string& name, std::vector<std::string> endpoints);
  void Remove(const std::string& name);

  const bool hostnames_;
  std::string resource_version_;
  std::map<std::string, Slice> slices_;  // by name
  size_t kept_ = 0, said_ = 0;           // of all slices
};

}  // namespace tailrace
