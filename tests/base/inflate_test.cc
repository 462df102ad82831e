#include "base/inflate.h"

#include <gtest/gtest.h>
#include <libdeflate.h>
#include <zstd.h>

#include <string>
#include <string_view>

namespace tailrace {
namespace {

std::string Pack(Encoding encoding, std::string_view bytes) {
  if (encoding == Encoding::kZstd) {
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 1));
    return out;
  }
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(1);
  const auto compress = encoding == Encoding::kGzip ? libdeflate_gzip_compress : libdeflate_zlib_compress;
  std::string out(libdeflate_gzip_compress_bound(compressor, bytes.size()), '\0');
  out.resize(compress(compressor, bytes.data(), bytes.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

// A zstd frame without its content's size, with a given window.
std::string PackZstdStream(std::string_view bytes, int window_bits) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_bits);
  std::string out(ZSTD_compressBound(bytes.size()) + 64, '\0');
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  ZSTD_outBuffer sink{out.data(), out.size(), 0};
  ZSTD_compressStream2(context, &sink, &in, ZSTD_e_continue);
  while (ZSTD_compressStream2(context, &sink, &in, ZSTD_e_end) != 0) {
  }
  out.resize(sink.pos);
  ZSTD_freeCCtx(context);
  return out;
}

std::string Text(size_t size) {
  std::string text;
  for (size_t i = 0; text.size() < size; ++i) text += "span " + std::to_string(i * 7919 % 10007) + ";";
  text.resize(size);
  return text;
}

const char* Name(Encoding encoding) {
  if (encoding == Encoding::kGzip) return "Gzip";
  return encoding == Encoding::kZstd ? "Zstd" : "Deflate";
}

class InflateTest : public ::testing::TestWithParam<Encoding> {
 protected:
  InflateError Run(std::string_view in, size_t bytes_max) {
    return inflater_.Inflate(GetParam(), in, bytes_max, pool_, &out_);
  }
  BufferPool pool_{size_t{64} << 20};
  Inflater inflater_;
  BufferRef out_;
};

TEST_P(InflateTest, RoundTrips) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{1000}, size_t{100000}, size_t{5000000}}) {
    const std::string text = Text(size);
    ASSERT_EQ(Run(Pack(GetParam(), text), size_t{8} << 20), InflateError::kNone) << size;
    EXPECT_TRUE(out_->view() == text) << size;
  }
}

TEST_P(InflateTest, VeryCompressible) {
  const std::string zeros(size_t{6} << 20, '\0');
  ASSERT_EQ(Run(Pack(GetParam(), zeros), size_t{8} << 20), InflateError::kNone);
  EXPECT_TRUE(out_->view() == zeros);
}

TEST_P(InflateTest, TheBoundIsExact) {
  const std::string packed = Pack(GetParam(), Text(100000));
  EXPECT_EQ(Run(packed, 100000), InflateError::kNone);
  EXPECT_EQ(Run(packed, 99999), InflateError::kTooLarge);
  EXPECT_FALSE(out_);
  EXPECT_EQ(pool_.bytes_in_use(), 0u);
}

TEST_P(InflateTest, ABombCostsItsBound) {
  const std::string bomb = Pack(GetParam(), std::string(size_t{200} << 20, '\0'));
  BufferPool small(size_t{3} << 20);
  EXPECT_EQ(inflater_.Inflate(GetParam(), bomb, size_t{1} << 20, small, &out_), InflateError::kTooLarge);
  EXPECT_EQ(small.bytes_in_use(), 0u);
}

TEST_P(InflateTest, EveryTruncationIsCorrupt) {
  const std::string packed = Pack(GetParam(), Text(2000));
  for (size_t size = 0; size < packed.size(); ++size) {
    EXPECT_EQ(Run(packed.substr(0, size), size_t{1} << 20), InflateError::kCorrupt) << size;
  }
  EXPECT_EQ(pool_.bytes_in_use(), 0u);
}

TEST_P(InflateTest, GarbageAndTrailingBytesAreCorrupt) {
  EXPECT_EQ(Run("garbage garbage garbage", 1000), InflateError::kCorrupt);
  EXPECT_EQ(Run(Pack(GetParam(), "x") + "trailing bytes", 1000), InflateError::kCorrupt);
}

