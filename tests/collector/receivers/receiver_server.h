// ReceiverServer: a Listener and Connections on a thread of their own, in front of a RecordingIngest.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "collector/access/access_keeper.h"
#include "collector/receivers/port.h"
#include "collector/shard/ingest.h"
#include "tests/support/recording_logger.h"

namespace tailrace::testing {

// Keeps every body; judges them as the shards do, with the request scanner, unless told what to answer.
class RecordingIngest final : public Ingest {
 public:
  explicit RecordingIngest(size_t buffer_bytes) : pool_(buffer_bytes) {}

  IngestResult Take(const BufferRef& request, uint32_t receiver, Transport transport, uint8_t hops) override;
  BufferPool& buffers() override { return pool_; }
  void CountRefused(uint32_t receiver, Transport transport) override;
  void CountFailed(uint32_t receiver, Transport transport) override;
  ConnectionStats& connections() override { return stats_; }

  std::vector<std::string> bodies();
  size_t body_count();
  std::atomic<bool> overloaded{false};
  std::atomic<bool> too_large{false};
  std::atomic<bool> keep_bodies{true};
  std::atomic<uint64_t> taken{0}, refused{0}, failed{0};
  std::atomic<int> last_transport{-1};
  std::atomic<uint32_t> last_receiver{UINT32_MAX};

 private:
  BufferPool pool_;
  ConnectionStats stats_;
  std::mutex mutex_;
  std::vector<std::string> bodies_;
};

class ReceiverServer {
 public:
  explicit ReceiverServer(config::ListenerConfig limits = {}, size_t buffer_bytes = size_t{256} << 20);
  ~ReceiverServer();

  uint16_t port() const;
  RecordingIngest& ingest() { return ingest_; }
  // Of TLS and authentication, where `limits` has them.
  ListenerStats access_stats() { return access_->Stats().at(0); }
  // Taken on the server's thread.
  ConnectionStats stats();
  size_t connections();
  size_t buffer_bytes_in_use();
  void Drain();
  void Run(const std::function<void()>& action);

 private:
  struct Loop;
  RecordingIngest ingest_;
  SystemClock clock_;
  RecordingLogger logger_;
  std::unique_ptr<AccessKeeper> access_ = std::make_unique<AccessKeeper>(logger_);
  Port port_;
  std::unique_ptr<Loop> loop_;
};

}  // namespace tailrace::testing
