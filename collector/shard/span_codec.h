// SpanCodec: what `storage_compression` does. Each piece of a waiting trace is packed by itself, with a dictionary of
// pieces that came before it, so that what spans have in common is held once for a shard and not once for a span.
//
// A dictionary is a sample of all that came in some seconds. The first is made of the first few kilobytes, the next one
// a second later, then every ten seconds, or every fifth of the decision wait where that is longer; the old ones stay
// for as long as a trace waits that may need them. Where every place is taken by such a one, the present one goes on.
//
// Single-writer (the shard's thread). Packing and unpacking take no memory; a new dictionary does, up to kDictionaries.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/xorshift.h"
#include "collector/shard/piece_packer.h"
#include "config/model.h"

namespace tailrace {

// How a piece is stored. `dictionary` 0: without one.
struct PackedPiece {
  uint32_t dictionary = 0;
  std::string_view bytes;  // empty: it is stored as it is
};

class SpanCodec {
 public:
  static constexpr uint32_t kPieceMax = 1 << 16;          // bytes, before and after
  static constexpr uint32_t kDictionaries = 7;            // numbered from 1 on
  static constexpr uint32_t kDictionaryBytes = 24 << 10;  // larger ones leave the processor's nearest caches

  // Null where nothing is to be compressed.
  static std::unique_ptr<SpanCodec> Make(config::StorageCompression compression, int64_t decision_wait_ns);
  // What one comes to take, with all its dictionaries.
  static uint64_t BytesMax(config::StorageCompression compression);
  SpanCodec(std::unique_ptr<PiecePacker> packer, int64_t decision_wait_ns);

  // `piece`: 1 to kPieceMax bytes. The result stays until the next call. `now_ns` never goes back.
  PackedPiece Pack(std::string_view piece, int64_t now_ns);
  // What was packed, `size` bytes, to `to`.
  void Unpack(const PackedPiece& packed, char* to, uint32_t size);

  // Gives back the dictionaries that no piece needs of traces that began at `oldest_ns` or later.
  void Sweep(int64_t oldest_ns);

  // Room of kPieceMax bytes each, for whoever reads a chain: a packed piece that lies in two places, and the piece
  // itself. One reader at a time.
  char* packed_room() { return rooms_.get(); }
  char* piece_room() { return rooms_.get() + kPieceMax; }

  // Bytes of all pieces as they came, and as they were stored.
  uint64_t bytes_in() const { return bytes_in_; }
  uint64_t bytes_stored() const { return bytes_stored_; }
  uint32_t dictionaries_made() const { return made_; }

 private:
  static constexpr int64_t kInUse = INT64_MAX;
  static constexpr int64_t kFree = INT64_MIN;

  void Sample(std::string_view piece, int64_t now_ns);
  void MakeDictionary(int64_t now_ns);
  uint32_t Random(uint32_t below);

  const std::unique_ptr<PiecePacker> packer_;
  const int64_t every_ns_;          // how often there is a new dictionary
  std::unique_ptr<char[]> packed_;  // of the last Pack
  std::unique_ptr<char[]> rooms_;

  std::array<int64_t, kDictionaries + 1> replaced_ns_;  // by number: when, or one of the two above
  uint32_t present_ = 0;
  uint32_t made_ = 0;
  std::string sample_;         // of the next dictionary
  uint32_t stride_ = 1;        // one of so many pieces is taken into it, on the average
  uint32_t until_next_ = 1;    // pieces
  int64_t next_ns_ = 0;        // when the next dictionary is due
  int64_t made_ns_ = 0;        // when the sample began
  uint64_t bytes_before_ = 0;  // `bytes_in_` then
  Xorshift random_{0x9E3779B97F4A7C15};

  uint64_t bytes_in_ = 0;
  uint64_t bytes_stored_ = 0;
};

}  // namespace tailrace
