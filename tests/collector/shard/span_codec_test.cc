// What SpanCodec packs comes back as it was, whichever dictionary it was packed with.
#include "collector/shard/span_codec.h"

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tailrace {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;

class SpanCodecTest : public ::testing::TestWithParam<config::StorageCompression> {
 protected:
  // Like spans of one operation: a text that is always the same, and ids. Framed where there is room for that.
  std::string Piece(size_t size) {
    std::string piece;
    if (size >= 8) {
      piece = {'\x12', static_cast<char>(0x80 | (size - 4)), static_cast<char>(0x80 | (size - 4) >> 7),
               static_cast<char>((size - 4) >> 14)};
    }
    while (piece.size() < size) {
      for (int i = 0; i < 16; ++i) piece.push_back(static_cast<char>(random_()));
      piece += "service.name=checkout http.request.method=GET url.path=/api/v1/cart server.address=10.0.0.1";
    }
    piece.resize(size);
    return piece;
  }
  std::string Noise(size_t size) {
    std::string noise(size, '\0');
    for (char& c : noise) c = static_cast<char>(random_());
    return noise;
  }

  struct Stored {
    std::string piece;
    uint32_t dictionary;
    std::string packed;
    int64_t at_ns;
  };
  Stored Store(std::string piece, int64_t now_ns) {
    const PackedPiece packed = codec_->Pack(piece, now_ns);
    return {std::move(piece), packed.dictionary, std::string(packed.bytes), now_ns};
  }
  void ExpectBack(const Stored& stored) {
    std::string back(stored.piece.size(), '\0');
    codec_->Unpack({stored.dictionary, stored.packed}, back.data(), static_cast<uint32_t>(back.size()));
    ASSERT_EQ(back, stored.piece);
  }

  std::mt19937 random_{1};
  std::unique_ptr<SpanCodec> codec_ = SpanCodec::Make(GetParam(), 0);
};

TEST_P(SpanCodecTest, PiecesOfEverySizeComeBack) {
  for (const size_t size : {1, 2, 7, 8, 100, 2300, 4096, 30000, 65535, 65536}) {
    for (int i = 0; i < 20; ++i) {
      const Stored stored = Store(Piece(size), i);
      if (size > 1000) {
        ASSERT_FALSE(stored.packed.empty()) << size;
      }
      if (!stored.packed.empty()) {
        ASSERT_LT(stored.packed.size(), size);
        ExpectBack(stored);
      }
    }
  }
}

TEST_P(SpanCodecTest, NoiseIsStoredAsItIs) {
  for (const size_t size : {1, 50, 2000, 65536}) EXPECT_TRUE(Store(Noise(size), 0).packed.empty()) << size;
  EXPECT_EQ(codec_->bytes_stored(), codec_->bytes_in());
  // And what comes after it is packed as ever.
  ExpectBack(Store(Piece(2000), 0));
}

// What has found no room leaves no trace: the next dictionary is the one that is said to be used.
TEST_P(SpanCodecTest, NoiseBetweenTwoDictionaries) {
  while (codec_->dictionaries_made() < 1) Store(Piece(500), 0);
  for (int i = 0; i < 200; ++i) {
    Store(Noise(500), i * kSecondNs);
    ExpectBack(Store(Piece(500), i * kSecondNs));
    codec_->Sweep(i * kSecondNs);
  }
  EXPECT_GT(codec_->dictionaries_made(), 3u);
}

TEST_P(SpanCodecTest, ADictionaryOfEarlierPiecesMakesSmallOnesSmaller) {
  const size_t packed_alone = Store(Piece(220), 0).packed.size();
  const size_t alone = packed_alone == 0 ? 220 : packed_alone;
  for (int i = 0; i < 200; ++i) Store(Piece(220), i);
  EXPECT_EQ(codec_->dictionaries_made(), 1u);
  const Stored after = Store(Piece(220), 200);
  EXPECT_EQ(after.dictionary, 1u);
  EXPECT_GT(after.packed.size(), 32u);  // two ids
  EXPECT_LT(after.packed.size(), alone / 2);
  ExpectBack(after);
}

// Ten traces wait at every moment, for longer and longer: a dictionary that one of them needs is never replaced.
TEST_P(SpanCodecTest, EveryWaitingPieceCanBeReadWhateverDictionariesCameSince) {
  std::deque<Stored> waiting;
  for (int second = 0; second < 400; ++second) {
    const int64_t now_ns = second * kSecondNs;
    for (int i = 0; i < 40; ++i) waiting.push_back(Store(Piece(2300), now_ns));
    const int64_t wait_ns = (second < 200 ? 15 : 150) * kSecondNs;
    while (waiting.front().at_ns < now_ns - wait_ns) {
      ExpectBack(waiting.front());
      waiting.pop_front();
    }
    codec_->Sweep(waiting.front().at_ns);
  }
  for (const Stored& stored : waiting) ExpectBack(stored);
  EXPECT_GT(codec_->dictionaries_made(), SpanCodec::kDictionaries);
}

TEST_P(SpanCodecTest, WithoutARoomForAnotherTheDictionaryStays) {
  std::vector<Stored> waiting;
  for (int second = 0; second < 300; ++second) {
    for (int i = 0; i < 40; ++i) waiting.push_back(Store(Piece(2300), second * kSecondNs));
    codec_->Sweep(0);
  }
  EXPECT_EQ(codec_->dictionaries_made(), SpanCodec::kDictionaries);
  for (const Stored& stored : waiting) ExpectBack(stored);
}

// Where traces wait for an hour there is still a new dictionary from time to time, at any time.
TEST_P(SpanCodecTest, ALongWaitHasNewDictionariesAllTheTime) {
  constexpr int64_t kWaitNs = 3600 * kSecondNs;
  codec_ = SpanCodec::Make(GetParam(), kWaitNs);
  uint32_t last_made = 0;
  int64_t last_ns = 0, longest_ns = 0;
  for (int64_t now_ns = 0; now_ns < 5 * kWaitNs; now_ns += 5 * kSecondNs) {
    Store(Piece(2300), now_ns);
    codec_->Sweep(now_ns - kWaitNs);
    if (codec_->dictionaries_made() == last_made) continue;
    longest_ns = std::max(longest_ns, now_ns - last_ns);
    last_made = codec_->dictionaries_made();
    last_ns = now_ns;
  }
  EXPECT_LE(longest_ns, kWaitNs / 4);
  EXPECT_GT(last_made, 15u);
}

INSTANTIATE_TEST_SUITE_P(Both, SpanCodecTest,
                         ::testing::Values(config::StorageCompression::kLz4, config::StorageCompression::kZstd),
                         [](const auto& info) {
                           return info.param == config::StorageCompression::kLz4 ? "Lz4" : "Zstd";
                         });

TEST(SpanCodec, NoneIsNoCodec) { EXPECT_EQ(SpanCodec::Make(config::StorageCompression::kNone, 0), nullptr); }

}  // namespace
}  // namespace tailrace
