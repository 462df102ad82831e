#include "base/buffer.h"

#include <bit>
#include <cstdlib>
#include <new>

#include "base/line_copy.h"

namespace tailrace {

void Buffer::Append(std::string_view bytes) {
  BulkCopy(data() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

void BufferRef::reset() {
  Buffer* buffer = std::exchange(buffer_, nullptr);
  if (buffer != nullptr && --buffer->references_ == 0) buffer->pool_->Release(buffer);
}

BufferPool::BufferPool(size_t bytes_max, size_t bytes_kept) : bytes_max_(bytes_max), bytes_kept_max_(bytes_kept) {}

BufferPool::~BufferPool() {
  for (std::vector<Buffer*>& list : kept_) {
    for (Buffer* buffer : list) std::free(buffer);
  }
}

uint32_t BufferPool::ClassOf(size_t capacity) {
  if (capacity <= (size_t{1} << kSmallestClassBits)) return 0;
  return static_cast<uint32_t>(std::bit_width(capacity - 1)) - kSmallestClassBits;
}

size_t BufferPool::ClassBytes(uint32_t size_class) { return size_t{1} << (kSmallestClassBits + size_class); }

BufferRef BufferPool::Allocate(size_t capacity) {
  const uint32_t size_class = ClassOf(capacity);
  if (size_class >= kClasses) return {};
  const size_t bytes = ClassBytes(size_class);
  if (bytes > bytes_max_) return {};
  while (bytes > bytes_max_ - bytes_in_use_) {
    if (reclaimer_ == nullptr || !reclaimer_()) return {};
  }
  std::vector<Buffer*>& list = kept_[size_class];
  Buffer* buffer;
  if (!list.empty()) {
    buffer = list.back();
    list.pop_back();
    bytes_kept_ -= bytes;
  } else {
    FreeKept(bytes);
    void* memory = std::malloc(sizeof(Buffer) + bytes);
    if (memory == nullptr) return {};
    buffer = new (memory) Buffer;
    buffer->pool_ = this;
    buffer->capacity_ = bytes;
    buffer->size_class_ = size_class;
  }
  bytes_in_use_ += bytes;
  buffer->size_ = 0;
  return BufferRef(buffer);
}

// So that there is room for `bytes` more.
void BufferPool::FreeKept(size_t bytes) {
  for (uint32_t size_class = kClasses; size_class-- > 0;) {
    std::vector<Buffer*>& list = kept_[size_class];
    while (!list.empty() && bytes_in_use_ + bytes_kept_ + bytes > bytes_max_) {
      std::free(list.back());
      list.pop_back();
      bytes_kept_ -= ClassBytes(size_class);
    }
  }
}

void BufferPool::Release(Buffer* buffer) {
  bytes_in_use_ -= buffer->capacity_;
  if (bytes_kept_ + buffer->capacity_ > bytes_kept_max_) {
    std::free(buffer);
    return;
  }
  bytes_kept_ += buffer->capacity_;
  kept_[buffer->size_class_].push_back(buffer);
}

}  // namespace tailrace
