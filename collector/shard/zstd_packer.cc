#include <zstd.h>

#include <vector>

#include "collector/shard/piece_packer.h"

namespace tailrace {
namespace {

template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* it) const {
    kFree(it);
  }
};
using PackDictionary = std::unique_ptr<ZSTD_CDict, Freed<ZSTD_freeCDict>>;
using UnpackDictionary = std::unique_ptr<ZSTD_DDict, Freed<ZSTD_freeDDict>>;

class ZstdPacker final : public PiecePacker {
 public:
  explicit ZstdPacker(uint32_t dictionaries)
      : packing_(ZSTD_createCCtx()), unpacking_(ZSTD_createDCtx()), dictionaries_(dictionaries + 1) {
    ZSTD_CCtx_setParameter(packing_.get(), ZSTD_c_compressionLevel, kLevel);
    // The size is written beside the piece.
    ZSTD_CCtx_setParameter(packing_.get(), ZSTD_c_contentSizeFlag, 0);
  }

  void SetDictionary(uint32_t number, std::string_view bytes) override {
    dictionaries_[number].packing.reset(ZSTD_createCDict(bytes.data(), bytes.size(), kLevel));
    dictionaries_[number].unpacking.reset(ZSTD_createDDict(bytes.data(), bytes.size()));
  }

  uint32_t Pack(uint32_t number, std::string_view piece, char* out, uint32_t room) override {
    // One that found no room is still going on, and would keep its dictionary.
    ZSTD_CCtx_reset(packing_.get(), ZSTD_reset_session_only);
    ZSTD_CCtx_refCDict(packing_.get(), dictionaries_[number].packing.get());
    const size_t size = ZSTD_compress2(packing_.get(), out, room, piece.data(), piece.size());
    return ZSTD_isError(size) != 0 ? 0 : static_cast<uint32_t>(size);
  }

  bool Unpack(uint32_t number, std::string_view packed, char* out, uint32_t size) override {
    return ZSTD_decompress_usingDDict(unpacking_.get(), out, size, packed.data(), packed.size(),
                                      dictionaries_[number].unpacking.get()) == size;
  }

 private:
  static constexpr int kLevel = 1;

  struct Dictionary {
    PackDictionary packing;  // null: there is no such dictionary
    UnpackDictionary unpacking;
  };
  std::unique_ptr<ZSTD_CCtx, Freed<ZSTD_freeCCtx>> packing_;
  std::unique_ptr<ZSTD_DCtx, Freed<ZSTD_freeDCtx>> unpacking_;
  std::vector<Dictionary> dictionaries_;
};

}  // namespace

std::unique_ptr<PiecePacker> MakeZstdPacker(uint32_t dictionaries) {
  return std::make_unique<ZstdPacker>(dictionaries);
}

}  // namespace tailrace
