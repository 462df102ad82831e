// A receiver's buffer with a request in it.
#pragma once

#include <string_view>

#include "base/buffer.h"

namespace tailrace::testing {

// On the pool's thread.
inline BufferRef FilledBuffer(BufferPool& pool, std::string_view bytes) {
  const BufferRef buffer = pool.Allocate(bytes.size());
  buffer->Append(bytes);
  return buffer;
}

}  // namespace tailrace::testing
