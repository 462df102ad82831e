#include "collector/exporters/stored_queue.h"

#include <utility>
#include <vector>

#include "base/thread_name.h"

namespace tailrace {
namespace {

constexpr uint64_t kTransactionBytes = uint64_t{16} << 20;

}  // namespace

StoredQueue::StoredQueue(std::unique_ptr<BatchStore> store, SendingQueue& queue, std::string component, Logger& logger,
                         std::function<void()> ready)
    : store_(std::move(store)),
      queue_(queue),
      component_(std::move(component)),
      logger_(logger),
      ready_(std::move(ready)) {
  const std::vector<StoredBatch> recovered = store_->TakeRecovered();
  if (!recovered.empty()) {
    logger_.Info(component_, "Queue recovered from the storage", {{"batches", std::to_string(recovered.size())}});
  }
  queue_.UseStorage(recovered);
  thread_ = std::thread([this] { Run(); });
}

void StoredQueue::Wake() {
  {
    std::lock_guard lock(mutex_);
    if (woken_) return;
    woken_ = true;
  }
  wake_.notify_one();
}

void StoredQueue::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void StoredQueue::Run() {
  NameThisThread("store-" + component_);
  for (bool stopping = false; !stopping;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return woken_ || stopping_; });
      woken_ = false;
      stopping = stopping_;
    }
    Write();
    Erase();
  }
}

void StoredQueue::Write() {
  for (;;) {
    std::vector<QueuedBatch> batches = queue_.TakeUnstored(kTransactionBytes);
    if (batches.empty()) return;
    std::vector<ExportBatch> written;
    written.reserve(batches.size());
    for (const QueuedBatch& item : batches) written.push_back(item.batch);
    std::vector<uint64_t> ids;
    const absl::Status status = store_->Append(written, &ids);
    if (!status.ok()) {
      ids.clear();
      if (!std::exchange(failing_, true)) {
        logger_.Error(component_, "The queue's storage cannot be written; batches are held in memory meanwhile",
                      {{"error", std::string(status.message())}});
      }
    } else if (std::exchange(failing_, false)) {
      logger_.Info(component_, "The queue's storage works again");
    }
    queue_.Stored(std::move(batches), ids);
    ready_();
  }
}

void StoredQueue::Erase() {
  const std::vector<uint64_t> ids = queue_.TakeRemovals();
  if (ids.empty()) return;
  const absl::Status status = store_->Remove(ids);
  if (!status.ok() && !std::exchange(failing_, true)) {
    logger_.Error(component_, "Delivered batches cannot be erased from the queue's storage; they may be sent again",
                  {{"error", std::string(status.message())}});
  }
}

}  // namespace tailrace
