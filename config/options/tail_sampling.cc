// The `tail_sampling` processor.
#include "absl/strings/str_cat.h"
#include "config/options/options.h"

namespace tailrace::config {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using T = TailSamplingConfig;

void ReadStrategy(const Node& node, const Scope& scope, T& object) {
  std::string strategy;
  if (node.IsNull() || !internal::ReadText(node, scope, &strategy)) return;
  if (strategy == "span-ingest") {
    object.sampling_strategy = SamplingStrategy::kSpanIngest;
  } else if (strategy == "trace-complete") {
    object.sampling_strategy = SamplingStrategy::kTraceComplete;
  } else {
    scope.Fail(node.where, absl::StrCat("invalid sampling_strategy \"", strategy,
                                        "\", expected one of \"trace-complete\" or \"span-ingest\""));
  }
}

void ReadShards(const Node& node, const Scope& scope, T& object) {
  constexpr uint32_t kShardsMax = 256;
  uint32_t shards = 0;
  if (node.IsNull() || !Integers<uint32_t>().read(node, scope, &shards)) return;
  if (shards > kShardsMax) {
    return scope.Fail(node.where, absl::StrCat("num_shards (", shards, ") must not exceed ", kShardsMax));
  }
  object.num_shards = shards;
}

Schema<T> CacheOptions() {
  Schema<T> schema;
  schema
      .Value("sampled_cache_size", &T::sampled_cache_size, uint64_t{0}, Integers<uint64_t>(0, 1'000'000'000),
             "Trace ids remembered as kept, for late spans. 0: ten times num_traces.")
      .Value("non_sampled_cache_size", &T::non_sampled_cache_size, uint64_t{0}, Integers<uint64_t>(0, 1'000'000'000),
             "Trace ids remembered as not kept, for late spans. 0: ten times num_traces.");
  return schema;
}

void CheckPolicies(const T& object, const Node& node, const Scope& scope) {
  const Node* policies = node.Find("policies");
  const bool given = policies != nullptr && !policies->IsNull();
  if (!object.policies.empty() || (given && !(policies->IsList() && policies->items.empty()))) return;
  scope.Child("policies")
      .Fail(policies == nullptr ? node.where : policies->where,
            "at least one policy is required: without one no trace would be kept; "
            "`- {name: all, type: always_sample}` keeps every trace");
}

}  // namespace

Schema<TailSamplingConfig> TailSamplingOptions() {
  Schema<T> schema;
  schema
      .Value("decision_wait", &T::decision_wait, Duration(seconds(30)), Durations({seconds(0), hours(24)}),
             "How long after its first span a trace is held before it is decided.")
      .Value("decision_wait_after_root_received", &T::decision_wait_after_root_received, Duration(0),
             Durations({seconds(0), hours(24)}),
             "How long after its root span a trace is held, where that ends earlier. 0s: off.")
      .Value("num_traces", &T::num_traces, uint64_t{50000}, Integers<uint64_t>(1, 1'000'000'000),
             "Undecided traces held at most; above it the oldest is decided early.")
      .Value("expected_new_traces_per_sec", &T::expected_new_traces_per_sec, uint64_t{0}, Integers<uint64_t>(),
             "Accepted; the table needs no hint.")
      .Section("decision_cache", CacheOptions(), "What is remembered of decided traces.")
      .Value("sample_on_first_match", &T::sample_on_first_match, false, Booleans(),
             "Stop asking policies at the first one that keeps the trace.")
      .Value("drop_pending_traces_on_shutdown", &T::drop_pending_traces_on_shutdown, false, Booleans(),
             "At a stop, drop undecided traces; otherwise they are decided with the spans that they have.")
      .Value("maximum_trace_size_bytes", &T::maximum_trace_size_bytes, uint64_t{0}, Integers<uint64_t>(),
             "A trace larger than this is not kept. 0: off.")
      .Custom({"sampling_strategy", "word", "trace-complete", "trace-complete, span-ingest",
               "`trace-complete` judges whole traces; `span-ingest` judges each piece as it arrives, forwards at the "
               "first match, and at the deadline keeps nothing more."},
              ReadStrategy,
              [](const T& object) -> std::optional<Node> {
                return Node::Scalar(object.sampling_strategy == SamplingStrategy::kSpanIngest ? "span-ingest"
                                                                                              : "trace-complete");
              })
      .Value("record_policy", &T::record_policy, false, Booleans(),
             "Put the name of the policy that kept a trace on its scopes, as the attributes tailsampling.policy, "
             "tailsampling.composite_policy and tailsampling.cached_decision (the Collector's feature gate "
             "recordpolicy).")
      .Value("block_on_overflow", &T::block_on_overflow, false, Booleans(),
             "At num_traces, refuse requests until a trace has been decided, instead of deciding the oldest early. "
             "Senders are asked to retry; decisions go on, so this never lasts longer than decision_wait.")
      .Custom({"num_shards", "integer", "", "0 to 256",
               "The Collector's key; above 1 it is mapped to service::tailrace::shards where that is not set."},
              ReadShards)
      .Custom({"tail_storage", "-", "", "",
               "Refused: spans wait in memory here (service::tailrace::memory_budget_mib); there are no storage "
               "extensions."},
              [](const Node& node, const Scope& scope, T&) {
                if (node.IsNull()) return;
                scope.Fail(
                    node.where,
                    "Tailrace holds waiting spans in memory, within service::tailrace::memory_budget_mib, and has "
                    "no storage extensions: remove this key");
              })
      .Custom(
          {"policies", "list", "required", "at least one", "What is kept: a trace that any policy keeps is kept."},
          [](const Node& node, const Scope& scope, T& object) { LoadPolicies(node, scope, &object.policies); },
          [](const T& object) { return PrintPolicies(object.policies); }, DescribePolicies)
      .Checked(CheckPolicies);
  return schema;
}

}  // namespace tailrace::config
