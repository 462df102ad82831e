// ByteRing: texts one behind the other in a fixed range of memory, the oldest overwritten first. A text is never cut in
// two: where it does not fit before the end, it begins at the front again.
//
// Single-writer. Places are positions in an endless stream of bytes, so whether a text is still whole is one
// comparison, and no entry needs to be told that it is gone.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/line_copy.h"
#include "base/mapped_array.h"

namespace tailrace {

class ByteRing {
 public:
  // Address space is taken now and memory as it is written.
  explicit ByteRing(uint64_t bytes) : data_(bytes) {}

  uint64_t capacity() const { return data_.size(); }

  // The text's place. `text` is not larger than capacity().
  uint64_t Add(std::string_view text) {
    if (offset_ + text.size() > capacity()) {
      written_ += capacity() - offset_;
      offset_ = 0;
    }
    const uint64_t place = written_;
    BulkCopy(data_.data() + offset_, text.data(), text.size());
    written_ += text.size();
    offset_ += text.size();
    return place;
  }

  // Null data where it has been overwritten. `place` and `bytes` are those of an Add().
  std::string_view Get(uint64_t place, uint32_t bytes) const {
    if (capacity() == 0 || written_ - place > capacity()) return {};
    return {data_.data() + place % capacity(), bytes};
  }

 private:
  MappedArray<char> data_;
  uint64_t written_ = 0;  // bytes ever, with those left free at the end
  uint64_t offset_ = 0;   // written_ modulo capacity()
};

}  // namespace tailrace
