#include "base/inflate.h"

#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

#include "base/line_copy.h"

namespace tailrace {
namespace {

// A file of many empty members would cost a call for every 20 bytes of input; nobody sends even two on purpose.
constexpr int kGzipMembersMax = 64;
constexpr int kZstdWindowBitsMax = 23;  // 8 MiB, what RFC 8878 asks every decoder to support
constexpr size_t kFirstGuessMin = size_t{16} << 10;
// Where the sender's word about the size is not to be trusted: what a first buffer may be, as a multiple of the input.
constexpr size_t kTrustedRatio = 32;
// No deflate stream makes more of a byte; a cut-off body's last bytes, taken for a size, mostly would.
constexpr size_t kDeflateRatioMax = 1032;

// The output so far: grows through the pool's size classes, never over bytes_max.
class Output {
 public:
  Output(BufferPool& pool, size_t bytes_max) : pool_(pool), bytes_max_(bytes_max) {}

  [[nodiscard]] InflateError Start(size_t guess) {
    buffer_ = pool_.Allocate(std::clamp<size_t>(guess, 1, std::max<size_t>(bytes_max_, 1)));
    return buffer_ ? InflateError::kNone : InflateError::kNoBuffer;
  }

  [[nodiscard]] InflateError Grow() {
    const size_t room = Capacity();
    if (room >= bytes_max_) return InflateError::kTooLarge;
    BufferRef larger = pool_.Allocate(bytes_max_ / 4 > room ? room * 4 : bytes_max_);
    if (!larger) return InflateError::kNoBuffer;
    BulkCopy(larger->data(), buffer_->data(), size_);
    buffer_ = std::move(larger);
    return InflateError::kNone;
  }

  char* end() { return buffer_->data() + size_; }
  size_t room() const { return Capacity() - size_; }
  void Add(size_t bytes) { size_ += bytes; }
  BufferRef Finish() {
    buffer_->set_size(size_);
    return std::move(buffer_);
  }

 private:
  size_t Capacity() const { return std::min(buffer_->capacity(), bytes_max_); }

  BufferPool& pool_;
  size_t bytes_max_;
  size_t size_ = 0;
  BufferRef buffer_;
};

size_t TrustedGuess(size_t claimed, size_t in_size) {
  return std::clamp(claimed, kFirstGuessMin, std::max(kFirstGuessMin, in_size * kTrustedRatio));
}

// The last member's size modulo 2^32 stands in the last four bytes (RFC 1952, ISIZE), little-endian.
size_t GzipClaimedSize(std::string_view in) {
  if (in.size() < 4) return 0;
  const auto* p = reinterpret_cast<const uint8_t*>(in.data() + in.size() - 4);
  return size_t{p[0]} | size_t{p[1]} << 8 | size_t{p[2]} << 16 | size_t{p[3]} << 24;
}

}  // namespace

Encoding ParseEncoding(std::string_view name) {
  if (name.empty() || name == "identity") return Encoding::kIdentity;
  if (name == "gzip" || name == "x-gzip") return Encoding::kGzip;
  if (name == "deflate" || name == "zlib") return Encoding::kDeflate;
  if (name == "zstd") return Encoding::kZstd;
  return Encoding::kUnsupported;
}

struct Inflater::State {
  libdeflate_decompressor* deflate = nullptr;
  ZSTD_DCtx* zstd = nullptr;

  ~State() {
    if (deflate != nullptr) libdeflate_free_decompressor(deflate);
    if (zstd != nullptr) ZSTD_freeDCtx(zstd);
  }

