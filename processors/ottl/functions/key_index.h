// KeyIndex: where each key of a map that is being made stands, so that one that comes again is found however many there
// are. Lives as long as the call; the keys must outlive it.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace tailrace::ottl {

class KeyIndex {
 public:
  // The place of `key`: a known one, or `next` for a new one.
  uint32_t Place(std::string_view key, uint32_t next) { return places_.try_emplace(key, next).first->second; }

 private:
  absl::flat_hash_map<std::string_view, uint32_t> places_;
};

}  // namespace tailrace::ottl
