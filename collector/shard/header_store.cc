#include "collector/shard/header_store.h"

#include "base/hash.h"
#include "collector/shard/service_shares.h"
#include "proto/service_name.h"

namespace tailrace {

uint32_t HeaderStore::Intern(std::string_view resource, std::string_view scope, int64_t now_ns) {
  uint64_t key = HashBytes(scope, HashBytes(resource, resource.size()));
  // Two headers with one hash stand at neighbouring keys. When one of them goes first, the other may be stored a second
  // time, which costs its bytes and nothing else.
  for (auto at = index_.find(key); at != index_.end(); at = index_.find(++key)) {
    Header& known = headers_[at->second];
    if (known.resource() == resource && known.scope() == scope) {
      known.last_used_ns = now_ns;
      return at->second;
    }
  }
  uint32_t id;
  if (free_.empty()) {
    id = static_cast<uint32_t>(headers_.size());
    headers_.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
  }
  Header& header = headers_[id];
  header.bytes.reserve(resource.size() + scope.size());
  header.bytes.append(resource).append(scope);
  header.resource_size = static_cast<uint32_t>(resource.size());
  header.last_used_ns = now_ns;
  header.key = key;
  header.service = ServiceShares::PlaceOf(HashBytes(ServiceNameOf(resource), service_key_));
  index_.emplace(key, id);
  bytes_ += header.bytes.size() + kOverhead;
  return id;
}

uint32_t HeaderStore::RowIn(EstimateTable* table, uint32_t id) {
  Header& header = headers_[id];
  const auto now = static_cast<uint32_t>(table->generation() + 1);
  if (header.estimate_row_as_of != now) {
    header.estimate_row = static_cast<uint16_t>(table->RowOf(ServiceNameOf(header.resource())));
    header.estimate_row_as_of = now;
  }
  return header.estimate_row;
}

void HeaderStore::Sweep(int64_t oldest_ns) {
  for (uint32_t id = 0; id < headers_.size(); ++id) {
    Header& header = headers_[id];
    if (header.last_used_ns == 0 || header.last_used_ns >= oldest_ns) continue;
    bytes_ -= header.bytes.size() + kOverhead;
    index_.erase(header.key);
    header = Header();
    free_.push_back(id);
  }
}

}  // namespace tailrace
