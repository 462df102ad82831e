// What a Sampler has counted.
#include "collector/shard/sampler.h"

namespace tailrace {

void Sampler::AddTo(PipelineStats* stats) const {
  stats->kept_spans += kept_;
  stats->dropped_by_policy_spans += dropped_by_policy_;
  for (size_t i = 0; i < kDropReasons; ++i) stats->dropped_spans[i] += dropped_[i];
  stats->in_table_spans += in_table_;
  stats->in_open_batch_spans += batch_.span_count();
  stats->in_table_traces += table_.size();
  if (codec_ != nullptr) {
    stats->uncompressed_bytes += codec_->bytes_in();
    stats->compressed_bytes += codec_->bytes_stored();
  }
  stats->in_table_bytes += shares_.blocks() * BlockPool::kBlockBytes + headers_.bytes();
  stats->new_traces += new_traces_;
  stats->sampled_traces += verdicts_[static_cast<size_t>(Verdict::kSampled)];
  stats->not_sampled_traces += verdicts_[static_cast<size_t>(Verdict::kNotSampled)];
  stats->dropped_traces += verdicts_[static_cast<size_t>(Verdict::kDropped)];
  for (size_t i = 0; i < kEarlyReasons; ++i) stats->early_traces[i] += early_traces_[i];
  stats->too_large_traces += too_large_traces_;
  stats->late_sampled_spans += late_sampled_;
  stats->late_not_sampled_spans += late_not_sampled_;
  stats->policies.resize(engine_.policies().size());
  for (size_t i = 0; i < stats->policies.size(); ++i) {
    const Engine::Entry& entry = engine_.policies()[i];
    PolicyStats& policy = stats->policies[i];
    policy.name = entry.name;
    policy.sampled_traces += entry.sampled;
    policy.not_sampled_traces += entry.not_sampled;
    policy.dropped_traces += entry.dropped;
    policy.errors += entry.errors;
    policy.executions += entry.executions();
    policy.execution_time_us += entry.ns / 1000;
    stats->policy_errors += entry.errors;
  }
  const size_t policies = engine_.policies().size();
  if (policies <= Votes::kPolicies) {
    stats->policy_overlap.resize(policies * policies);
    for (size_t i = 0; i < stats->policy_overlap.size(); ++i) {
      stats->policy_overlap[i] += overlap_.Get(i / policies, i % policies);
    }
  }
  decision_lag_ms_.AddTo(&stats->decision_lag_ms);
  removal_age_s_.AddTo(&stats->removal_age_s);
  late_span_age_s_.AddTo(&stats->late_span_age_s);
}

}  // namespace tailrace
