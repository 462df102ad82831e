#include "collector/access/check_queue.h"

#include <utility>
#include <vector>

#include "base/thread_name.h"

namespace tailrace {

class CheckQueue::Check final : public PendingCheck {
 public:
  void WhenDone(std::function<void()> done) override {
    {
      const std::lock_guard lock(mutex_);
      if (verdict_.outcome == AuthOutcome::kPending) {
        waiters_.push_back(std::move(done));
        return;
      }
    }
    done();
  }
  AuthVerdict verdict() const override {
    const std::lock_guard lock(mutex_);
    return verdict_;
  }
  void Finish(AuthVerdict verdict) {
    std::vector<std::function<void()>> waiters;
    {
      const std::lock_guard lock(mutex_);
      verdict_ = std::move(verdict);
      waiters.swap(waiters_);
    }
    for (const auto& done : waiters) done();
  }

 private:
  mutable std::mutex mutex_;
  AuthVerdict verdict_{.outcome = AuthOutcome::kPending};  // guarded by mutex_
  std::vector<std::function<void()>> waiters_;             // likewise; at most one for each connection
};

CheckQueue::CheckQueue() : thread_([this] { Run(); }) {}

CheckQueue::~CheckQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

std::shared_ptr<PendingCheck> CheckQueue::Add(const KeyedDigest::Digest& digest, std::function<AuthVerdict()> work) {
  const std::lock_guard lock(mutex_);
  if (const auto found = checks_.find(digest); found != checks_.end()) return found->second;
  if (waiting_.size() >= kWaitingMax) return nullptr;
  waiting_.emplace_back(digest, std::move(work));
  wake_.notify_one();
  return checks_.emplace(digest, std::make_shared<Check>()).first->second;
}

void CheckQueue::Run() {
  NameThisThread("check-passwords");
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const auto [digest, work] = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    AuthVerdict verdict = work();
    lock.lock();
    // Who asks from here on finds the verdict where `work` put it, or starts anew.
    const std::shared_ptr<Check> check = std::move(checks_.extract(digest).mapped());
    lock.unlock();
    check->Finish(std::move(verdict));
    lock.lock();
  }
}

}  // namespace tailrace
