// AttributeKeys: the attribute keys that the configured policies ask for, each with a small number; and AttributeSlots:
// the values that one message has for them, found in one walk over its attributes.
//
// Keys are added while policies are built; after that the set is immutable. Slots are single-writer.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace tailrace {

class AttributeKeys {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // The key's number; the same for the same key.
  uint32_t Add(std::string_view key);
  // kNone for keys that nobody asked for.
  uint32_t Find(std::string_view key) const {
    if ((lengths_ & LengthBit(key.size())) == 0) return kNone;
    return FindHashed(key);
  }
  uint32_t size() const { return static_cast<uint32_t>(keys_.size()); }

 private:
  static uint64_t LengthBit(size_t size) { return uint64_t{1} << (size < 63 ? size : 63); }
  static uint64_t HashOf(std::string_view key);
  uint32_t FindHashed(std::string_view key) const;
  void Grow();

  std::vector<std::string> keys_;
  uint64_t lengths_ = 0;         // bit n: some key has n bytes (63: or more)
  std::vector<uint32_t> table_;  // a power of two, at most a quarter full; kNone: empty
};

class AttributeSlots {
 public:
  explicit AttributeSlots(const AttributeKeys* keys) : keys_(keys) {}

  void Clear() {
    ++epoch_;
    if (slots_.size() < keys_->size()) slots_.resize(keys_->size());
  }
  // One KeyValue message. Where a key comes twice, the first one counts.
  void Add(std::string_view key_value);
  // The value as an AnyValue message; null data where the key is missing.
  std::string_view Get(uint32_t key) const {
    const Slot& slot = slots_[key];
    return slot.epoch == epoch_ ? std::string_view(slot.data, slot.size) : std::string_view();
  }

 private:
  struct Slot {
    const char* data = nullptr;
    uint32_t size = 0;
    uint32_t epoch = 0;
  };

  const AttributeKeys* keys_;
  std::vector<Slot> slots_;
  uint32_t epoch_ = 0;
};

}  // namespace tailrace
