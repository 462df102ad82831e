// StoredQueue: the thread between a SendingQueue and its BatchStore. It writes what was offered, several batches in one
// transaction, before the queue gives it out, and erases what has been delivered.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "collector/exporters/batch_store.h"
#include "collector/exporters/sending_queue.h"
#include "collector/telemetry/log.h"

namespace tailrace {

class StoredQueue {
 public:
  // Gives the queue what the store has kept from before. `ready`: called after each write, from the thread.
  StoredQueue(std::unique_ptr<BatchStore> store, SendingQueue& queue, std::string component, Logger& logger,
              std::function<void()> ready);
  ~StoredQueue() { Stop(); }

  // Any thread: something was offered or delivered.
  void Wake();
  // Any thread. The payload of a batch that is in the storage only.
  absl::StatusOr<ExportBatch> Read(uint64_t id) { return store_->Read(id); }
  // Writes and erases what is left, then ends the thread.
  void Stop();

 private:
  void Run();
  void Write();
  void Erase();

  const std::unique_ptr<BatchStore> store_;
  SendingQueue& queue_;
  const std::string component_;
  Logger& logger_;
  const std::function<void()> ready_;
  bool failing_ = false;  // single-writer: the thread's

  std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = false;     // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace tailrace
