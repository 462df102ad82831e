// HeaderStore: every distinct (resource, scope) header of the waiting spans, stored once for each shard and pipeline.
// Spans refer to it by a small number.
//
// Single-writer. There are no reference counts, because dropping a trace must not walk over its spans. Instead: a
// header that was last used before the oldest waiting trace began can have no span left, so Sweep() may take it away.
//
// Invariants: ids of live headers are stable; bytes() is what all live headers hold and is bounded by the caller
// (ShardSampler decides traces early until it is).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "collector/baselines/estimate_table.h"

namespace tailrace {

class HeaderStore {
 public:
  // Wire bytes with their tags; see ScopeHeader.
  struct Header {
    std::string bytes;  // resource, then scope
    uint32_t resource_size = 0;
    int64_t last_used_ns = 0;
    uint64_t key = 0;
    uint16_t service = 0;             // its place in ServiceShares
    uint16_t estimate_row = 0;        // of the service in an EstimateTable
    uint32_t estimate_row_as_of = 0;  // one more than its generation then; 0: not asked yet
    std::string_view resource() const { return std::string_view(bytes).substr(0, resource_size); }
    std::string_view scope() const { return std::string_view(bytes).substr(resource_size); }
  };

  // `service_key` keys the hash by which services find their places, so that nobody can choose whom to meet there.
  explicit HeaderStore(uint64_t service_key = 0) : service_key_(service_key) {}

  // The id of this header, new or known. `now_ns` never goes back.
  uint32_t Intern(std::string_view resource, std::string_view scope, int64_t now_ns);
  const Header& Get(uint32_t id) const { return headers_[id]; }
  // The row of the header's service in the table, always the same one.
  uint32_t RowIn(EstimateTable* table, uint32_t id);

  // Forgets headers last used before `oldest_ns`, the arrival of the oldest trace that still waits.
  void Sweep(int64_t oldest_ns);

  uint64_t bytes() const { return bytes_; }
  size_t size() const { return index_.size(); }

 private:
  static constexpr uint64_t kOverhead = sizeof(Header) + 32;  // with its place in the index

  const uint64_t service_key_;
  std::vector<Header> headers_;
  std::vector<uint32_t> free_;
  absl::flat_hash_map<uint64_t, uint32_t> index_;  // hash of the bytes, or the next key that was free
  uint64_t bytes_ = 0;
};

}  // namespace tailrace