TEST_P(InflateTest, NoRoomInThePool) {
  BufferPool small(1024);
  EXPECT_EQ(inflater_.Inflate(GetParam(), Pack(GetParam(), Text(100000)), size_t{1} << 20, small, &out_),
            InflateError::kNoBuffer);
}

INSTANTIATE_TEST_SUITE_P(Encodings, InflateTest,
                         ::testing::Values(Encoding::kGzip, Encoding::kDeflate, Encoding::kZstd),
                         [](const auto& row) { return std::string(Name(row.param)); });

TEST(Inflate, GzipMembersAreOneBody) {
  BufferPool pool(size_t{64} << 20);
  Inflater inflater;
  BufferRef out;
  const std::string a = Text(70000), b = Text(200000);
  const std::string packed = Pack(Encoding::kGzip, a) + Pack(Encoding::kGzip, b) + Pack(Encoding::kGzip, "");
  ASSERT_EQ(inflater.Inflate(Encoding::kGzip, packed, 270000, pool, &out), InflateError::kNone);
  EXPECT_TRUE(out->view() == a + b);
  EXPECT_EQ(inflater.Inflate(Encoding::kGzip, packed, 269999, pool, &out), InflateError::kTooLarge)
      << "one bound for all";
}

// What says itself that it is too large needs no buffer to be refused: not even a full pool makes it worth another try.
TEST(Inflate, TooLargeByItsOwnWord) {
  BufferPool full(1);
  Inflater inflater;
  BufferRef out;
  const std::string text(200000, ' ');
  for (const Encoding encoding : {Encoding::kGzip, Encoding::kZstd}) {
    EXPECT_EQ(inflater.Inflate(encoding, Pack(encoding, text), 199999, full, &out), InflateError::kTooLarge);
    EXPECT_EQ(inflater.Inflate(encoding, Pack(encoding, text), 200000, full, &out), InflateError::kNoBuffer);
  }
}

TEST(Inflate, GzipMembersAreBounded) {
  BufferPool pool(size_t{64} << 20);
  Inflater inflater;
  BufferRef out;
  std::string packed;
  for (int i = 0; i < 1000; ++i) packed += Pack(Encoding::kGzip, "");
  EXPECT_EQ(inflater.Inflate(Encoding::kGzip, packed, 1000, pool, &out), InflateError::kCorrupt);
}

TEST(Inflate, ZstdFramesWithoutASize) {
  BufferPool pool(size_t{64} << 20);
  Inflater inflater;
  BufferRef out;
  const std::string text = Text(3000000);
  const std::string packed = PackZstdStream(text, 20);
  ASSERT_EQ(inflater.Inflate(Encoding::kZstd, packed + packed, 6000000, pool, &out), InflateError::kNone);
  EXPECT_TRUE(out->view() == text + text);
  EXPECT_EQ(inflater.Inflate(Encoding::kZstd, packed, 2999999, pool, &out), InflateError::kTooLarge);
}

TEST(Inflate, ZstdWindowIsBounded) {
  BufferPool pool(size_t{64} << 20);
  Inflater inflater;
  BufferRef out;
  const std::string packed = PackZstdStream(Text(100000), 27);
  EXPECT_EQ(inflater.Inflate(Encoding::kZstd, packed, size_t{32} << 20, pool, &out), InflateError::kCorrupt);
}

TEST(Inflate, NamesOfEncodings) {
  EXPECT_EQ(ParseEncoding(""), Encoding::kIdentity);
  EXPECT_EQ(ParseEncoding("identity"), Encoding::kIdentity);
  EXPECT_EQ(ParseEncoding("gzip"), Encoding::kGzip);
  EXPECT_EQ(ParseEncoding("deflate"), Encoding::kDeflate);
  EXPECT_EQ(ParseEncoding("zstd"), Encoding::kZstd);
  EXPECT_EQ(ParseEncoding("br"), Encoding::kUnsupported);
}

}  // namespace
}  // namespace tailrace
