#include "bench/waiting_traces.h"

#include <algorithm>
#include <random>

#include "bench/made_requests.h"

namespace tailrace {
namespace {

constexpr uint32_t kServices = 4;
constexpr uint32_t kTracesPerRequest = 20;

}  // namespace

WaitingTraces::WaitingTraces(uint32_t traces)
    : pool_(uint64_t{traces} * (kSpansPerTrace * 456 + 3 * 1024) + (1 << 20), false) {
  chains_.resize(traces);
  // Blocks are used again in any order.
  std::vector<SpanChain> shuffled(pool_.block_count());
  for (SpanChain& chain : shuffled) chain.Append(&pool_, 0, "x");
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(7));
  for (SpanChain& chain : shuffled) chain.Free(&pool_);
  for (uint32_t service = 0; service < kServices; ++service) {
    const ArrivedRequest request({.service_begin = service, .service_end = service + 1, .traces = kTracesPerRequest});
    const RunsView view = request.View();
    for (uint32_t t = 0; t < traces; ++t) {
      const SpanRun& run = view.runs[t % view.runs.size()];
      chains_[t].Append(&pool_, headers_.Intern(view.resource(run.header), view.scope(run.header), 0), view.spans(run));
    }
  }
}

}  // namespace tailrace
