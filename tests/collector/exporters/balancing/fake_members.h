// Members without a network: what a load-balancing exporter sends to each, and how each answers, as a test says.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "collector/exporters/balancing/load_balancing_exporter.h"
#include "collector/exporters/remote_exporter.h"
#include "tests/support/scanned_spans.h"

namespace tailrace::testing {

// Guarded: own mutex; any thread. Outlives the exporter.
class FakeMembers {
 public:
  enum class Answer { kTake, kRefuseForNow, kHang };

  void Set(const std::string& address, Answer answer) {
    std::lock_guard lock(mutex_);
    answers_[address] = answer;
  }
  // What hangs is answered now, as unavailable.
  void EndHanging() {
    std::lock_guard lock(mutex_);
    hanging_over_ = true;
    for (const auto& wake : wakes_) wake.second();
  }
  // All spans that the member took, by trace.
  SpansByTrace Taken(const std::string& address) const {
    std::lock_guard lock(mutex_);
    const auto entry = taken_.find(address);
    return entry == taken_.end() ? SpansByTrace() : entry->second;
  }
  uint64_t TakenSpans() const {
    std::lock_guard lock(mutex_);
    uint64_t count = 0;
    for (const auto& [address, traces] : taken_) {
      for (const auto& [trace, spans] : traces) count += spans.size();
    }
    return count;
  }
  // Requests that a member had and has not answered.
  uint64_t Hanging() const {
    std::lock_guard lock(mutex_);
    return hanging_;
  }

  MakeMember Maker(Logger& logger, const Clock& clock) {
    return [this, &logger, &clock](const config::OtlpExporterConfig& config, std::shared_ptr<DeadLetters> letters) {
      return MakeRemoteExporter(config, nullptr, {config.endpoint, ""},
                                std::make_unique<Transport>(*this, config.endpoint), logger, clock, std::move(letters));
    };
  }

 private:
  class Transport final : public BackendTransport {
   public:
    Transport(FakeMembers& members, std::string address) : members_(members), address_(std::move(address)) {}
    ~Transport() override {
      std::lock_guard lock(members_.mutex_);
      members_.wakes_.erase(this);
    }
    absl::Status Start() override {
      std::lock_guard lock(members_.mutex_);
      members_.wakes_[this] = [this] { Wake(); };
      return absl::OkStatus();
    }
    void Send(uint64_t tag, const ExportBatch& batch) override {
      std::lock_guard lock(members_.mutex_);
      const auto answer = members_.answers_.find(address_);
      switch (answer == members_.answers_.end() ? Answer::kTake : answer->second) {
        case Answer::kTake:
          AddSpans(*batch.payload, &members_.taken_[address_]);
          answers_.push_back({tag, SendResult()});
          return;
        case Answer::kRefuseForNow:
          answers_.push_back({tag, {.outcome = SendResult::Outcome::kRetry, .error = "not now"}});
          return;
        case Answer::kHang:
          ++members_.hanging_;
          hanging_.push_back(tag);
      }
    }
    void Poll(int64_t until_ns, std::vector<TransportAnswer>* answers) override {
      const auto until = until_ns == INT64_MAX
                             ? std::chrono::steady_clock::now() + std::chrono::hours(1)
                             : std::chrono::steady_clock::time_point(std::chrono::nanoseconds(until_ns));
      {
        std::unique_lock lock(mutex_);
        if (answers_.empty()) woken_up_.wait_until(lock, until, [this] { return woken_; });
        woken_ = false;
      }
      std::lock_guard lock(members_.mutex_);
      if (members_.hanging_over_ || cancelled_) {
        for (const uint64_t tag : hanging_) {
          --members_.hanging_;
          answers_.push_back({tag, {.outcome = SendResult::Outcome::kRetry, .error = "gone"}});
        }
        hanging_.clear();
      }
      answers->insert(answers->end(), answers_.begin(), answers_.end());
      answers_.clear();
    }
    void Wake() override {
      std::lock_guard lock(mutex_);
      woken_ = true;
      woken_up_.notify_one();
    }
    void CancelAll() override {
      cancelled_ = true;
      Wake();
    }

   private:
    FakeMembers& members_;
    const std::string address_;
    std::vector<TransportAnswer> answers_;  // the exporter's thread only
    std::vector<uint64_t> hanging_;         // the exporter's thread only
    bool cancelled_ = false;                // the exporter's thread only
    std::mutex mutex_;
    std::condition_variable woken_up_;
    bool woken_ = false;  // guarded by mutex_
  };

  mutable std::mutex mutex_;
  std::map<std::string, Answer> answers_;
  std::map<std::string, SpansByTrace> taken_;
  std::map<const Transport*, std::function<void()>> wakes_;
  uint64_t hanging_ = 0;
  bool hanging_over_ = false;
};

// A resolver that finds what a test tells it.
class FakeResolver final : public MemberResolver {
 public:
  // Where the test finds it, while the exporter lives.
  explicit FakeResolver(FakeResolver** place) { *place = this; }
  const char* name() const override { return "fake"; }
  absl::Status Start(OnMembers on_members) override {
    on_members_ = std::move(on_members);
    return absl::OkStatus();
  }
  void Stop() override {}
  const ResolutionCounts& counts() const override { return counts_; }
  void Find(std::vector<std::string> names) {
    counts_.ok.fetch_add(1);
    on_members_(std::move(names));
  }

 private:
  OnMembers on_members_;
  ResolutionCounts counts_;
};

}  // namespace tailrace::testing
