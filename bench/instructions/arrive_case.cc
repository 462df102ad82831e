// Pieces of traces come into the table, and each trace is decided when its time has come: the middle of the straight
// line as one shard has it under full load, its pieces interleaved as `tailrace load --interleave` sends them.
#include <chrono>
#include <vector>

#include "base/hash.h"
#include "bench/instructions/cases.h"
#include "bench/made_policies.h"
#include "bench/made_requests.h"
#include "collector/shard/sampler.h"

namespace tailrace {
namespace {

constexpr uint32_t kServices = 4;
constexpr uint32_t kTracesPerRequest = 20;
constexpr uint32_t kGroups = 10;  // of requests that are made beforehand
constexpr uint64_t kSpread = 50;  // turns between a trace's pieces: a thousand other traces begin
constexpr int64_t kTurnNs = 10'000'000;
constexpr int64_t kWaitTurns = 200;  // every piece has come by then
constexpr uint64_t kTurnsPerSweep = 100;

// One of two hundred has an error, one is slow, and one in a hundred of the rest is kept: 2 %.
TraceClass ClassOf(uint32_t trace) {
  constexpr uint32_t kOneIn = kGroups * kTracesPerRequest;
  if (trace % kOneIn == 3) return TraceClass::kError;
  return trace % kOneIn == kOneIn / 2 ? TraceClass::kSlow : TraceClass::kNormal;
}

// A new one for every trace, as even as random ones.
TraceId IdOf(uint64_t number) {
  const uint64_t words[2] = {MultiplyFold(number + 1, 0x9E3779B97F4A7C15), ~number};
  return TraceId::FromBytes(words);
}

config::TailSamplingConfig Sampling() {
  config::TailSamplingConfig sampling = ThreePolicies();
  sampling.decision_wait = std::chrono::nanoseconds(kWaitTurns * kTurnNs);
  return sampling;
}

class Arrive final : public Case {
 public:
  explicit Arrive(uint64_t journal_bytes)
      : sampler_(
            sampling_,
            // The caches are full before the turns that count.
            {.traces_max = 8192,
             .sampled_cache_size = 64,
             .non_sampled_cache_size = 4096,
             .header_bytes_max = 1 << 20,
             .journal_bytes = journal_bytes,
             .estimates = EstimateTable::Size(1 << 18),
             .batch = {4 << 20, 8192}},
            &pool_, [](const ExportBatch&) {}, [] { return false; }) {
    for (uint32_t group = 0; group < kGroups; ++group) {
      for (uint32_t service = 0; service < kServices; ++service) {
        requests_.emplace_back(RequestShape{.service_begin = service,
                                            .service_end = service + 1,
                                            .first_trace = group * kTracesPerRequest,
                                            .traces = kTracesPerRequest,
                                            .class_of = ClassOf});
      }
    }
  }

  uint64_t Turn() override {
    uint64_t spans = 0;
    for (uint32_t service = 0; service < kServices && turn_ >= service * kSpread; ++service) {
      spans += Take(turn_ - service * kSpread, service);
    }
    ++turn_;
    while (sampler_.DecideDue(NowNs(), 512)) {
    }
    if (turn_ % kTurnsPerSweep == 0) sampler_.Sweep();
    return spans;
  }

 private:
  int64_t NowNs() const { return static_cast<int64_t>(turn_ + 1) * kTurnNs; }

  // The traces' ids are new in the runs alone: what is in the bytes is not looked at again.
  uint64_t Take(uint64_t group, uint32_t service) {
    ArrivedRequest& request = requests_[group % kGroups * kServices + service];
    for (size_t i = 0; i < request.scanned.runs.size(); ++i) {
      TraceId& id = request.scanned.runs[i].trace_id;
      id = IdOf(group * kTracesPerRequest + i);
      request.hashes[i] = TraceIdHasher()(id);
    }
    sampler_.Add(request.View(), NowNs());
    return request.scanned.span_count;
  }

  const config::TailSamplingConfig sampling_ = Sampling();
  BlockPool pool_{uint64_t{64} << 20, /*prefault=*/false};
  Sampler sampler_;
  std::vector<ArrivedRequest> requests_;  // by group and service
  uint64_t turn_ = 0;
};

}  // namespace

std::unique_ptr<Case> MakeArrive() { return std::make_unique<Arrive>(0); }
std::unique_ptr<Case> MakeArriveWithJournal() { return std::make_unique<Arrive>(uint64_t{8} << 20); }

}  // namespace tailrace
