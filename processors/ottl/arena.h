// Arena: the memory of one evaluation: text, lists and maps that functions make. Bounded: a condition that would need
// more fails with an error instead. Memory is kept from one evaluation to the next; single-writer.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tailrace::ottl {

class Arena {
 public:
  static constexpr size_t kDefaultBytesMax = size_t{64} << 20;

  explicit Arena(size_t bytes_max = kDefaultBytesMax) : bytes_max_(bytes_max) {}

  // Null where the bound is met. Aligned for any of our values; not initialised.
  char* Allocate(size_t bytes) {
    bytes = (bytes + 15) & ~size_t{15};
    if (bytes > left_ && !Refill(bytes)) return nullptr;
    char* at = at_;
    at_ += bytes;
    left_ -= bytes;
    return at;
  }
  // Null where the bound is met; value-initialised.
  template <typename T>
  T* New(size_t count = 1) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count > bytes_max_ / sizeof(T)) return nullptr;
    char* at = Allocate(count * sizeof(T));
    if (at == nullptr) return nullptr;
    T* values = reinterpret_cast<T*>(at);
    for (size_t i = 0; i < count; ++i) new (values + i) T();
    return values;
  }
  // A copy of `text`; null data where the bound is met.
  std::string_view Copy(std::string_view text) {
    char* at = Allocate(text.size() == 0 ? 1 : text.size());
    if (at == nullptr) return {};
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }

  // Forgets everything; the first chunk stays for the next evaluation.
  void Clear();

 private:
  bool Refill(size_t bytes);

  struct Chunk {
    std::unique_ptr<char[]> data;
    size_t size;
  };
  std::vector<Chunk> chunks_;
  char* at_ = nullptr;
  size_t left_ = 0;
  size_t taken_ = 0;  // bytes of all chunks
  size_t bytes_max_;
};

}  // namespace tailrace::ottl
