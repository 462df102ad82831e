// PiecePacker: LZ4 or zstd behind one face: packs small pieces, each by itself, with dictionaries that have numbers.
//
// Single-writer. Thread: the shard's.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace tailrace {

class PiecePacker {
 public:
  virtual ~PiecePacker() = default;

  // Takes the place of the dictionary with that number, 1 or more, in which nothing is packed any more.
  virtual void SetDictionary(uint32_t number, std::string_view bytes) = 0;
  // Bytes written to `out`; 0: no room, or it cannot be done. `dictionary` 0: without one.
  virtual uint32_t Pack(uint32_t dictionary, std::string_view piece, char* out, uint32_t room) = 0;
  // False where `packed` does not come to exactly `size` bytes.
  virtual bool Unpack(uint32_t dictionary, std::string_view packed, char* out, uint32_t size) = 0;
};

std::unique_ptr<PiecePacker> MakeLz4Packer(uint32_t dictionaries);
std::unique_ptr<PiecePacker> MakeZstdPacker(uint32_t dictionaries);

}  // namespace tailrace
