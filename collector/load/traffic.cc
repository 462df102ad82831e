#include "collector/load/traffic.h"

#include <algorithm>
#include <cmath>

namespace tailrace {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr int64_t kFirstBackoffNs = 50'000'000, kBackoffMaxNs = 2 * kSecondNs;
// Spans end at most this long after their base time (span_writer.h), so none lies in the future.
constexpr uint64_t kBaseAgeNs = 2'100'000'000;

uint32_t TracesPerGroup(const TrafficShape& shape) {
  const uint64_t spans = uint64_t{shape.spans_per_request} * (shape.interleave ? shape.services : 1);
  return static_cast<uint32_t>(std::max<uint64_t>(1, spans / shape.spans_per_trace));
}

uint64_t Lag(const TrafficShape& shape) {
  if (!shape.interleave) return 0;
  const uint32_t traces = TracesPerGroup(shape);
  return (shape.spread_traces + traces - 1) / traces;
}

// Spreads a share evenly over numbers: every 1/share-th of them is in.
bool InShare(uint64_t number, double share) {
  return std::floor(static_cast<double>(number + 1) * share) > std::floor(static_cast<double>(number) * share);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Traffic>> Traffic::Make(const LoadOptions& options, uint32_t thread, uint64_t wall_ns,
                                                       LoadCounters* counters) {
  std::unique_ptr<Traffic> made(new Traffic(options, thread, counters));
  if (absl::Status status = made->Prepare(wall_ns); !status.ok()) return status;
  return made;
}

Traffic::Traffic(const LoadOptions& options, uint32_t thread, LoadCounters* counters)
    : options_(options),
      thread_(thread),
      counters_(counters),
      parts_(options.shape.interleave ? options.shape.services : 1),
      traces_per_group_(TracesPerGroup(options.shape)),
      lag_(Lag(options.shape)),
      pool_groups_(std::max<uint64_t>(1, options.shape.pool_requests / parts_)),
      rate_(options.rate / options.threads) {
  if (options.traces > 0) {
    const uint64_t traces = (options.traces + options.threads - 1) / options.threads;
    groups_end_ = (traces + traces_per_group_ - 1) / traces_per_group_;
  }
}

std::vector<MadeTrace> Traffic::MakeTraces(uint32_t pool_group) const {
  std::vector<MadeTrace> traces(traces_per_group_);
  for (uint32_t t = 0; t < traces_per_group_; ++t) {
    const uint64_t number = uint64_t{pool_group} * traces_per_group_ + t;
    // Slow traces are counted backwards within the pool, so that the two shares do not fall on the same traces.
    const uint64_t backwards = pool_groups_ * traces_per_group_ - 1 - number;
    MadeTrace& trace = traces[t];
    if (InShare(number, options_.shape.error_share)) {
      trace.trace_class = TraceClass::kError;
    } else if (InShare(backwards, options_.shape.slow_share)) {
      trace.trace_class = TraceClass::kSlow;
    }
    trace.salt = number + 1;
    // Placeholders: distinct, with no likeness to anything else in the request.
    trace.id = EncodeTraceId({.number = number, .seed = ~options_.shape.seed, .spans = 1});
  }
  return traces;
}

absl::Status Traffic::Prepare(uint64_t wall_ns) {
  const bool grpc = options_.protocol == LoadProtocol::kGrpc;
  for (uint32_t group = 0; group < pool_groups_; ++group) {
    const std::vector<MadeTrace> traces = MakeTraces(group);
    classes_.emplace_back();
    for (const MadeTrace& trace : traces) classes_.back().push_back(trace.trace_class);
    for (uint32_t part = 0; part < parts_; ++part) {
      const bool all = !options_.shape.interleave;
      const RequestTemplate::Content content{
          .traces = traces, .service_begin = all ? 0 : part, .service_end = all ? options_.shape.services : part + 1};
      absl::StatusOr<RequestTemplate> made =
          RequestTemplate::Make(content, options_.shape, options_.compression, grpc, wall_ns - kBaseAgeNs);
      if (!made.ok()) return made.status();
      pool_.push_back(*std::move(made));
    }
  }
  base_times_.resize(lag_ * (parts_ - 1) + 1);
  ids_.resize(traces_per_group_);
  return absl::OkStatus();
}

// Moves step_ and part_ to a part that exists: early steps have no pieces of later services, the last ones none of the
// first. False at the end.
bool Traffic::SkipToPart() {
  for (;;) {
    if (groups_end_ != UINT64_MAX && step_ >= groups_end_ + lag_ * (parts_ - 1)) return false;
    if (step_ >= lag_ * part_ && step_ - lag_ * part_ < groups_end_) return true;
    if (++part_ == parts_) part_ = 0, ++step_;
  }
}

bool Traffic::PartIsDue(int64_t now_ns) {
  if (rate_ <= 0) return true;
  if (pace_start_ns_ == 0) pace_start_ns_ = now_ns;
  const double allowed = rate_ * static_cast<double>(now_ns - pace_start_ns_) / kSecondNs;
  if (paced_spans_ > allowed) return false;
  // Behind by more than a second: the server is too slow. That second is sent after, the rest is not.
  if (allowed - paced_spans_ > rate_) paced_spans_ = allowed - rate_;
  return true;
}

std::optional<OutgoingRequest> Traffic::Next(int64_t now_ns, uint64_t wall_ns) {
  if (!retries_.empty() && retries_.front().due_ns <= now_ns && !retries_.front().request.body->busy()) {
    OutgoingRequest again = retries_.front().request;
    retries_.pop_front();
    again.taken_ns = now_ns;
    counters_->retries.Add();
    Patch(again);
    return again;
  }
  if (!SkipToPart() || !PartIsDue(now_ns)) return std::nullopt;
  const uint64_t group = step_ - lag_ * part_;
  RequestTemplate* body = &pool_[group % pool_groups_ * parts_ + part_];
  if (body->busy()) return std::nullopt;
  uint64_t& base_ns = base_times_[group % base_times_.size()];
  if (part_ == 0) base_ns = wall_ns - kBaseAgeNs;
  const OutgoingRequest request{
      .body = body, .group = group, .part = part_, .base_ns = base_ns, .first_try_ns = now_ns, .taken_ns = now_ns};
  if (++part_ == parts_) part_ = 0, ++step_;
  paced_spans_ += body->spans();
  Patch(request);
  return request;
}

void Traffic::Patch(const OutgoingRequest& request) {
  const std::vector<TraceClass>& classes = classes_[request.group % pool_groups_];
  for (uint32_t t = 0; t < traces_per_group_; ++t) {
    ids_[t] = EncodeTraceId({.number = request.group * traces_per_group_ + t,
                             .seed = options_.shape.seed,
                             .thread = static_cast<uint8_t>(thread_),
                             .trace_class = classes[t],
                             .spans = static_cast<uint16_t>(options_.shape.spans_per_trace)});
  }
  request.body->Patch(ids_, request.base_ns);
  request.body->set_busy(true);
  counters_->requests.Add();
  counters_->request_bytes.Add(request.body->body().size());
  counters_->sent_spans.Add(request.body->spans());
}

void Traffic::Done(const OutgoingRequest& request, SendOutcome outcome, uint64_t rejected_spans, int64_t now_ns) {
  const uint32_t spans = request.body->spans();
  switch (outcome) {
    case SendOutcome::kAcknowledged:
      counters_->acknowledged_requests.Add();
      counters_->acknowledged_spans.Add(spans);
      counters_->rejected_spans.Add(rejected_spans);
      counters_->latency[LatencyBucketOf(static_cast<uint64_t>(now_ns - request.taken_ns) / 1000)].Add();
      break;
    case SendOutcome::kRefused: {
      counters_->refused_requests.Add();
      counters_->refused_spans.Add(spans);
      if (static_cast<double>(now_ns - request.first_try_ns) / kSecondNs >= options_.retry_s) break;
      OutgoingRequest again = request;
      const int64_t backoff = std::min(kFirstBackoffNs << std::min(again.tries, 6u), kBackoffMaxNs);
      ++again.tries;
      const Retry retry{again, now_ns + backoff};
      const auto behind = [](const Retry& a, const Retry& b) { return a.due_ns < b.due_ns; };
      retries_.insert(std::upper_bound(retries_.begin(), retries_.end(), retry, behind), retry);
      return;
    }
    case SendOutcome::kFailed:
      counters_->failed_requests.Add();
      counters_->failed_spans.Add(spans);
      break;
    case SendOutcome::kLost:
      counters_->lost_requests.Add();
      counters_->lost_spans.Add(spans);
      break;
  }
  PartEnded(request, outcome == SendOutcome::kAcknowledged && rejected_spans == 0);
}

void Traffic::PartEnded(const OutgoingRequest& request, bool acknowledged) {
  GroupState& state = open_groups_[request.group];
  state.lost |= !acknowledged;
  if (++state.done < parts_) return;
  for (TraceClass trace_class : classes_[request.group % pool_groups_]) {
    const size_t index = static_cast<size_t>(trace_class);
    (state.lost ? counters_->partial_traces : counters_->whole_traces)[index].Add();
  }
  open_groups_.erase(request.group);
}

void Traffic::EndAfterThisGroup() {
  const uint64_t begun = part_ > 0 ? step_ + 1 : step_;
  groups_end_ = std::min(groups_end_, begun);
}

bool Traffic::finished() const {
  return retries_.empty() && groups_end_ != UINT64_MAX && step_ >= groups_end_ + lag_ * (parts_ - 1) && part_ == 0;
}

}  // namespace tailrace
