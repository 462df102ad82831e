#include "collector/exporters/balancing/endpoint_slices.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tailrace {
namespace {

using Element = simdjson::dom::element;

// Empty where there is none.
std::string Text(const Element& object, std::initializer_list<const char*> path) {
  Element at = object;
  for (const char* key : path) {
    if (at[key].get(at) != simdjson::SUCCESS) return {};
  }
  std::string_view text;
  return at.get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

// One that does not say is ready.
bool IsReady(const Element& endpoint) {
  bool ready = true;
  return endpoint["conditions"]["ready"].get(ready) != simdjson::SUCCESS || ready;
}

std::vector<std::string> EndpointsOf(const Element& slice, bool hostnames) {
  std::vector<std::string> found;
  simdjson::dom::array endpoints;
  if (slice["endpoints"].get(endpoints) != simdjson::SUCCESS) return found;
  for (const Element& endpoint : endpoints) {
    if (!IsReady(endpoint)) continue;
    if (hostnames) {
      if (std::string name = Text(endpoint, {"hostname"}); !name.empty()) found.push_back(std::move(name));
      continue;
    }
    simdjson::dom::array addresses;
    if (endpoint["addresses"].get(addresses) != simdjson::SUCCESS) continue;
    for (const Element& address : addresses) {
      std::string_view text;
      if (address.get(text) == simdjson::SUCCESS && !text.empty()) found.emplace_back(text);
    }
  }
  return found;
}

absl::Status NotUnderstood(std::string_view json) {
  constexpr size_t kShown = 100;
  const std::string_view shown = json.substr(0, kShown);
  return absl::InvalidArgumentError(absl::StrCat("the API server's answer is not understood: ",
                                                 absl::string_view(shown.data(), shown.size())));
}

}  // namespace

absl::Status EndpointSlices::ReadList(std::string_view json, bool first, std::string* next) {
  simdjson::dom::parser parser;
  Element list;
  simdjson::dom::array items;
  if (parser.parse(json.data(), json.size()).get(list) != simdjson::SUCCESS) return NotUnderstood(json);
  if (Text(list, {"kind"}) != "EndpointSliceList") return NotUnderstood(json);
  const bool has_items = list["items"].get(items) == simdjson::SUCCESS;  // null where there are none
  if (first) {
    slices_.clear();
    kept_ = said_ = 0;
  }
  if (has_items) {
    for (const Element& slice : items) Put(Text(slice, {"metadata", "name"}), EndpointsOf(slice, hostnames_));
  }
  resource_version_ = Text(list, {"metadata", "resourceVersion"});
  *next = Text(list, {"metadata", "continue"});
  return absl::OkStatus();
}

absl::Status EndpointSlices::ReadEvent(std::string_view json) {
  simdjson::dom::parser parser;
  Element event;
  Element object;
  if (parser.parse(json.data(), json.size()).get(event) != simdjson::SUCCESS) return NotUnderstood(json);
  if (event["object"].get(object) != simdjson::SUCCESS) return NotUnderstood(json);
  const std::string type = Text(event, {"type"});
  if (type == "ERROR") {
    int64_t code = 0;
    if (object["code"].get(code) == simdjson::SUCCESS && code == 410) return absl::OutOfRangeError("410 Gone");
    return absl::InvalidArgumentError(absl::StrCat("the API server ends the watch: ", Text(object, {"message"})));
  }
  if (type == "ADDED" || type == "MODIFIED") {
    Put(Text(object, {"metadata", "name"}), EndpointsOf(object, hostnames_));
  } else if (type == "DELETED") {
    Remove(Text(object, {"metadata", "name"}));
  } else if (type != "BOOKMARK") {
    return NotUnderstood(json);
  }
  if (std::string version = Text(object, {"metadata", "resourceVersion"}); !version.empty()) {
    resource_version_ = std::move(version);
  }
  return absl::OkStatus();
}

void EndpointSlices::Put(const std::string& name, std::vector<std::string> endpoints) {
  Remove(name);
  const size_t said = endpoints.size();
  endpoints.resize(std::min(said, kEndpointsMax - kept_));
  kept_ += endpoints.size();
  said_ += said;
  slices_[name] = {std::move(endpoints), said};
}

void EndpointSlices::Remove(const std::string& name) {
  const auto entry = slices_.find(name);
  if (entry == slices_.end()) return;
  kept_ -= entry->second.endpoints.size();
  said_ -= entry->second.said;
  slices_.erase(entry);
}

std::vector<std::string> EndpointSlices::Endpoints() const {
  std::vector<std::string> all;
  for (const auto& [name, slice] : slices_) all.insert(all.end(), slice.endpoints.begin(), slice.endpoints.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace tailrace
