// MappedArray: address space for `size` values, reserved at once and used only where touched; starts as zero bytes. For
// the tables whose greatest size is known at start. Move-only; freed by its owner.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace tailrace {

// Null where the system refuses.
void* MapZeroPages(size_t bytes);
void UnmapPages(void* address, size_t bytes);
// Touches whole pages without changing what they hold. Where the kernel cannot (before Linux 5.14), nothing happens and
// the pages come when they are used.
void PopulatePages(void* address, size_t bytes);

template <typename T>
class MappedArray {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  MappedArray() = default;
  explicit MappedArray(size_t size)
      : data_(size == 0 ? nullptr : static_cast<T*>(MapZeroPages(size * sizeof(T)))),
        size_(data_ == nullptr ? 0 : size) {}
  MappedArray(MappedArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedArray& operator=(MappedArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~MappedArray() {
    if (data_ != nullptr) UnmapPages(data_, size_ * sizeof(T));
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  // 0 where the system refused the memory.
  size_t size() const { return size_; }
  T& operator[](size_t at) { return data_[at]; }
  const T& operator[](size_t at) const { return data_[at]; }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace tailrace