  // One member or stream, repeated into a larger buffer until it fits. Consumes it from `in`.
  InflateError Member(Encoding encoding, std::string_view* in, Output* output) {
    const auto decompress = encoding == Encoding::kGzip ? libdeflate_gzip_decompress_ex : libdeflate_zlib_decompress_ex;
    while (true) {
      size_t used = 0, made = 0;
      const libdeflate_result result =
          decompress(deflate, in->data(), in->size(), output->end(), output->room(), &used, &made);
      if (result == LIBDEFLATE_SUCCESS) {
        in->remove_prefix(used);
        output->Add(made);
        return InflateError::kNone;
      }
      if (result != LIBDEFLATE_INSUFFICIENT_SPACE) return InflateError::kCorrupt;
      if (const InflateError error = output->Grow(); error != InflateError::kNone) return error;
    }
  }

  InflateError Deflate(Encoding encoding, std::string_view in, size_t bytes_max, Output* output) {
    if (deflate == nullptr) deflate = libdeflate_alloc_decompressor();
    if (deflate == nullptr) return InflateError::kNoBuffer;
    const size_t claimed = encoding == Encoding::kGzip ? GzipClaimedSize(in) : in.size() * 8;
    // One that says itself that it is too large costs nothing.
    if (encoding == Encoding::kGzip && claimed > bytes_max && claimed / kDeflateRatioMax < in.size()) {
      return InflateError::kTooLarge;
    }
    if (const InflateError error = output->Start(TrustedGuess(claimed, in.size())); error != InflateError::kNone)
      return error;
    const int members_max = encoding == Encoding::kGzip ? kGzipMembersMax : 1;
    for (int member = 0; member < members_max; ++member) {
      if (const InflateError error = Member(encoding, &in, output); error != InflateError::kNone) return error;
      if (in.empty()) return InflateError::kNone;
    }
    return InflateError::kCorrupt;
  }

  InflateError Zstd(std::string_view in, size_t bytes_max, Output* output) {
    if (zstd == nullptr) {
      zstd = ZSTD_createDCtx();
      if (zstd == nullptr) return InflateError::kNoBuffer;
      ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, kZstdWindowBitsMax);
    }
    ZSTD_DCtx_reset(zstd, ZSTD_reset_session_only);
    const unsigned long long content_size = ZSTD_getFrameContentSize(in.data(), in.size());
    if (content_size == ZSTD_CONTENTSIZE_ERROR) return InflateError::kCorrupt;
    const size_t claimed = content_size == ZSTD_CONTENTSIZE_UNKNOWN ? in.size() * 8 : content_size;
    if (content_size != ZSTD_CONTENTSIZE_UNKNOWN && content_size > bytes_max) return InflateError::kTooLarge;
    if (const InflateError error = output->Start(TrustedGuess(claimed, in.size())); error != InflateError::kNone)
      return error;
    ZSTD_inBuffer source{in.data(), in.size(), 0};
    while (true) {
      ZSTD_outBuffer sink{output->end(), output->room(), 0};
      const size_t hint = ZSTD_decompressStream(zstd, &sink, &source);
      output->Add(sink.pos);
      if (ZSTD_isError(hint)) return InflateError::kCorrupt;
      if (source.pos == source.size && (hint == 0 || sink.pos < sink.size)) {
        return hint == 0 ? InflateError::kNone
                         : InflateError::kCorrupt;  // not 0: the frame goes on, the input does not
      }
      if (output->room() > 0) continue;
      if (const InflateError error = output->Grow(); error != InflateError::kNone) return error;
    }
  }
};

Inflater::Inflater() : state_(std::make_unique<State>()) {}
Inflater::~Inflater() = default;

InflateError Inflater::Inflate(Encoding encoding, std::string_view in, size_t bytes_max, BufferPool& pool,
                               BufferRef* out) {
  out->reset();
  if (in.empty()) return InflateError::kCorrupt;
  Output output(pool, bytes_max);
  InflateError error = InflateError::kCorrupt;
  if (encoding == Encoding::kGzip || encoding == Encoding::kDeflate)
    error = state_->Deflate(encoding, in, bytes_max, &output);
  if (encoding == Encoding::kZstd) error = state_->Zstd(in, bytes_max, &output);
  if (error == InflateError::kNone) *out = output.Finish();
  return error;
}

}  // namespace tailrace
