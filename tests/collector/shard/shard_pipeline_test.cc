// When a pipeline's open batch must go.
#include "collector/shard/shard_pipeline.h"

#include "tests/collector/shard/sampler_fixture.h"
#include "tests/support/recording_exporter.h"

namespace tailrace {
namespace {

class ShardPipelineTest : public SamplerTest {
 protected:
  ShardPipelineTest() {
    config_.policies = {{.name = "all", .rule = config::AlwaysSampleConfig{}}};
    pipeline_config_.batch.timeout = 200ms;
    options_.traces_max = 1'000;
    const ShardPipeline::Options options{
        .exporters = {&exporter_}, .pipeline = &pipeline_config_, .sampling = &config_, .sampler = options_};
    pipeline_ = std::make_unique<ShardPipeline>(options, &blocks_, [] { return false; });
  }

  void Give(const OtlpSpan& span) {
    const std::string request = OtlpRequest().Service("a").Span(span).Bytes();
    ASSERT_EQ(ScanRequest(request, &scanned_), ScanError::kNone);
    hashes_.assign(1, hasher_(scanned_.runs[0].trace_id));
    pipeline_->Add({request, &scanned_.headers, &scanned_.gathered, scanned_.runs, hashes_}, 0, now_ns_);
  }

  BlockPool blocks_{1 << 20, false};
  config::PipelineConfig pipeline_config_;
  testing::RecordingExporter exporter_;
  std::unique_ptr<ShardPipeline> pipeline_;
};

TEST_F(ShardPipelineTest, WhatWasDecidedWhenDueLeavesWithinTheTimeout) {
  Give(Span(1, 1));
  EXPECT_EQ(pipeline_->NextEvent(), now_ns_ + (10s / 1ns));
  now_ns_ += 10s / 1ns;
  pipeline_->Tick(now_ns_);
  EXPECT_EQ(pipeline_->NextEvent(), now_ns_ + (200ms / 1ns));
  now_ns_ += 200ms / 1ns;
  pipeline_->Tick(now_ns_);
  EXPECT_EQ(exporter_.batches().size(), 1u);
}

// The simulation found it: the batch had no time to go at before the next trace of any pipeline came due.
TEST_F(ShardPipelineTest, WhatWasDecidedToMakeRoomForAnotherPipelineLeavesWithinTheTimeout) {
  Give(Span(1, 1));
  EXPECT_TRUE(pipeline_->FreeMemory(now_ns_));
  EXPECT_EQ(pipeline_->NextEvent(), now_ns_ + (200ms / 1ns));
  now_ns_ += 200ms / 1ns;
  pipeline_->Tick(now_ns_);
  EXPECT_EQ(exporter_.batches().size(), 1u);
  EXPECT_FALSE(pipeline_->FreeMemory(now_ns_));
}

}  // namespace
}  // namespace tailrace
