#include "collector/load/patchable_gzip.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <queue>

namespace tailrace {
namespace {

constexpr uint32_t kEndOfBlock = 256, kSymbols = 286, kDistances = 30;
constexpr uint32_t kLiteralBits = 9;
constexpr uint32_t kMatchMax = 258, kDistanceMax = 32'768;

// RFC 1951, 3.2.5: first length and distance of each code, and how many extra bits follow it.
constexpr std::array<uint16_t, 29> kLengthBase = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                                  31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr std::array<uint8_t, 29> kLengthExtra = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                  2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr std::array<uint16_t, 30> kDistanceBase = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                                    33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                                    1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
uint32_t DistanceExtra(uint32_t code) { return code < 4 ? 0 : code / 2 - 1; }

template <typename Table>
uint32_t CodeOf(const Table& bases, uint32_t value) {
  return static_cast<uint32_t>(std::upper_bound(bases.begin(), bases.end(), value) - bases.begin()) - 1;
}

// Lengths of a Huffman code for the counts, none above `bits_max`; 0 where the count is 0. One lone symbol gets
// `lone_bits`.
std::vector<uint8_t> HuffmanLengths(std::vector<uint32_t> counts, uint8_t bits_max, uint8_t lone_bits) {
  std::vector<uint8_t> lengths(counts.size());
  for (;; std::for_each(counts.begin(), counts.end(), [](uint32_t& c) { c = c == 0 ? 0 : c / 2 + 1; })) {
    struct Node {
      uint64_t count;
      std::vector<size_t> symbols;
      bool operator<(const Node& other) const { return count > other.count; }
    };
    std::priority_queue<Node> nodes;
    for (size_t i = 0; i < counts.size(); ++i) {
      lengths[i] = 0;
      if (counts[i] > 0) nodes.push({counts[i], {i}});
    }
    if (nodes.size() == 1) lengths[nodes.top().symbols[0]] = lone_bits;
    while (nodes.size() > 1) {
      Node a = nodes.top();
      nodes.pop();
      const Node b = nodes.top();
      nodes.pop();
      a.count += b.count;
      a.symbols.insert(a.symbols.end(), b.symbols.begin(), b.symbols.end());
      for (size_t symbol : a.symbols) ++lengths[symbol];
      nodes.push(std::move(a));
    }
    if (*std::max_element(lengths.begin(), lengths.end()) <= bits_max) return lengths;
  }
}

// RFC 1951, 3.2.2; bits turned round, for codes are written high bit first into a stream that is filled low bit first.
std::vector<uint16_t> CanonicalCodes(const std::vector<uint8_t>& lengths) {
  std::array<uint32_t, 16> counts{}, first{};
  for (uint8_t length : lengths) ++counts[length];
  counts[0] = 0;
  for (size_t bits = 1; bits < first.size(); ++bits) first[bits] = (first[bits - 1] + counts[bits - 1]) << 1;
  std::vector<uint16_t> codes(lengths.size());
  for (size_t i = 0; i < lengths.size(); ++i) {
    uint32_t code = lengths[i] == 0 ? 0 : first[lengths[i]]++;
    for (uint8_t bit = 0; bit < lengths[i]; ++bit, code >>= 1)
      codes[i] = static_cast<uint16_t>(codes[i] << 1 | (code & 1));
  }
  return codes;
}

class BitWriter {
 public:
  explicit BitWriter(std::string* out) : out_(out) {}
  void Write(uint32_t bits, uint32_t count) {
    held_ |= uint64_t{bits} << held_count_;
    for (held_count_ += count; held_count_ >= 8; held_count_ -= 8, held_ >>= 8)
      out_->push_back(static_cast<char>(held_));
  }
  void Flush() {
    if (held_count_ > 0) Write(0, 8 - held_count_);
  }
  uint32_t position() const { return static_cast<uint32_t>(out_->size() * 8 + held_count_); }

