// The keys of tail_sampling that change how traces come in and go out: sampling_strategy, record_policy,
// block_on_overflow, maximum_trace_size_bytes, and policies that read the stored spans.
#include "tests/collector/shard/sampler_fixture.h"

namespace tailrace {
namespace {

using testing::OtlpResource;
using testing::StringValue;

config::PolicyConfig Errors() { return {.name = "errors", .rule = config::StatusCodeConfig{{"ERROR"}}}; }
config::PolicyConfig HasTenant(const std::string& value) {
  config::StringAttributeConfig rule;
  rule.key = "tenant";
  rule.values = {{.text = value}};
  return {.name = "tenant " + value, .rule = rule};
}
OtlpSpan TenantSpan(uint64_t trace, uint64_t span, const std::string& tenant) {
  OtlpSpan made(trace, span);
  made.Attribute("tenant", StringValue(tenant));
  return made;
}
// All payloads in one string, to look for words in.
std::string Joined(const std::vector<ExportBatch>& batches) {
  std::string all;
  for (const ExportBatch& batch : batches) all += *batch.payload;
  return all;
}

TEST_F(SamplerTest, PoliciesReadStoredSpansThatRunOverManyBlocks) {
  config_.policies = {HasTenant("b")};
  Make();
  for (uint64_t trace = 1; trace <= 20; ++trace) {
    OtlpRequest request;
    request.Service("a");
    for (uint64_t span = 1; span <= 30; ++span) {
      request.Span(TenantSpan(trace, span, span == 30 && trace % 2 == 0 ? "b" : std::string(100 + span, 'x')));
    }
    Send(request.Bytes());
  }
  Pass(10s);
  const SpansByTrace out = Out();
  for (uint64_t trace = 1; trace <= 20; ++trace) EXPECT_EQ(CountOf(out, trace), trace % 2 == 0 ? 30u : 0u) << trace;
}

TEST_F(SamplerTest, SpanIngestForwardsAtTheFirstMatchAndKeepsNothingAtTheDeadline) {
  config_.sampling_strategy = config::SamplingStrategy::kSpanIngest;
  config_.policies = {HasTenant("b")};
  Make();
  Send(TenantSpan(1, 1, "a"));
  Send(TenantSpan(2, 1, "a"));
  EXPECT_TRUE(Out().empty());
  Send(TenantSpan(1, 2, "b"));
  EXPECT_EQ(CountOf(Out(), 1), 2u) << "with what came before";
  Send(TenantSpan(1, 3, "a"));
  EXPECT_EQ(CountOf(Out(), 1), 3u) << "late spans follow";
  Pass(10s);
  EXPECT_EQ(CountOf(Out(), 2), 0u);
  EXPECT_EQ(Stats().not_sampled_traces, 1u);
  EXPECT_EQ(Stats().policies[0].executions, 3u) << "at the deadline nobody is asked";
}

TEST_F(SamplerTest, SpanIngestJudgesEachPieceByItself) {
  config_.sampling_strategy = config::SamplingStrategy::kSpanIngest;
  config::AndConfig both;
  both.sub_policies = {HasTenant("b"), Errors()};
  config_.policies = {{.name = "both", .rule = both}};
  Make();
  Send(TenantSpan(1, 1, "b"));
  Send(Span(1, 2, kError));
  EXPECT_TRUE(Out().empty()) << "in different pieces";
  OtlpRequest one_piece;
  one_piece.Service("a").Span(TenantSpan(2, 1, "b")).Span(TenantSpan(3, 1, "x")).Span(Span(2, 2, kError));
  Send(one_piece.Bytes());
  EXPECT_EQ(CountOf(Out(), 2), 2u) << "in one, though another trace stands between";
  OtlpRequest two_resources;
  two_resources.Service("a").Span(TenantSpan(4, 1, "b")).Service("b").Span(Span(4, 2, kError));
  Send(two_resources.Bytes());
  EXPECT_EQ(CountOf(Out(), 4), 0u) << "each resource is a piece";
}

TEST_F(SamplerTest, SpanIngestWithADropPolicyThatDoesNotMatchKeepsNothing) {
  config_.sampling_strategy = config::SamplingStrategy::kSpanIngest;
  config::DropConfig drop;
  drop.sub_policies = {HasTenant("noise")};
  config_.policies = {{.name = "all", .rule = config::AlwaysSampleConfig{}}, {.name = "drop", .rule = drop}};
  Make();
  Send(TenantSpan(1, 1, "noise"));
  EXPECT_EQ(Stats().dropped_traces, 1u) << "at once";
  Send(TenantSpan(2, 1, "b"));
  Pass(10s);
  EXPECT_TRUE(Out().empty());
}

// The simulation found it: with room for one trace, and its decision forgotten, the trace got its record back.
TEST_F(SamplerTest, APieceHasNoSpansThatWereDecidedBefore) {
  config_.sampling_strategy = config::SamplingStrategy::kSpanIngest;
  config_.policies = {Errors()};
  options_.traces_max = 1;
  options_.sampled_cache_size = options_.non_sampled_cache_size = 1;
  Make();
  OtlpRequest request;
  request.Service("a").Span(Span(1, 1, kError));
  for (uint64_t trace = 2; trace <= 20; ++trace) request.Span(Span(trace, 1));
  request.Span(Span(1, 2));
  Send(request.Bytes());
  Pass(10s);
  EXPECT_EQ(CountOf(Out(), 1), 0u) << "its error was decided before the piece was whole";
  EXPECT_EQ(Stats().policies[0].sampled_traces, 0u);
}

TEST_F(SamplerTest, RecordPolicyStampsTheScopesOfKeptSpans) {
  config_.record_policy = true;
  config_.policies = {HasTenant("b"), Errors()};
  Make();
  Send(TenantSpan(1, 1, "b"));
  Send(Span(2, 1, kError));
  Pass(10s);
  EXPECT_EQ(Out().size(), 2u);
  const std::string kept = Joined(batches_);
  EXPECT_NE(kept.find("tailsampling.policy"), std::string::npos);
  EXPECT_NE(kept.find("tenant b"), std::string::npos);
  EXPECT_NE(kept.find("errors"), std::string::npos);
  EXPECT_EQ(kept.find("tailsampling.cached_decision"), std::string::npos);
  batches_.clear();
  Send(Span(2, 2));
  sampler_->batch().Flush();
  const std::string late = Joined(batches_);
  EXPECT_NE(late.find("tailsampling.cached_decision"), std::string::npos);
  EXPECT_NE(late.find("errors"), std::string::npos);
  EXPECT_EQ(late.find("tenant b"), std::string::npos);
}

TEST_F(SamplerTest, WithoutRecordPolicyNothingIsAdded) {
  Make();
  const std::string request = OtlpRequest().Service("a").Span(Span(1, 1, kError)).Bytes();
  Send(request);
  Pass(10s);
  EXPECT_EQ(Out().size(), 1u);
  EXPECT_EQ(Joined(batches_).find("tailsampling"), std::string::npos);
}

TEST_F(SamplerTest, BlockOnOverflowSaysSoAndDecidesNothingEarly) {
  config_.block_on_overflow = true;
  Make();
  for (uint64_t trace = 1; trace <= 99; ++trace) Send(Span(trace, 1));
  EXPECT_FALSE(sampler_->Blocked());
  for (uint64_t trace = 100; trace <= 110; ++trace) Send(Span(trace, 1));
  EXPECT_TRUE(sampler_->Blocked());
  EXPECT_EQ(Stats().early_traces, EarlyCounts{}) << "what was on its way finds room";
  Pass(10s);
  EXPECT_FALSE(sampler_->Blocked());
}

TEST_F(SamplerTest, TheSizeBoundCountsEachPieceWithItsResource) {
  const std::string request = OtlpRequest()
                                  .Resource(OtlpResource().Attribute("host", StringValue(std::string(150, 'h'))))
                                  .Span(Span(1, 1))
                                  .Bytes();
  config_.policies = {{.name = "all", .rule = config::AlwaysSampleConfig{}}};
  config_.maximum_trace_size_bytes = 2 * request.size() - 10;  // the request has a tag and a length more than a piece
  Make();
  Send(request);
  EXPECT_EQ(Stats().too_large_traces, 0u);
  Send(request);
  EXPECT_EQ(Stats().too_large_traces, 1u);
}

}  // namespace
}  // namespace tailrace
