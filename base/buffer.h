// Buffer: a received body, written once and then only read, counted by the references to it.
// BufferPool: where a shard's buffers come from and go back to, so that a request costs no malloc and no page fault.
//
// Ownership: single-writer. A pool, its buffers and every BufferRef to them belong to one thread. Another shard may
// *read* the bytes while the owner keeps a reference (see collector/shard/hand_over.h); it never touches the count.
//
// Invariants:
//  1. bytes_in_use() is the sum of the capacities of all live buffers of the pool and never exceeds bytes_max().
//  2. A BufferRef never outlives its pool.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace tailrace {

class BufferPool;

class Buffer {
 public:
  char* data() { return reinterpret_cast<char*>(this + 1); }
  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  // `size` is at most capacity(). Only before the buffer is shared.
  void set_size(size_t size) { size_ = size; }
  // Behind what is there; capacity() has room for it. Only before the buffer is shared.
  void Append(std::string_view bytes);
  std::string_view view() const { return {data(), size_}; }

 private:
  friend class BufferPool;
  friend class BufferRef;
  BufferPool* pool_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
  uint32_t references_ = 0;
  uint32_t size_class_ = 0;
};

class BufferRef {
 public:
  BufferRef() = default;
  BufferRef(const BufferRef& other) : buffer_(other.buffer_) {
    if (buffer_ != nullptr) ++buffer_->references_;
  }
  BufferRef(BufferRef&& other) noexcept : buffer_(std::exchange(other.buffer_, nullptr)) {}
  BufferRef& operator=(BufferRef other) noexcept {
    std::swap(buffer_, other.buffer_);
    return *this;
  }
  ~BufferRef() { reset(); }

  void reset();
  explicit operator bool() const { return buffer_ != nullptr; }
  Buffer* operator->() const { return buffer_; }
  Buffer& operator*() const { return *buffer_; }

 private:
  friend class BufferPool;
  explicit BufferRef(Buffer* buffer) : buffer_(buffer) { buffer_->references_ = 1; }
  Buffer* buffer_ = nullptr;
};

class BufferPool {
 public:
  // At most `bytes_max` bytes are there at any time, handed out or kept; of what comes back up to `bytes_kept` are kept
  // for reuse.
  explicit BufferPool(size_t bytes_max, size_t bytes_kept = size_t{64} << 20);
  ~BufferPool();
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  // A buffer of at least `capacity` bytes and of size 0; an empty reference where bytes_max() would be passed (the
  // caller then answers 'overloaded').
  [[nodiscard]] BufferRef Allocate(size_t capacity);

  // Asked where bytes_max() would be passed: gives some buffer back; false where it has none. Null: nobody is asked.
  void SetReclaimer(std::function<bool()> reclaimer) { reclaimer_ = std::move(reclaimer); }

  size_t bytes_in_use() const { return bytes_in_use_; }
  size_t bytes_max() const { return bytes_max_; }

 private:
  friend class BufferRef;
  void Release(Buffer* buffer);
  void FreeKept(size_t bytes);

  static constexpr uint32_t kSmallestClassBits = 10;  // 1 KiB
  static constexpr uint32_t kClasses = 24;            // up to 8 GiB
  static uint32_t ClassOf(size_t capacity);
  static size_t ClassBytes(uint32_t size_class);

  size_t bytes_max_;
  size_t bytes_kept_max_;
  size_t bytes_in_use_ = 0;
  size_t bytes_kept_ = 0;
  std::function<bool()> reclaimer_;
  std::array<std::vector<Buffer*>, kClasses> kept_;
};

}  // namespace tailrace
