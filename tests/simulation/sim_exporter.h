// SimExporter: the daemon's own sending queue with a made-up backend behind it, beside a model of what the queue may
// do. Batches wait here until the simulation has held them against the reference.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collector/exporters/exporter.h"
#include "collector/exporters/sending_queue.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/sim_clock.h"
#include "tests/simulation/story.h"

namespace tailrace::simulation {

class SimExporter final : public Exporter {
 public:
  SimExporter(std::string name, const PlannedPipeline& plan, const Clock& clock, uint64_t seed, Story* story)
      : name_(std::move(name)),
        plan_(plan),
        clock_(clock),
        queue_(plan.queue, plan.retry, clock, seed),
        story_(story) {}

  absl::Status Start() override { return absl::OkStatus(); }
  void Offer(const ExportBatch& batch) override;
  void Stop(std::chrono::steady_clock::time_point) override {}
  bool full() const override { return queue_.full(); }
  ExporterStats Stats() const override;

  // What came since the last call.
  std::vector<ExportBatch> TakeOffered() { return std::exchange(offered_, {}); }

  // The backend takes a batch, or answers one that it has; in any way that a backend may.
  void BackendStep(Chance* chance);
  // The end: what is there is delivered until the deadline, and counted after it.
  void End(Chance* chance, SimClock* clock, int64_t deadline_ns);
  // Holds the queue's account against the model's.
  void Check();

  bool should_be_full() const { return plan_.queue.block_on_overflow && held_ >= plan_.queue.queue_size; }
  uint64_t queue_full_spans() const { return dropped_[static_cast<size_t>(DropReason::kQueueFull)]; }

 private:
  struct Known {
    uint64_t spans;
    std::optional<int64_t> due_ns;  // it failed, and waits until then
  };
  using Id = const std::string*;

  void Take();
  void Answer(Chance* chance);
  void Count(DropReason reason, uint64_t spans) { dropped_[static_cast<size_t>(reason)] += spans; }
  void Forget(Id id);

  const std::string name_;
  const PlannedPipeline& plan_;
  const Clock& clock_;
  SendingQueue queue_;
  Story* const story_;
  std::vector<ExportBatch> offered_;

  // The model: by payload, which is known by its address while the queue has it.
  std::map<Id, Known> known_;
  std::deque<Id> fresh_;
  std::vector<QueuedBatch> in_flight_;
  uint64_t held_ = 0;
  uint64_t received_ = 0;
  uint64_t forwarded_ = 0;
  DropCounts dropped_{};
  bool closed_ = false;
};

}  // namespace tailrace::simulation
