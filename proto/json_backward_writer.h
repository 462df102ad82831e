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

#include "proto/json_short_bytes.h"

namespace tailrace {

inline constexpr size_t kVarintBytesMax = 10;

// Where the first byte written stands, for those who have made room: nothing is checked, and the place is theirs, so
// that it stays in a register.
class BackwardCursor {
 public:
  explicit BackwardCursor(char* at) : at_(at) {}

  char* at() const { return at_; }
  char* Take(size_t size) { return at_ -= size; }

  void Varint(uint64_t value) {
    if (value < 0x80) [[likely]] {
      *--at_ = static_cast<char>(value);
      return;
    }
    size_t size = 1;
    for (uint64_t rest = value >> 7; rest != 0; rest >>= 7) ++size;
    at_ -= size;
    size_t i = 0;
    for (; value >= 0x80; value >>= 7) at_[i++] = static_cast<char>(value | 0x80);
    at_[i] = static_cast<char>(value);
  }
  void Tag(uint32_t tag) { Varint(tag); }
  void Fixed64(uint64_t value) { std::memcpy(Take(sizeof(value)), &value, sizeof(value)); }
  void Fixed32(uint32_t value) { std::memcpy(Take(sizeof(value)), &value, sizeof(value)); }
  void Raw(std::string_view bytes) { otlp_json::CopyBytes(Take(bytes.size()), bytes); }

 private:
  char* at_;
};

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

  // A cursor with room for `size` bytes in front of what is there. What it writes counts once it is handed to Keep.
  BackwardCursor Room(size_t size) {
    if (static_cast<size_t>(at_ - bytes_.get()) < size) Grow(size);
    return BackwardCursor(at_);
  }
  void Keep(const BackwardCursor& cursor) { at_ = cursor.at(); }

  // `size` bytes in front of what is there, for the caller to fill.
  char* Take(size_t size) {
    Keep(BackwardCursor(Room(size).Take(size)));
    return at_;
  }

  void Varint(uint64_t value) {
    BackwardCursor cursor = Room(kVarintBytesMax);
    cursor.Varint(value);
    Keep(cursor);
  }
  void Length(size_t size) { Varint(size); }
  void Tag(uint32_t tag) { Varint(tag); }
  void Fixed64(uint64_t value) { std::memcpy(Take(sizeof(value)), &value, sizeof(value)); }
  void Fixed32(uint32_t value) { std::memcpy(Take(sizeof(value)), &value, sizeof(value)); }
  void Raw(std::string_view bytes) { otlp_json::CopyBytes(Take(bytes.size()), bytes); }

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
