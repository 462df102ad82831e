// MemberSet: the members that spans go to, those that are leaving, and the queue of what has no member yet; what moves
// between them, and the account over all of them.
//
// Guarded: one mutex, held for a few moves of pointers at a time; batches are taken apart outside of it. Offer() from
// any thread, Use() and MoveOn() from one (the keeper), Stats() from any.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "collector/exporters/balancing/batch_parts.h"
#include "collector/exporters/balancing/routing_keys.h"
#include "collector/exporters/balancing/routing_table.h"
#include "collector/exporters/export_log.h"
#include "collector/exporters/remote_exporter.h"
#include "collector/exporters/sending_queue.h"
#include "collector/telemetry/snapshot.h"

namespace tailrace {

class MemberSet {
 public:
  using Table = std::shared_ptr<const RoutingTable>;
  using Member = std::shared_ptr<RemoteExporter>;

  // `changed`: called on threads of members that leave, whenever MoveOn() may have something to do.
  MemberSet(const config::LoadBalancingConfig& config, Logger& logger, const Clock& clock,
            std::function<void()> changed);

  void Offer(const ExportBatch& batch);
  // Some member, or the queue of what has none, is at its bound with block_on_overflow.
  bool full() const;

  // --- the keeper ---
  // The member at an address, null where there is none. `own`: as which it was reached, from within or from without.
  Member Find(const std::string& address, bool own) const;
  // From now on `members`, one for each owner of `table`, started; none and a null table: nobody. Those that are not
  // among them any more leave.
  void Use(Table table, std::vector<Member> members);
  // Routes what members that left have given up, and what waited for a first one; ends those that are done.
  void MoveOn();
  // Nothing waits for a member that is this process itself.
  bool own_settled() const;
  // Whether everything has a member.
  bool settled() const { return unplaced_.idle(); }

  // --- the end: after the last Use(), Offer() and MoveOn() ---
  // What has no member is dropped, and handed back for the dead letters; members get until `deadline`.
  std::vector<QueuedBatch> Stop(std::chrono::steady_clock::time_point deadline);

  // Any thread.
  Table table() const;
  // All but the resolver's part and the exporter's name.
  ExporterStats Stats() const;

 private:
  // Offers the batch, or its parts: it is taken apart, not under the mutex, where it must be. `moving`: its spans are
  // in moving_spans_.
  void Route(const ExportBatch& batch, bool moving);
  // Under the mutex: a batch that need not be taken apart; false: it must.
  bool Place(const ExportBatch& batch, bool moving);
  // What `take` gives up, called under the mutex, goes on as one batch; false: nothing.
  template <typename Take>
  bool MoveOne(Take take);

  // Immutable.
  const RoutingKeys keys_;
  const bool block_;
  const uint64_t memory_bytes_max_;  // of all queues together; 0: any number
  const std::function<void()> changed_;

  // Guarded: each by its own mutex.
  ExportLog log_;
  SendingQueue unplaced_;  // nothing is ever sent from it

  mutable std::mutex mutex_;
  // Guarded by mutex_. The table and who is a member are written by the keeper alone.
  Table table_;
  std::vector<Member> members_;  // by owner
  std::vector<Member> leavers_;
  ExporterStats ended_;        // counts of members that are gone
  uint64_t moving_spans_ = 0;  // between two queues
  uint64_t rerouted_spans_ = 0;
  uint64_t unreadable_spans_ = 0;
  uint64_t updates_ = 0;
};

}  // namespace tailrace
