// BackwardWriter: protobuf wire bytes written from the last to the first. A message's length is then known when its
// length is due: nothing is measured twice, moved or patched, however deep messages nest. Only for
// proto/json_reader.cc.
//
//   const size_t before = writer.size();
//   ... the message's fields, last one first ...
//   writer.Length(writer.size() - before);
//   writer.Tag(WireTag(2, kLengthDelimited));
//
// Ownership: single-writer. The bytes stay where they are until the next call that writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace tailrace {

class BackwardWriter {
 public:
  // Forgets what was written and makes room for `capacity` bytes; more is taken when needed.
  void Reset(size_t capacity) {
    if (capacity > capacity_) {
      bytes_.reset(new char[capacity]);
      capacity_ = capacity;
    }
    at_ = bytes_.get() + capacity_;
  }

  size_t size() const { return static_cast<size_t>(bytes_.get() + capacity_ - at_); }
  size_t capacity() const { return capacity_; }
  std::string_view view() const { return {at_, size()}; }

  // `size` bytes in front of what is there, for the caller to fill.
  char* Take(size_t size) {
    if (static_cast<size_t>(at_ - bytes_.get()) < size) Grow(size);
    return at_ -= size;
  }

  void Varint(uint64_t value) {
    if (value < 0x80) {
      *Take(1) = static_cast<char>(value);
      return;
    }
    char text[10];
    size_t size = 0;
    for (; value >= 0x80; value >>= 7) text[size++] = static_cast<char>(value | 0x80);
    text[size++] = static_cast<char>(value);
    std::memcpy(Take(size), text, size);
  }
  void Length(size_t size) { Varint(size); }
  void Tag(uint32_t tag) { Varint(tag); }
  void Fixed64(uint64_t value) { std::memcpy(Take(sizeof(value)), &value, sizeof(value)); }
  void Fixed32(uint32_t value) { std::memcpy(Take(sizeof(value)), &value, sizeof(value)); }
  void Raw(std::string_view bytes) {
    char* to = Take(bytes.size());
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
  }

 private:
  void Grow(size_t more) {
    const size_t used = size();
    const size_t capacity = 2 * capacity_ + more;
    std::unique_ptr<char[]> bytes(new char[capacity]);
    if (used != 0) std::memcpy(bytes.get() + capacity - used, at_, used);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
    at_ = bytes_.get() + capacity_ - used;
  }

  std::unique_ptr<char[]> bytes_;
  size_t capacity_ = 0;
  char* at_ = nullptr;  // the first byte written
};

}  // namespace tailrace
