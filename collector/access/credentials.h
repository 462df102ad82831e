// Credentials: the header fields of one request that may carry them. A value, reused from request to request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tailrace {

struct Credentials {
  std::string value;  // of the first
  uint32_t count = 0;

  void Add(std::string_view field) {
    if (count++ == 0) value.assign(field);
  }
  void Reset() {
    value.clear();
    count = 0;
  }
};

}  // namespace tailrace
