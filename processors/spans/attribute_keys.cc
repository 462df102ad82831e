#include "processors/spans/attribute_keys.h"

#include "proto/any_value.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

uint64_t Load(const char* from, size_t size) {
  uint64_t word = 0;
  std::memcpy(&word, from, size);
  return word;
}

}  // namespace

// The first and the last eight bytes and the length: enough to tell configured keys apart, and any other key is
// compared before it is believed.
uint64_t AttributeKeys::HashOf(std::string_view key) {
  constexpr uint64_t kMix = 0x9E37'79B9'7F4A'7C15;
  const size_t size = key.size();
  uint64_t first = 0, last = 0;
  if (size >= 8) {
    first = Load(key.data(), 8);
    last = Load(key.data() + size - 8, 8);
  } else if (size >= 4) {
    first = Load(key.data(), 4);
    last = Load(key.data() + size - 4, 4);
  } else {
    for (const char c : key) first = first << 8 | static_cast<uint8_t>(c);
  }
  const uint64_t mixed = (first ^ (last << 1 | last >> 63) ^ size) * kMix;
  return mixed >> 32;
}

uint32_t AttributeKeys::FindHashed(std::string_view key) const {
  const size_t mask = table_.size() - 1;
  for (size_t at = HashOf(key) & mask; table_[at] != kNone; at = (at + 1) & mask) {
    if (keys_[table_[at]] == key) return table_[at];
  }
  return kNone;
}

uint32_t AttributeKeys::Add(std::string_view key) {
  if (const uint32_t known = Find(key); known != kNone) return known;
  const uint32_t number = size();
  keys_.emplace_back(key);
  lengths_ |= LengthBit(key.size());
  Grow();
  return number;
}

void AttributeKeys::Grow() {
  const bool larger = keys_.size() * 4 > table_.size();
  if (larger) table_.assign(table_.empty() ? 16 : table_.size() * 2, kNone);
  const size_t mask = table_.size() - 1;
  for (uint32_t key = larger ? 0 : size() - 1; key < size(); ++key) {
    size_t at = HashOf(keys_[key]) & mask;
    while (table_[at] != kNone) at = (at + 1) & mask;
    table_[at] = key;
  }
}

void AttributeSlots::Add(std::string_view key_value) {
  const KeyValue pair = ReadKeyValue(key_value);
  const uint32_t key = keys_->Find(pair.key);
  if (key == AttributeKeys::kNone || slots_[key].epoch == epoch_) return;
  slots_[key] = {pair.value.data(), static_cast<uint32_t>(pair.value.size()), epoch_};
}

}  // namespace tailrace
