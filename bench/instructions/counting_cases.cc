// A request that was scanned, and its briefs with it, is counted.
#include "bench/instructions/cases.h"
#include "bench/made_policies.h"
#include "bench/made_requests.h"
#include "collector/baselines/baseline_table.h"
#include "collector/spanmetrics/span_metrics.h"

namespace tailrace {
namespace {

class CountBaselines final : public Case {
 public:
  uint64_t Turn() override {
    if (table_.Wants(0)) table_.Count(request_.bytes, request_.scanned, 0);
    return request_.scanned.span_count;
  }

 private:
  const ArrivedRequest request_{{}, {.briefs_max = 16384}};
  BaselineTable table_{BaselineTable::Size(1 << 20)};
};

class CountSpanMetrics final : public Case {
 public:
  uint64_t Turn() override {
    metrics_.counter(0)->Count(request_.bytes, request_.scanned);
    return request_.scanned.span_count;
  }

 private:
  const ArrivedRequest request_{{}, {.briefs_max = 16384}};
  const config::SpanMetricsConfig connector_ = MadeConnector(/*dimension=*/false);
  SpanMetrics metrics_{connector_, {.series_max = 1000, .label_bytes_max = 1'000'000, .hash_key = 1}};
};

}  // namespace

std::unique_ptr<Case> MakeCountBaselines() { return std::make_unique<CountBaselines>(); }
std::unique_ptr<Case> MakeCountSpanMetrics() { return std::make_unique<CountSpanMetrics>(); }

}  // namespace tailrace
