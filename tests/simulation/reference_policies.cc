#include "tests/simulation/reference_policies.h"

#include <algorithm>

#include "tests/simulation/sim_clock.h"

namespace tailrace::simulation {
namespace {

constexpr int64_t kTokenUnits = 512;
constexpr int64_t kNsPerMs = 1'000'000;

// As Go subtracts times: signed nanoseconds, saturating.
int64_t Duration(uint64_t start_ns, uint64_t end_ns) {
  __extension__ typedef __int128 Int128;
  const Int128 difference = Int128{static_cast<int64_t>(end_ns)} - static_cast<int64_t>(start_ns);
  return static_cast<int64_t>(std::clamp<Int128>(difference, INT64_MIN, INT64_MAX));
}

}  // namespace

// The Collector's latency policy: it stops at the first prefix that is slow enough, and 0 is 'not known yet'.
bool IsSlow(const Rule& rule, const std::vector<const MadeSpan*>& spans) {
  uint64_t start = 0, end = 0;
  bool slow_prefix = false;
  for (const MadeSpan* span : spans) {
    if (start == 0 || span->start_ns < start) start = span->start_ns;
    if (end == 0 || span->end_ns > end) end = span->end_ns;
    slow_prefix |= Duration(start, end) / kNsPerMs > rule.a;
  }
  if (rule.b == 0) return slow_prefix;
  const int64_t whole = Duration(start, end) / kNsPerMs;
  return rule.a < whole && whole <= rule.b;
}

ReferencePolicies::ReferencePolicies(const PlannedPipeline& plan)
    : first_match_(plan.sampling.sample_on_first_match), buckets_(plan.buckets) {
  for (const bool drops : {true, false}) {
    for (const Rule& rule : plan.rules) {
      if ((rule.kind == Rule::Kind::kDrop) == drops) rules_.push_back(&rule);
    }
  }
}

bool ReferencePolicies::Take(const Rule& rule, uint64_t tokens, int64_t now_ns) {
  Bucket& bucket = buckets_[rule.bucket];
  const int64_t burst = (rule.b > 0 ? rule.b : 2 * rule.a) * kTokenUnits;
  const int64_t wanted = static_cast<int64_t>(tokens) * kTokenUnits;
  if (wanted > burst) return false;
  const int64_t now = now_ns / SimClock::kTickNs;
  if (!bucket.started) bucket = {.started = true, .tokens = burst, .at = now};
  bucket.tokens = std::min(burst, bucket.tokens + (now - bucket.at) * rule.a);
  bucket.at = now;
  if (wanted > bucket.tokens) return false;
  bucket.tokens -= wanted;
  return true;
}

bool ReferencePolicies::All(const std::vector<Rule>& rules, const Judged& judged, int64_t now_ns) {
  return std::all_of(rules.begin(), rules.end(), [&](const Rule& rule) { return Samples(rule, judged, now_ns); });
}

bool ReferencePolicies::Samples(const Rule& rule, const Judged& judged, int64_t now_ns) {
  const auto any = [&](auto matches) { return std::any_of(judged.spans.begin(), judged.spans.end(), matches); };
  switch (rule.kind) {
    case Rule::Kind::kAlways:
      return true;
    case Rule::Kind::kStatus:
      return any([&](const MadeSpan* span) { return std::max(span->status, 0) == rule.a; });
    case Rule::Kind::kLatency:
      return IsSlow(rule, judged.spans);
    case Rule::Kind::kSpanCount: {
      const auto count = static_cast<int64_t>(judged.span_count);
      return count >= rule.a && (rule.b == 0 || count <= rule.b);
    }
    case Rule::Kind::kTenant:
      return any([&](const MadeSpan* span) { return span->tenant == rule.a; }) != rule.invert;
    case Rule::Kind::kRate:
      return Take(rule, judged.span_count, now_ns);
    case Rule::Kind::kBytes:
      return Take(rule, judged.bytes, now_ns);
    case Rule::Kind::kNot:
      return !Samples(rule.children.front(), judged, now_ns);
    case Rule::Kind::kAnd:
    case Rule::Kind::kDrop:
      return All(rule.children, judged, now_ns);
  }
  return false;
}

Vote ReferencePolicies::Ask(size_t at, const Judged& judged, int64_t now_ns, std::vector<PolicyStats>* votes) {
  const bool yes = Samples(*rules_[at], judged, now_ns);
  PolicyStats& count = (*votes)[at];
  ++count.executions;
  if (!yes) {
    ++count.not_sampled_traces;
    return Vote::kNotSampled;
  }
  const bool drops = rules_[at]->kind == Rule::Kind::kDrop;
  ++(drops ? count.dropped_traces : count.sampled_traces);
  return drops ? Vote::kDropped : Vote::kSampled;
}

ReferenceDecision ReferencePolicies::Decide(const Judged& judged, int64_t now_ns, std::vector<PolicyStats>* votes) {
  ReferenceDecision decision;
  for (size_t i = 0; i < rules_.size(); ++i) {
    const Vote vote = Ask(i, judged, now_ns, votes);
    if (vote == Vote::kDropped) return {Verdict::kDropped, static_cast<int32_t>(i)};
    if (vote != Vote::kSampled || decision.verdict == Verdict::kSampled) continue;
    decision = {Verdict::kSampled, static_cast<int32_t>(i)};
    if (first_match_) break;
  }
  return decision;
}

std::optional<ReferenceDecision> ReferencePolicies::DecidePiece(const Judged& judged, int64_t now_ns,
                                                                std::vector<PolicyStats>* votes) {
  for (size_t i = 0; i < rules_.size(); ++i) {
    // Drop policies come first; one that does not match may match yet, so that nothing is sampled.
    if (i > 0 && rules_[i]->kind != Rule::Kind::kDrop && rules_[i - 1]->kind == Rule::Kind::kDrop) return std::nullopt;
    const Vote vote = Ask(i, judged, now_ns, votes);
    if (vote == Vote::kDropped) return ReferenceDecision{Verdict::kDropped, static_cast<int32_t>(i)};
    if (vote == Vote::kSampled) return ReferenceDecision{Verdict::kSampled, static_cast<int32_t>(i)};
  }
  return std::nullopt;
}

}  // namespace tailrace::simulation
