#include "collector/shard/kept_batch.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/otlp_builder.h"
#include "tests/support/scanned_spans.h"

namespace tailrace {
namespace {

using testing::AddSpans;
using testing::OtlpRequest;
using testing::OtlpSpan;
using testing::SpansByTrace;

class KeptBatchTest : public ::testing::Test {
 protected:
  KeptBatch Make(uint64_t bytes_max, uint64_t spans_max = 1'000'000) {
    return KeptBatch({bytes_max, spans_max}, [this](const ExportBatch& batch) { batches_.push_back(batch); });
  }

  // Spans `from` to `to` of trace 1, from a service of that name, as they come out of a scanned request.
  void Append(SpanChain* chain, const std::string& service, int from, int to) {
    OtlpRequest request;
    request.Service(service);
    for (int i = from; i < to; ++i)
      request.Span(OtlpSpan(1, static_cast<uint64_t>(i) + 1, "span " + std::to_string(i)));
    const std::string bytes = request.Bytes();
    ScannedRequest scanned;
    ASSERT_EQ(ScanRequest(bytes, &scanned), ScanError::kNone);
    for (const SpanRun& run : scanned.runs) {
      const ScopeHeader& header = scanned.headers[run.header];
      const uint32_t id = headers_.Intern(scanned.Resource(bytes, header), scanned.Scope(bytes, header), 1);
      chain->Append(&pool_, id, std::string_view(bytes).substr(run.bytes.offset, run.bytes.size));
    }
    AddSpans(bytes, &expected_);
    count_ += static_cast<uint32_t>(to - from);
  }

  void ExpectAllSpansOnce() {
    SpansByTrace out;
    uint32_t spans = 0;
    for (const ExportBatch& batch : batches_) {
      ASSERT_TRUE(AddSpans(*batch.payload, &out));
      spans += batch.spans;
    }
    for (auto* traces : {&out, &expected_}) {
      for (auto& [id, list] : *traces) std::sort(list.begin(), list.end());
    }
    EXPECT_EQ(out, expected_);
    EXPECT_EQ(spans, count_);
  }

  BlockPool pool_{1 << 24, false};
  HeaderStore headers_;
  SpansByTrace expected_;
  uint32_t count_ = 0;
  std::vector<ExportBatch> batches_;
};

TEST_F(KeptBatchTest, ReframesATraceWithOneFrameForEachHeader) {
  SpanChain chain;
  Append(&chain, "a", 0, 3);
  Append(&chain, "b", 3, 5);
  Append(&chain, "a", 5, 9);
  KeptBatch batch = Make(1 << 20);
  batch.AddTrace({pool_, headers_}, chain, count_);
  EXPECT_TRUE(batches_.empty());
  batch.Flush();
  ASSERT_EQ(batches_.size(), 1u);
  EXPECT_EQ(batches_[0].traces, 1u);
  ExpectAllSpansOnce();
  ScannedRequest scanned;
  ASSERT_EQ(ScanRequest(*batches_[0].payload, &scanned), ScanError::kNone);
  EXPECT_EQ(scanned.headers.size(), 2u);
}

TEST_F(KeptBatchTest, StaysUnderItsBytesAndKeepsTracesWhole) {
  SpanChain chain;
  Append(&chain, "a", 0, 20);
  KeptBatch batch = Make(1200);
  for (int i = 0; i < 3; ++i) batch.AddTrace({pool_, headers_}, chain, 20);
  batch.Flush();
  ASSERT_EQ(batches_.size(), 3u);
  for (const ExportBatch& each : batches_) {
    EXPECT_LE(each.payload->size(), 1200u);
    EXPECT_EQ(each.spans, 20u);
  }
}

TEST_F(KeptBatchTest, SplitsATraceThatIsLargerThanABatchBetweenSpans) {
  SpanChain chain;
  Append(&chain, "a", 0, 500);
  Append(&chain, "b", 500, 700);
  KeptBatch batch = Make(3000);
  batch.AddTrace({pool_, headers_}, chain, count_);
  batch.Flush();
  EXPECT_GT(batches_.size(), 5u);
  for (const ExportBatch& each : batches_) EXPECT_LE(each.payload->size(), 3000u);
  ExpectAllSpansOnce();
}

TEST_F(KeptBatchTest, IsHandedOnOnceItHoldsItsSpans) {
  SpanChain chain;
  Append(&chain, "a", 0, 10);
  KeptBatch batch = Make(1 << 20, 20);
  for (int i = 0; i < 5; ++i) batch.AddTrace({pool_, headers_}, chain, 10);
  batch.Flush();
  ASSERT_EQ(batches_.size(), 3u);
  EXPECT_EQ(batches_[0].spans, 20u);
}

}  // namespace
}  // namespace tailrace
