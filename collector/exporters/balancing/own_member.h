// The member that is this process itself, for batches that were offered before that was known: an exporter like the
// other members', whose requests go to the pipelines of this process instead of to a socket.
#pragma once

#include <memory>
#include <mutex>

#include "base/clock.h"
#include "collector/exporters/exporter.h"
#include "collector/exporters/remote_exporter.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

// OwnDoor: the way to the process's own pipelines while there is one.
//
// Guarded: one mutex, held while a batch is taken, so that none is under way once the door is shut.
class OwnDoor {
 public:
  // Null shuts it for good.
  void Open(TakeOwn take);
  // Before it opens: to be tried again; after it was shut: dropped.
  SendResult Take(const ExportBatch& batch);

 private:
  std::mutex mutex_;
  TakeOwn take_;       // guarded by mutex_
  bool shut_ = false;  // guarded by mutex_
};

// `config`: as of a member (member_address.h).
std::unique_ptr<RemoteExporter> MakeOwnMember(const config::OtlpExporterConfig& config, std::shared_ptr<OwnDoor> door,
                                              std::shared_ptr<DeadLetters> dead_letters, Logger& logger,
                                              const Clock& clock);

}  // namespace tailrace
