#include "collector/load/trace_label.h"

#include <cstring>

#include "base/hash.h"

namespace tailrace {
namespace {

constexpr uint64_t kMagic = 0x7A1CE5;  // 24 bits that tell our ids from foreign ones
constexpr uint64_t kRoundKeys[4][2] = {{0x9E3779B97F4A7C15, 0xD1B54A32D192ED03},
                                       {0xBF58476D1CE4E5B9, 0x94D049BB133111EB},
                                       {0xA0761D6478BD642F, 0xE7037ED1A0B428DB},
                                       {0x8EBC6AF09C88C6E3, 0x589965CC75374CC3}};

uint64_t Round(uint64_t half, int round) { return MultiplyFold(half ^ kRoundKeys[round][0], kRoundKeys[round][1]); }

constexpr uint64_t kMix1 = 0xFF51AFD7ED558CCD, kUnmix1 = 0x4F74430C22A54005;
constexpr uint64_t kMix2 = 0xC4CEB9FE1A85EC53, kUnmix2 = 0x9CB4B2F8129337DB;
static_assert(kMix1 * kUnmix1 == 1 && kMix2 * kUnmix2 == 1);

}  // namespace

TraceId EncodeTraceId(const TraceLabel& label) {
  uint64_t halves[2] = {label.number << 16 | label.spans, uint64_t{label.seed} << 32 | kMagic << 8 |
                                                              uint64_t{label.thread} << 2 |
                                                              static_cast<uint64_t>(label.trace_class)};
  for (int round = 0; round < 4; ++round) halves[round & 1] ^= Round(halves[~round & 1], round);
  return TraceId::FromBytes(halves);
}

std::optional<TraceLabel> DecodeTraceId(const TraceId& id) {
  uint64_t halves[2] = {id.low_word(), id.high_word()};
  for (int round = 3; round >= 0; --round) halves[round & 1] ^= Round(halves[~round & 1], round);
  if ((halves[1] >> 8 & 0xFFFFFF) != kMagic || (halves[1] & 3) >= kTraceClasses) return std::nullopt;
  return TraceLabel{.number = halves[0] >> 16,
                    .seed = static_cast<uint32_t>(halves[1] >> 32),
                    .thread = static_cast<uint8_t>(halves[1] >> 2 & 0x3F),
                    .trace_class = static_cast<TraceClass>(halves[1] & 3),
                    .spans = static_cast<uint16_t>(halves[0])};
}

// The finalizer of MurmurHash3 and its inverse: shifts by more than half a word undo themselves.
uint64_t EncodeSpanId(uint16_t index, uint64_t salt) {
  uint64_t x = salt << 16 | index;
  x ^= x >> 33;
  x *= kMix1;
  x ^= x >> 33;
  x *= kMix2;
  return x ^ x >> 33;
}

uint16_t DecodeSpanIndex(uint64_t span_id) {
  uint64_t x = span_id;
  x ^= x >> 33;
  x *= kUnmix2;
  x ^= x >> 33;
  x *= kUnmix1;
  return static_cast<uint16_t>(x ^ x >> 33);
}

}  // namespace tailrace
