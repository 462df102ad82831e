// Why the golden cases were decided so: what the journal says of random traces in random cases is what the engine says,
// and what can be told from the record and the stored spans alone is no other vote.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <set>

#include "base/hash.h"
#include "collector/shard/framed_spans.h"
#include "collector/shard/sampler.h"
#include "processors/explain/explain.h"
#include "processors/explain/vote_again.h"
#include "tests/processors/golden_cases.h"
#include "tests/processors/golden_input.h"

namespace tailrace {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

// One case whose input has gone through a sampler.
class DecidedCase {
 public:
  explicit DecidedCase(const std::string& name) : loaded_(LoadCase(name)), engine_(sampling()) {
    const Sampler::Options options{.traces_max = 1'000,
                                   .sampled_cache_size = 0,
                                   .non_sampled_cache_size = 0,
                                   .header_bytes_max = 1 << 20,
                                   .journal_bytes = 16 << 20,
                                   .batch = {4 << 20, 1'000'000}};
    sampler_ = std::make_unique<Sampler>(
        sampling(), options, &pool_, [](const ExportBatch&) {}, [] { return false; });
    std::ifstream input(GoldenFile("input.jsonl"));
    ScannedRequest scanned;
    for (std::string line; std::getline(input, line);) {
      std::string request;
      EXPECT_TRUE(ParseOtlpJson(line, &request).ok());
      EXPECT_EQ(ScanRequest(request, &scanned), ScanError::kNone);
      std::vector<uint64_t> hashes;
      for (const SpanRun& run : scanned.runs) hashes.push_back(hasher_(run.trace_id));
      sampler_->Add({request, &scanned.headers, &scanned.gathered, scanned.runs, hashes}, kSecond);
    }
    while (sampler_->DecideDue(100 * kSecond, 1'000)) {
    }
  }

  const config::TailSamplingConfig& sampling() const { return loaded_.config.tail_samplings.front(); }
  TraceLook Look(const TraceId& id) { return sampler_->Look(id, hasher_(id)); }
  Decision Judge(GoldenTrace* trace) {
    return engine_.Decide({.id = trace->id, .facts = trace->facts, .spans = &trace->spans});
  }

 private:
  config::LoadResult loaded_;
  Engine engine_;  // that has seen nothing of what the sampler did
  TraceIdHasher hasher_;
  BlockPool pool_{16 << 20, false};
  std::unique_ptr<Sampler> sampler_;
};

std::set<std::string> SpanIds(std::string_view request) {
  std::set<std::string> ids;
  FramedSpans spans(request);
  const AttributeKeys no_keys;
  SpanView view(&no_keys);
  for (StoredSpan span; spans.Next(&span);) {
    view.Reset(span);
    ids.emplace(view.fields().span_id);
  }
  return ids;
}

void CheckVotes(const config::TailSamplingConfig& sampling, const TraceLook& look, const Decision& decision) {
  const JournalRecord& record = look.record;
  ASSERT_EQ(record.verdict, decision.verdict);
  ASSERT_EQ(record.votes, decision.votes);
  ASSERT_EQ(record.policy, decision.policy < 0 ? JournalRecord::kNoPolicy : decision.policy);
  const std::vector<const config::PolicyConfig*> policies = PoliciesAsAsked(sampling);
  ASSERT_FALSE(look.spans.empty());
  FramedSpans spans(look.spans);
  const TraceFacts facts{
      .time = record.time, .span_count = record.span_count, .seen = record.seen, .bytes = record.bytes};
  const KnownTrace trace{.id = record.id, .facts = facts, .spans = &spans};
  const std::set<std::string> ids = SpanIds(look.spans);
  for (size_t i = 0; i < policies.size(); ++i) {
    const std::optional<Vote> vote = record.votes.Get(i);
    const Explanation why = Explain(*policies[i], trace, vote);
    EXPECT_NE(why.rule, "");
    if (why.span.has_value()) EXPECT_EQ(ids.count(why.span->span_id), 1u);
    if (!vote.has_value()) continue;
    const std::optional<Vote> again = VoteAgain(*policies[i], trace);
    if (!again.has_value() || *again == *vote) continue;
    // A kept trace is stored service by service, and where one span errs and another matches the first of them counts.
    EXPECT_TRUE(std::holds_alternative<config::OttlConditionConfig>(policies[i]->rule)) << policies[i]->name;
    EXPECT_EQ(why.value, "") << "no word against the vote";
  }
}

TEST(WhyGolden, TenThousandRandomTracesOfAllCases) {
  std::vector<GoldenTrace*> traces;
  for (auto& [id, trace] : GoldenTraces()) traces.push_back(&trace);
  const std::vector<std::string> names = CaseNames();
  std::mt19937 random(20260707);  // NOLINT: the same pairs every time
  std::map<std::string, std::vector<GoldenTrace*>> pairs;
  for (int i = 0; i < 10'000; ++i) pairs[names[random() % names.size()]].push_back(traces[random() % traces.size()]);
  int kept = 0;
  for (const auto& [name, chosen] : pairs) {
    SCOPED_TRACE(name);
    DecidedCase decided(name);
    const uint64_t size_max = decided.sampling().maximum_trace_size_bytes;
    for (GoldenTrace* trace : chosen) {
      const TraceLook look = decided.Look(trace->id);
      if (size_max > 0 && trace->facts.bytes > size_max) {
        ASSERT_EQ(look.record.cause, kCauseTooLarge);
        continue;
      }
      const Decision decision = decided.Judge(trace);
      ASSERT_EQ(look.state, decision.verdict == Verdict::kSampled ? TraceState::kKept : TraceState::kDropped);
      kept += look.state == TraceState::kKept ? 1 : 0;
      CheckVotes(decided.sampling(), look, decision);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_GT(kept, 2'000);
}

}  // namespace
}  // namespace tailrace
