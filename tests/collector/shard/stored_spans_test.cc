// What ChainSpans reads is what was appended, wherever a block ends, packed or not.
#include "collector/shard/stored_spans.h"

#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using testing::WireBuilder;

class ChainSpansTest : public ::testing::TestWithParam<config::StorageCompression> {
 protected:
  ~ChainSpansTest() override { chain_.Free(&pool_); }

  // One segment of spans of these sizes; their bytes tell them apart.
  void Append(const std::vector<size_t>& sizes) {
    const std::string name = "scope " + std::to_string(segments_++);
    const uint32_t header = headers_.Intern("resource", name, 0);
    std::string segment;
    for (const size_t size : sizes) {
      std::string span(size, static_cast<char>('a' + expected_.size() % 26));
      // A part of noise, so that what is packed is not always small.
      for (size_t i = 0; i < size / 3; ++i) span[i] = static_cast<char>(random_());
      segment += WireBuilder().Bytes(2, span).Bytes();
      expected_.push_back({std::move(span), name});
    }
    if (codec_ == nullptr) {
      chain_.Append(&pool_, header, segment);
    } else {
      chain_.AppendPacked(&pool_, codec_.get(), header, segment, segments_);
    }
  }

  void ExpectAll() {
    ChainSpans spans({pool_, headers_, codec_.get()});
    spans.Set(&chain_);
    for (int round = 0; round < 2; ++round) {
      spans.Rewind();
      StoredSpan span;
      for (size_t i = 0; i < expected_.size(); ++i) {
        ASSERT_TRUE(spans.Next(&span)) << "span " << i;
        ASSERT_EQ(span.span, expected_[i].span) << "span " << i;
        ASSERT_EQ(span.scope, expected_[i].scope) << "span " << i;
        ASSERT_EQ(span.resource, "resource");
      }
      EXPECT_FALSE(spans.Next(&span));
    }
  }

  struct Expected {
    std::string span;
    std::string scope;
  };
  BlockPool pool_{uint64_t{8} << 20, /*prefault=*/false};
  HeaderStore headers_;
  const std::unique_ptr<SpanCodec> codec_ = SpanCodec::Make(GetParam(), 0);
  std::mt19937 random_{7};
  SpanChain chain_;
  std::vector<Expected> expected_;
  uint32_t segments_ = 0;
};

TEST_P(ChainSpansTest, AnEmptyChainHasNoSpan) { ExpectAll(); }

// The border of a block moves over every byte of a span: its tag, both bytes of its length, its bytes.
TEST_P(ChainSpansTest, ABlockMayEndAnywhereInASpan) {
  for (size_t before = 600; before < 1024; ++before) {
    Append({before, 300, 40});
    ExpectAll();
    chain_.Free(&pool_);
    expected_.clear();
    if (HasFatalFailure()) return;
  }
}

TEST_P(ChainSpansTest, ASpanMayBeLargerThanManyBlocks) {
  Append({40, 100'000, 40});
  Append({1024, 2048, 1016});
  ExpectAll();
}

// What is more than a piece of the codec's.
TEST_P(ChainSpansTest, ASegmentMayBeLargerThanManyPieces) {
  Append(std::vector<size_t>(1000, 456));
  Append({65'530, 10, 65'536, 65'537, 10, 200'000, 65'533, 65'532, 65'529});
  ExpectAll();
}

// Blocks are asked for before anything is appended.
TEST_P(ChainSpansTest, NoAppendTakesMoreBlocksThanItIsSaidToNeed) {
  for (size_t large = 65'400; large < 65'600; ++large) {
    for (const size_t small : {1, 2, 300}) {
      uint32_t bytes = 0;
      const std::vector<size_t> sizes = {small, large, small, large, small, large};
      for (const size_t size : sizes) bytes += static_cast<uint32_t>(size) + 4;
      Append(sizes);
      ASSERT_LE(chain_.block_count(), SpanChain::BlocksFor(bytes - 12));
      chain_.Free(&pool_);
      expected_.clear();
    }
  }
}

TEST_P(ChainSpansTest, ManySegmentsOfAnySize) {
  std::mt19937 random(11);
  for (int i = 0; i < 400; ++i) {
    std::vector<size_t> sizes(1 + random() % 8);
    for (size_t& size : sizes) size = 20 + random() % (random() % 5 == 0 ? 3000 : 600);
    Append(sizes);
  }
  ExpectAll();
}

INSTANTIATE_TEST_SUITE_P(All, ChainSpansTest,
                         ::testing::Values(config::StorageCompression::kNone, config::StorageCompression::kLz4,
                                           config::StorageCompression::kZstd));

}  // namespace
}  // namespace tailrace
