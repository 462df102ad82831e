// ThreadedExporter: what the exporters with one writer thread of their own (`file`, `debug`) have in common: a queue
// bounded in bytes, the thread, its wake-up, and the end.
//
// A derived class writes Write() and, where it gathers, Tick(); both run on the thread. Its destructor must call
// Join().
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "collector/exporters/export_log.h"
#include "collector/exporters/exporter.h"
#include "collector/exporters/sending_queue.h"

namespace tailrace {

class ThreadedExporter : public Exporter {
 public:
  void Offer(const ExportBatch& batch) final;
  void Stop(std::chrono::steady_clock::time_point deadline) final;
  ExporterStats Stats() const final;

 protected:
  // `tick`: how often Tick() runs at least.
  ThreadedExporter(const config::ComponentId& id, config::Duration tick, Logger& logger, const Clock& clock);

  // At the end of the derived Start().
  void StartThread();
  void Join();

  // Takes one batch; sooner or later it must be given to Done().
  virtual void Write(QueuedBatch item) = 0;
  // Each `tick`, and last of all before the thread ends.
  virtual void Tick() {}
  void Done(QueuedBatch item, const SendResult& result);

  const std::string& name() const { return name_; }
  Logger& logger() { return logger_; }
  const Clock& clock() const { return clock_; }

 private:
  void Run();
  // Until somebody woke us or the tick is due.
  void Sleep();

  // Immutable.
  const std::string name_;
  const config::Duration tick_;
  Logger& logger_;
  const Clock& clock_;

  // Guarded: each by its own mutex.
  SendingQueue queue_;
  ExportLog log_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = false;                                   // guarded by mutex_
  bool stopping_ = false;                                // guarded by mutex_
  std::chrono::steady_clock::time_point stop_deadline_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace tailrace
