#include "collector/load/match_finder.h"

#include <algorithm>

namespace tailrace {
namespace {

constexpr uint32_t kChainMax = 48;
constexpr uint32_t kNone = UINT32_MAX;

// A byte, and above it which byte of which field's value it is (0: of none): what is compared instead of bytes.
using Symbol = uint64_t;

std::vector<Symbol> TagFields(std::string_view text, const std::vector<PatchField>& fields) {
  std::vector<Symbol> symbols;
  for (char c : text) symbols.push_back(static_cast<uint8_t>(c));
  for (const PatchField& field : fields) {
    for (Symbol i = 0; i < 16; ++i) symbols[field.offset + i] |= (Symbol{field.value} * 16 + i + 1) << 8;
  }
  return symbols;
}

MatchToken Literal(Symbol symbol) {
  const Symbol tag = symbol >> 8;
  MatchToken token{.literal = static_cast<uint8_t>(symbol)};
  if (tag > 0) {
    token.in_field = true;
    token.byte = static_cast<uint8_t>((tag - 1) % 16);
    token.value = static_cast<uint32_t>((tag - 1) / 16);
  }
  return token;
}

// Chains of earlier positions that begin with the same symbols, newest first.
class Chains {
 public:
  explicit Chains(const std::vector<Symbol>& symbols)
      : symbols_(symbols), heads_(1 << 15, kNone), previous_(symbols.size(), kNone) {}

  void Insert(size_t at) {
    if (at + kMatchMin > symbols_.size()) return;
    uint32_t& head = heads_[Hash(at)];
    previous_[at] = head;
    head = static_cast<uint32_t>(at);
  }

  // The longest match for `at`, of which no more than `left` symbols are wanted; length 0 where there is none.
  MatchToken Longest(size_t at, size_t left, uint32_t distance_max) const {
    MatchToken best;
    if (left < kMatchMin) return best;
    uint32_t from = heads_[Hash(at)];
    for (uint32_t tries = 0; from != kNone && at - from <= distance_max && tries < kChainMax; ++tries) {
      uint32_t length = 0;
      while (length < left && symbols_[from + length] == symbols_[at + length]) ++length;
      if (length > best.length) best = {.length = length, .distance = static_cast<uint32_t>(at - from)};
      from = previous_[from];
    }
    return best.length < kMatchMin ? MatchToken{} : best;
  }

 private:
  size_t Hash(size_t at) const {
    uint64_t hash = 0;
    for (size_t i = 0; i < kMatchMin; ++i) hash = (hash ^ symbols_[at + i]) * 0x9E3779B97F4A7C15;
    return static_cast<size_t>(hash >> 49);
  }

  const std::vector<Symbol>& symbols_;
  std::vector<uint32_t> heads_, previous_;
};

}  // namespace

std::vector<MatchToken> FindMatches(std::string_view text, const std::vector<PatchField>& fields, uint32_t length_max,
                                    uint32_t distance_max) {
  const std::vector<Symbol> symbols = TagFields(text, fields);
  Chains chains(symbols);
  std::vector<MatchToken> tokens;
  for (size_t at = 0; at < symbols.size();) {
    MatchToken token = chains.Longest(at, std::min<size_t>(symbols.size() - at, length_max), distance_max);
    if (token.length == 0) token = Literal(symbols[at]);
    tokens.push_back(token);
    for (size_t end = at + std::max<size_t>(1, token.length); at < end; ++at) chains.Insert(at);
  }
  return tokens;
}

}  // namespace tailrace
