// CheckQueue: one thread that does what takes too long for a shard, bcrypt, one after the other. The same credentials
// are checked once, however many ask meanwhile; different ones wait in a bounded queue.
//
// Guarded: own mutex; any thread. The destructor ends the thread after the check that it is at; what still waits is
// never told.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "collector/access/keyed_digest.h"
#include "collector/access/server_authenticator.h"

namespace tailrace {

class CheckQueue {
 public:
  static constexpr size_t kWaitingMax = 64;

  CheckQueue();
  ~CheckQueue();
  CheckQueue(const CheckQueue&) = delete;
  CheckQueue& operator=(const CheckQueue&) = delete;

  // The check under way for `digest`, or a new one that runs `work`. Null: the queue is full.
  std::shared_ptr<PendingCheck> Add(const KeyedDigest::Digest& digest, std::function<AuthVerdict()> work);

 private:
  class Check;
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // all guarded by mutex_
  std::deque<std::pair<KeyedDigest::Digest, std::function<AuthVerdict()>>> waiting_;
  std::map<KeyedDigest::Digest, std::shared_ptr<Check>> checks_;  // waiting and running
  std::thread thread_;
};

}  // namespace tailrace