 private:
  std::string* out_;
  uint64_t held_ = 0;
  uint32_t held_count_ = 0;
};

// The block's header (3.2.7). The code lengths' own code: 4 bits for lengths 0 to 14, 5 bits for 15 and for 16, 'repeat
// 3 to 6 times'.
void WriteCodeLengths(const std::vector<uint8_t>& symbol_bits, const std::vector<uint8_t>& distance_bits,
                      BitWriter* out) {
  constexpr std::array<uint8_t, 19> kOrder = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  std::vector<uint8_t> bits(19, 4);
  bits[15] = bits[16] = 5;
  bits[17] = bits[18] = 0;
  const std::vector<uint16_t> codes = CanonicalCodes(bits);
  out->Write(kSymbols - 257, 5);
  out->Write(kDistances - 1, 5);
  out->Write(19 - 4, 4);
  for (uint8_t symbol : kOrder) out->Write(bits[symbol], 3);
  std::vector<uint8_t> lengths = symbol_bits;
  lengths.insert(lengths.end(), distance_bits.begin(), distance_bits.end());
  for (size_t i = 0; i < lengths.size();) {
    size_t same = 1;
    while (i + same < lengths.size() && lengths[i + same] == lengths[i]) ++same;
    out->Write(codes[lengths[i]], bits[lengths[i]]);
    for (--same, ++i; same >= 3;) {
      const size_t repeat = std::min<size_t>(same, 6);
      out->Write(codes[16], bits[16]);
      out->Write(static_cast<uint32_t>(repeat - 3), 2);
      same -= repeat;
      i += repeat;
    }
  }
}

}  // namespace

PatchableGzip::PatchableGzip(std::string_view plain, const std::vector<PatchField>& fields) {
  const std::vector<MatchToken> tokens = FindMatches(plain, fields, kMatchMax, kDistanceMax);

  std::vector<uint32_t> symbol_counts(kSymbols - kEndOfBlock), distance_counts(kDistances);
  symbol_counts[0] = 1;
  for (const MatchToken& token : tokens) {
    if (token.length == 0) continue;
    ++symbol_counts[1 + CodeOf(kLengthBase, token.length)];
    ++distance_counts[CodeOf(kDistanceBase, token.distance)];
  }
  // Half of the code space for the literals, the other half, one bit down, for the end of the block and the match
  // lengths.
  std::vector<uint8_t> symbol_bits(kEndOfBlock, kLiteralBits);
  for (uint8_t bits : HuffmanLengths(symbol_counts, 14, 0)) symbol_bits.push_back(bits);
  for (uint32_t i = kEndOfBlock; i < kSymbols; ++i) {
    if (symbol_counts[i - kEndOfBlock] > 0) ++symbol_bits[i];
  }
  const std::vector<uint8_t> distance_bits = HuffmanLengths(distance_counts, 15, 1);
  const std::vector<uint16_t> symbol_codes = CanonicalCodes(symbol_bits),
                              distance_codes = CanonicalCodes(distance_bits);
  std::copy_n(symbol_codes.begin(), codes_.size(), codes_.begin());

  bytes_.assign("\x1F\x8B\x08\0\0\0\0\0\0\xFF", 10);  // RFC 1952: deflate, no flags, no time, unknown system
  BitWriter out(&bytes_);
  out.Write(1 | 2 << 1, 3);  // final block, own Huffman codes
  WriteCodeLengths(symbol_bits, distance_bits, &out);
  for (const MatchToken& token : tokens) {
    if (token.length == 0) {
      if (token.in_field) literals_.push_back({.bit = out.position(), .value = token.value, .byte = token.byte});
      out.Write(codes_[token.literal], kLiteralBits);
      continue;
    }
    const uint32_t length = CodeOf(kLengthBase, token.length), distance = CodeOf(kDistanceBase, token.distance);
    out.Write(symbol_codes[257 + length], symbol_bits[257 + length]);
    out.Write(token.length - kLengthBase[length], kLengthExtra[length]);
    out.Write(distance_codes[distance], distance_bits[distance]);
    out.Write(token.distance - kDistanceBase[distance], DistanceExtra(distance));
  }
  out.Write(symbol_codes[kEndOfBlock], symbol_bits[kEndOfBlock]);
  out.Flush();
  const uint32_t trailer[2] = {libdeflate_crc32(0, plain.data(), plain.size()), static_cast<uint32_t>(plain.size())};
  bytes_.append(reinterpret_cast<const char*>(trailer), sizeof(trailer));
}

void PatchableGzip::Patch(std::span<const TraceId> ids, uint32_t crc32, char* gzip) const {
  static_assert(kLiteralBits + 7 <= 32);
  constexpr uint32_t kMask = (1u << kLiteralBits) - 1;
  // The trailer's eight bytes lie behind every literal, so that four bytes may always be read and written.
  for (const FieldLiteral& literal : literals_) {
    char* at = gzip + literal.bit / 8;
    uint32_t word;
    std::memcpy(&word, at, sizeof(word));
    const uint32_t shift = literal.bit % 8;
    word = (word & ~(kMask << shift)) | uint32_t{codes_[ids[literal.value].bytes[literal.byte]]} << shift;
    std::memcpy(at, &word, sizeof(word));
  }
  std::memcpy(gzip + bytes_.size() - 8, &crc32, sizeof(crc32));
}

}  // namespace tailrace
