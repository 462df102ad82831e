// AttributeKeys: the attribute keys that the configured policies ask for, each with a small number; and AttributeSlots:
// the values that one message has for them, found in one walk over its attributes.
//
// Keys are added while policies are built; after that the set is immutable. Slots are single-writer.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/text_set.h"
#include "proto/any_value.h"

namespace tailrace {

using AttributeKeys = TextSet;

class AttributeSlots {
 public:
  explicit AttributeSlots(const AttributeKeys* keys) : keys_(keys) {}

  void Clear() {
    ++epoch_;
    if (slots_.size() < keys_->size()) slots_.resize(keys_->size());
  }
  // One KeyValue message. Where a key comes twice, the first one counts.
  void Add(std::string_view key_value) {
    const KeyValue pair = ReadKeyValue(key_value);
    const uint32_t key = keys_->Find(pair.key);
    if (key == AttributeKeys::kNone || slots_[key].epoch == epoch_) return;
    slots_[key] = {pair.value.data(), static_cast<uint32_t>(pair.value.size()), epoch_};
  }
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
