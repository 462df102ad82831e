// A receiver's buffer with a request in it.
#pragma once

#include <cstring>
#include <string_view>

#include "base/buffer.h"

namespace tailrace::testing {

// On the pool's thread.
inline BufferRef FilledBuffer(BufferPool& pool, std::string_view bytes) {
  const BufferRef buffer = pool.Allocate(bytes.size());
  std::memcpy(buffer->data(), bytes.data(), bytes.size());
  buffer->set_size(bytes.size());
  return buffer;
}

}  // namespace tailrace::testing
