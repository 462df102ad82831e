// BatchStore: an exporter's queue on disk (`sending_queue.storage`), on an embedded store. Batches come out in the
// order in which they went in, also after a crash; what Append() acknowledged is there after kill -9.
//
// Guarded: own mutex; any thread, but each call may wait for the disk.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collector/exporters/exporter.h"
#include "config/model.h"

namespace tailrace {

struct StoredBatch {
  uint64_t id = 0;  // grows with every batch
  uint32_t spans = 0;
  uint32_t traces = 0;
  uint64_t bytes = 0;  // of the payload
};

class BatchStore {
 public:
  virtual ~BatchStore() = default;

  // All of them or none; `ids` in the same order.
  [[nodiscard]] virtual absl::Status Append(std::span<const ExportBatch> batches, std::vector<uint64_t>* ids) = 0;
  // kNotFound where it is not there; kDataLoss where its bytes are not what was written.
  [[nodiscard]] virtual absl::StatusOr<ExportBatch> Read(uint64_t id) = 0;
  // Ids that are not there are no error.
  [[nodiscard]] virtual absl::Status Remove(std::span<const uint64_t> ids) = 0;
  // What was there when it was opened, oldest first; once.
  virtual std::vector<StoredBatch> TakeRecovered() = 0;
};

// `exporter`: names the file within the storage's directory. A store that is damaged or written by a newer version is
// set aside under another name, `warning` says which and why, and an empty one is begun; a directory that cannot be
// written is an error.
absl::StatusOr<std::unique_ptr<BatchStore>> OpenBatchStore(const config::FileStorageConfig& storage,
                                                           const std::string& exporter, std::string* warning);

}  // namespace tailrace
