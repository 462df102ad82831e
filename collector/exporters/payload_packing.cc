#include "collector/exporters/payload_packing.h"

#include <libdeflate.h>
#include <zstd.h>

#include <memory>

namespace tailrace {
namespace {

// Fast levels: traces shrink to a tenth with any.
constexpr int kGzipLevel = 1;
constexpr int kZstdLevel = 1;

std::string Gzip(std::string_view payload) {
  thread_local const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(kGzipLevel), libdeflate_free_compressor);
  if (compressor == nullptr) return {};
  std::string packed(libdeflate_gzip_compress_bound(compressor.get(), payload.size()), '\0');
  packed.resize(
      libdeflate_gzip_compress(compressor.get(), payload.data(), payload.size(), packed.data(), packed.size()));
  return packed;
}

std::string Zstd(std::string_view payload) {
  std::string packed(ZSTD_compressBound(payload.size()), '\0');
  const size_t size = ZSTD_compress(packed.data(), packed.size(), payload.data(), payload.size(), kZstdLevel);
  packed.resize(ZSTD_isError(size) != 0 ? 0 : size);
  return packed;
}

}  // namespace

std::string Pack(std::string_view payload, const std::string& compression) {
  return compression == "zstd" ? Zstd(payload) : Gzip(payload);
}

}  // namespace tailrace
