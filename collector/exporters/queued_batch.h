// QueuedBatch: a batch in a SendingQueue, or a piece of one, with its history. A value.
#pragma once

#include <cstdint>
#include <memory>

#include "collector/exporters/exporter.h"

namespace tailrace {

// A batch's place in the queue's storage, held by all pieces that it was taken into.
struct StoredPlace {
  uint64_t id = 0;
  uint32_t pieces = 1;  // guarded by the queue's mutex
};

struct QueuedBatch {
  ExportBatch batch;                    // payload null: in the storage only
  uint64_t bytes = 0;                   // of the payload
  std::shared_ptr<StoredPlace> stored;  // null: in memory only
  uint32_t retries = 0;
  int64_t offered_ns = 0;
  int64_t first_attempt_ns = 0;  // 0: none yet
  // How many more times what is left of one batch may be taken in two because something in it is refused; shared by
  // its pieces, set with the first cut. Only the exporter's thread reads or writes it.
  std::shared_ptr<uint32_t> cuts_left;
};

}  // namespace tailrace
