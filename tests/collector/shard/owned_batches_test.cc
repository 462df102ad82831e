// What a pipeline without a sampler hands to an exporter that routes: batches of one owner each, by the router of now.
#include "collector/shard/owned_batches.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/collector/shard/routing_exporter.h"
#include "tests/support/otlp_builder.h"
#include "tests/support/scanned_spans.h"

namespace tailrace {
namespace {

using testing::OtlpRequest;
using testing::OtlpSpan;
using testing::RoutingExporter;

class OwnedBatchesTest : public ::testing::Test {
 protected:
  // Traces 1 to `traces`, `spans` each, by turns.
  void Give(uint64_t traces, uint64_t spans) { batches_.Add(View(traces, spans)); }
  RunsView View(uint64_t traces, uint64_t spans) {
    OtlpRequest request;
    request.Service("cart");
    for (uint64_t span = 1; span <= spans; ++span) {
      for (uint64_t trace = 1; trace <= traces; ++trace) request.Span(OtlpSpan(trace, span, "x"));
    }
    request_ = request.Bytes();
    EXPECT_EQ(ScanRequest(request_, &scanned_), ScanError::kNone);
    return {request_, &scanned_.headers, &scanned_.gathered, scanned_.runs, {}};
  }
  uint64_t HandedSpans() const {
    uint64_t spans = 0;
    for (const ExportBatch& batch : handed_) spans += batch.spans;
    return spans;
  }

  RoutingExporter exporter_;
  std::vector<ExportBatch> handed_;
  OwnedBatches batches_{{4 << 20, 8192}, {&exporter_}, [this](const ExportBatch& batch) { handed_.push_back(batch); }};
  std::string request_;
  ScannedRequest scanned_;
};

TEST_F(OwnedBatchesTest, EachBatchHoldsTheTracesOfItsOwner) {
  exporter_.Use(7, 3);
  Give(30, 2);
  Give(30, 2);
  EXPECT_TRUE(handed_.empty());
  EXPECT_EQ(batches_.span_count(), 120u);
  batches_.Flush();
  ASSERT_EQ(handed_.size(), 3u);
  for (const ExportBatch& batch : handed_) {
    EXPECT_EQ(batch.routed_by, 7u);
    EXPECT_EQ(batch.spans, 40u);
    testing::SpansByTrace spans;
    ASSERT_TRUE(testing::AddSpans(*batch.payload, &spans));
    EXPECT_EQ(spans.size(), 10u);
    for (const auto& [trace, bytes] : spans) {
      EXPECT_EQ(std::stoul(trace.substr(30), nullptr, 16) % 3, batch.owner);
      EXPECT_EQ(bytes.size(), 4u);
    }
  }
  EXPECT_TRUE(batches_.empty());
}

TEST_F(OwnedBatchesTest, WhatIsThisProcesssOwnIsTheCallers) {
  exporter_.Use(7, 3, 2);
  std::vector<uint32_t> own;
  const RunsView view = View(30, 2);
  batches_.Divide(view.runs, &own);
  EXPECT_EQ(own.size(), 20u);
  for (const uint32_t i : own) EXPECT_EQ(view.runs[i].trace_id.bytes[15] % 3, 2);
  EXPECT_TRUE(batches_.empty()) << "nothing is taken yet";
  batches_.AddOthers(view);
  EXPECT_EQ(batches_.span_count(), 40u);
  batches_.Flush();
  ASSERT_EQ(handed_.size(), 2u);
  EXPECT_NE(handed_[0].owner, 2u);
  EXPECT_NE(handed_[1].owner, 2u);
}

TEST_F(OwnedBatchesTest, WithoutARouterThereIsOneBatchAndNobodyWasAsked) {
  Give(10, 1);
  batches_.Flush();
  ASSERT_EQ(handed_.size(), 1u);
  EXPECT_EQ(handed_[0].routed_by, 0u);
  EXPECT_EQ(handed_[0].spans, 10u);
}

TEST_F(OwnedBatchesTest, WhatIsOpenWhenTheRouterChangesGoesByTheOldOne) {
  exporter_.Use(1, 2);
  Give(10, 1);
  exporter_.Use(2, 5);
  Give(10, 1);
  ASSERT_EQ(handed_.size(), 2u);
  EXPECT_EQ(handed_[0].routed_by, 1u);
  EXPECT_EQ(HandedSpans(), 10u);
  batches_.Flush();
  ASSERT_EQ(handed_.size(), 7u);
  EXPECT_EQ(handed_[6].routed_by, 2u);
  EXPECT_EQ(HandedSpans(), 20u);
}

TEST_F(OwnedBatchesTest, ManyOwnersHaveSmallBatches) {
  exporter_.Use(1, 128);
  constexpr uint64_t kRounds = 400;
  for (uint64_t i = 0; i < kRounds; ++i) Give(128, 20);
  EXPECT_GT(handed_.size(), 128u);
  for (const ExportBatch& batch : handed_) EXPECT_LE(batch.payload->size(), size_t{128} << 10);
  EXPECT_EQ(HandedSpans() + batches_.span_count(), kRounds * 128 * 20);
}

}  // namespace
}  // namespace tailrace
