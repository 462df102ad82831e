#include "tests/simulation/compare.h"

#include <numeric>

namespace tailrace::simulation {
namespace {

template <class Stats>
struct Count {
  const char* name;
  uint64_t Stats::*member;
};

constexpr Count<PipelineStats> kPipelineCounts[] = {
    {"accepted_spans", &PipelineStats::accepted_spans},
    {"kept_spans", &PipelineStats::kept_spans},
    {"dropped_by_policy_spans", &PipelineStats::dropped_by_policy_spans},
    {"in_ring_spans", &PipelineStats::in_ring_spans},
    {"in_table_spans", &PipelineStats::in_table_spans},
    {"in_open_batch_spans", &PipelineStats::in_open_batch_spans},
    {"in_table_traces", &PipelineStats::in_table_traces},
    {"in_table_bytes", &PipelineStats::in_table_bytes},
    {"new_traces", &PipelineStats::new_traces},
    {"sampled_traces", &PipelineStats::sampled_traces},
    {"not_sampled_traces", &PipelineStats::not_sampled_traces},
    {"dropped_traces", &PipelineStats::dropped_traces},
    {"too_large_traces", &PipelineStats::too_large_traces},
    {"late_sampled_spans", &PipelineStats::late_sampled_spans},
    {"late_not_sampled_spans", &PipelineStats::late_not_sampled_spans},
    {"policy_errors", &PipelineStats::policy_errors},
};
constexpr Count<PolicyStats> kPolicyCounts[] = {
    {"sampled_traces", &PolicyStats::sampled_traces},
    {"not_sampled_traces", &PolicyStats::not_sampled_traces},
    {"dropped_traces", &PolicyStats::dropped_traces},
    {"executions", &PolicyStats::executions},
};
constexpr Count<ReceiverStats> kReceiverCounts[] = {
    {"accepted_spans", &ReceiverStats::accepted_spans},
    {"refused_spans", &ReceiverStats::refused_spans},
    {"failed_spans", &ReceiverStats::failed_spans},
    {"requests_ok", &ReceiverStats::requests_ok},
    {"requests_refused", &ReceiverStats::requests_refused},
    {"requests_failed", &ReceiverStats::requests_failed},
    {"body_bytes", &ReceiverStats::body_bytes},
};

std::string Difference(const std::string& name, uint64_t counted, uint64_t expected) {
  return name + " is " + std::to_string(counted) + ", should be " + std::to_string(expected);
}

template <class Stats, size_t kCounts>
std::string FirstDifference(const Count<Stats> (&counts)[kCounts], const Stats& counted, const Stats& expected) {
  for (const Count<Stats>& count : counts) {
    if (counted.*count.member != expected.*count.member) {
      return Difference(count.name, counted.*count.member, expected.*count.member);
    }
  }
  return {};
}

}  // namespace

std::string Compare(const PipelineStats& counted, const PipelineStats& expected) {
  if (std::string difference = FirstDifference(kPipelineCounts, counted, expected); !difference.empty()) {
    return difference;
  }
  for (size_t i = 0; i < kEarlyReasons; ++i) {
    if (counted.early_traces[i] == expected.early_traces[i]) continue;
    return Difference("early " + std::string(kEarlyReasonNames[i]), counted.early_traces[i], expected.early_traces[i]);
  }
  for (size_t i = 0; i < kDropReasons; ++i) {
    if (counted.dropped_spans[i] == expected.dropped_spans[i]) continue;
    return Difference("dropped " + std::string(kDropReasonNames[i]), counted.dropped_spans[i],
                      expected.dropped_spans[i]);
  }
  if (counted.policies.size() != expected.policies.size()) return "policies are missing";
  for (size_t i = 0; i < counted.policies.size(); ++i) {
    if (counted.policies[i].name != expected.policies[i].name) return "policies are in another order";
    std::string difference = FirstDifference(kPolicyCounts, counted.policies[i], expected.policies[i]);
    if (!difference.empty()) return counted.policies[i].name + ": " + difference;
  }
  return {};
}

std::string Compare(const ReceiverStats& counted, const ReceiverStats& expected) {
  return FirstDifference(kReceiverCounts, counted, expected);
}

uint64_t CountOf(const Histogram& histogram) {
  return std::accumulate(histogram.counts.begin(), histogram.counts.end(), uint64_t{0});
}

}  // namespace tailrace::simulation
