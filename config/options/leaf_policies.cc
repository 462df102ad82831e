// The policies that judge by what is known of a trace without reading its spans.
#include <utility>

#include "absl/strings/str_cat.h"
#include "config/did_you_mean.h"
#include "config/options/policy_options.h"

namespace tailrace::config {
namespace {

// As the Collector's int64 options, but for the one number that has no positive counterpart.
Kind<int64_t> SignedIntegers() { return Integers<int64_t>(std::numeric_limits<int64_t>::min() + 1); }

// A limit of nothing is legal in the Collector, and keeps nothing.
template <class P>
typename Schema<P>::Check WarnIfNothingPasses(int64_t P::*rate, int64_t P::*burst, const char* key) {
  return [=](const P& policy, const Node& node, const Scope& scope) {
    if (policy.*rate > 0 || policy.*burst > 0) return;
    scope.Child(key).Warn(node.where, "0: no trace is kept");
  };
}

}  // namespace

Schema<AlwaysSampleConfig> AlwaysSampleOptions() { return {}; }

Schema<LatencyConfig> LatencyOptions() {
  using P = LatencyConfig;
  Schema<P> schema;
  schema
      .Value("threshold_ms", &P::threshold_ms, int64_t{0}, SignedIntegers(),
             "Keep traces that last longer than this, from the earliest start to the latest end.")
      .Value("upper_threshold_ms", &P::upper_threshold_ms, int64_t{0}, SignedIntegers(),
             "Do not keep traces that last longer than this. 0: no upper bound.");
  return schema;
}

Schema<StatusCodeConfig> StatusCodeOptions() {
  using P = StatusCodeConfig;
  Kind<std::vector<std::string>> codes = TextLists();
  codes.type = "list of words";
  codes.allowed = "OK, ERROR, UNSET";
  codes.read = [texts = codes.read](const Node& node, const Scope& scope, std::vector<std::string>* out) {
    if (!texts(node, scope, out)) return false;
    const std::vector<std::string> known = {"OK", "ERROR", "UNSET"};
    for (size_t i = 0; i < out->size(); ++i) {
      const std::string& code = (*out)[i];
      if (code == "OK" || code == "ERROR" || code == "UNSET") continue;
      scope.Item(i).Fail(node.items[i].where, absl::StrCat("unknown status code \"", code.substr(0, 60),
                                                           "\", supported: OK, ERROR, UNSET", DidYouMean(code, known)));
    }
    return true;
  };
  Schema<P> schema;
  schema
      .Value("status_codes", &P::status_codes, std::vector<std::string>{}, std::move(codes),
             "Keep traces with a span of one of these codes.")
      .Checked([](const P& policy, const Node& node, const Scope& scope) {
        const Node* given = node.Find("status_codes");
        if (!policy.status_codes.empty() || (given != nullptr && !given->IsNull() && !given->IsList())) return;
        scope.Fail(node.where, "expected at least one status code to filter on");
      });
  return schema;
}

Schema<ProbabilisticConfig> ProbabilisticOptions() {
  using P = ProbabilisticConfig;
  constexpr double kLargest = 1e6;
  Schema<P> schema;
  schema
      .Value("sampling_percentage", &P::sampling_percentage, 0.0, Numbers(-kLargest, kLargest),
             "Keep this share of all traces, chosen by trace id. 100 and above: all; 0 and below: none.")
      .Value("hash_salt", &P::hash_salt, std::string(), Texts(),
             "Instances with the same salt keep the same traces. Empty: \"default-hash-seed\".")
      .Checked([](const P& policy, const Node& node, const Scope& scope) {
        const Node* given = node.Find("sampling_percentage");
        if (given == nullptr || (policy.sampling_percentage >= 0 && policy.sampling_percentage <= 100)) return;
        scope.Child("sampling_percentage")
            .Warn(given->where,
                  policy.sampling_percentage > 100 ? "above 100: every trace is kept" : "below 0: no trace is kept");
      });
  return schema;
}

Schema<RateLimitingConfig> RateLimitingOptions() {
  using P = RateLimitingConfig;
  Schema<P> schema;
  schema
      .Value("spans_per_second", &P::spans_per_second, int64_t{0}, SignedIntegers(),
             "Keep traces while the bucket, which gains this many spans a second, holds all spans of the trace.")
      .Value("burst_capacity", &P::burst_capacity, int64_t{0}, SignedIntegers(),
             "Spans that the bucket holds at most; a larger trace never passes. 0: twice spans_per_second.")
      .Checked(WarnIfNothingPasses(&P::spans_per_second, &P::burst_capacity, "spans_per_second"));
  return schema;
}

Schema<BytesLimitingConfig> BytesLimitingOptions() {
  using P = BytesLimitingConfig;
  Schema<P> schema;
  schema
      .Value("bytes_per_second", &P::bytes_per_second, int64_t{0}, SignedIntegers(),
             "Keep traces while the bucket, which gains this many bytes a second, holds the whole trace as protobuf.")
      .Value("burst_capacity", &P::burst_capacity, int64_t{0}, SignedIntegers(),
             "Bytes that the bucket holds at most; a larger trace never passes. 0: twice bytes_per_second.")
      .Checked(WarnIfNothingPasses(&P::bytes_per_second, &P::burst_capacity, "bytes_per_second"));
  return schema;
}

Schema<SpanCountConfig> SpanCountOptions() {
  using P = SpanCountConfig;
  constexpr int32_t kLeast = std::numeric_limits<int32_t>::min();
  Schema<P> schema;
  schema.Value("min_spans", &P::min_spans, 0, Integers<int32_t>(kLeast), "Keep traces with at least this many spans.")
      .Value("max_spans", &P::max_spans, 0, Integers<int32_t>(kLeast),
             "Do not keep traces with more spans than this. 0: no upper bound.");
  return schema;
}

}  // namespace tailrace::config
