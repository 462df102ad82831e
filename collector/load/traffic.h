// Traffic: decides what one load thread sends next. Hands out requests from a ring of templates, each with trace ids
// written in that were never sent before; follows what became of them; tells which traces were sent whole.
//
// Traces come in groups. Without interleaving a group is one request. With it, a group's traces are cut by service into
// as many requests, and the request of service s goes out `lag` groups after that of service s - 1. So pieces of many
// traces are under way at any time, and nothing has to be remembered for it but each group's base time.
//
// Single-writer: belongs to its load thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "collector/load/load_counters.h"
#include "collector/load/load_options.h"
#include "collector/load/request_template.h"

namespace tailrace {

enum class SendOutcome : uint8_t { kAcknowledged, kRefused, kFailed, kLost };

struct OutgoingRequest {
  RequestTemplate* body = nullptr;
  uint64_t group = 0;
  uint32_t part = 0;
  uint64_t base_ns = 0;      // the group's
  int64_t first_try_ns = 0;  // monotonic
  int64_t taken_ns = 0;      // monotonic, this try
  uint32_t tries = 0;
};

class Traffic {
 public:
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Traffic>> Make(const LoadOptions& options, uint32_t thread,
                                                                     uint64_t wall_ns, LoadCounters* counters);

  // The next request, patched and busy; nothing when the rate, a busy template or the end says wait.
  std::optional<OutgoingRequest> Next(int64_t now_ns, uint64_t wall_ns);
  // The bytes of the request are with the kernel.
  void Written(const OutgoingRequest& request) { request.body->set_busy(false); }
  // The request's end. kRefused comes back through Next() where the options say so.
  void Done(const OutgoingRequest& request, SendOutcome outcome, uint64_t rejected_spans, int64_t now_ns);

  // Begins no new trace any more; pieces of those begun are still sent.
  void EndAfterThisGroup();
  // Nothing is left to send (though some may be under way).
  bool finished() const;

 private:
  struct Retry {
    OutgoingRequest request;
    int64_t due_ns;
  };
  struct GroupState {
    uint32_t done = 0;
    bool lost = false;
  };

  Traffic(const LoadOptions& options, uint32_t thread, LoadCounters* counters);
  absl::Status Prepare(uint64_t wall_ns);
  std::vector<MadeTrace> MakeTraces(uint32_t pool_group) const;
  bool PartIsDue(int64_t now_ns);
  bool SkipToPart();
  void Patch(const OutgoingRequest& request);
  void PartEnded(const OutgoingRequest& request, bool acknowledged);

  const LoadOptions options_;
  const uint32_t thread_;
  LoadCounters* const counters_;
  const uint32_t parts_;  // requests of a group
  const uint32_t traces_per_group_;
  const uint64_t lag_;  // in groups
  const uint64_t pool_groups_;
  const double rate_;  // spans a second of this thread; 0: no bound

  std::vector<RequestTemplate> pool_;
  std::vector<std::vector<TraceClass>> classes_;  // [pool group][trace]
  std::vector<uint64_t> base_times_;              // ring over the groups under way
  std::vector<TraceId> ids_;                      // scratch
  absl::flat_hash_map<uint64_t, GroupState> open_groups_;
  std::deque<Retry> retries_;

  uint64_t step_ = 0;  // of `parts_` requests each
  uint32_t part_ = 0;
  uint64_t groups_end_ = UINT64_MAX;
  int64_t pace_start_ns_ = 0;  // where the rate is counted from
  double paced_spans_ = 0;
};

}  // namespace tailrace
