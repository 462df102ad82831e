// ModelledAtomic: an atomic whose loads may see any value that the C++ memory model allows, as the test chooses, for two
// threads that the test takes turns for. A MemoryModel beside it knows what happens before what, and finds data races
// on plain memory. A test that tries all choices has tried all that any machine may do.
//
// Single thread: the test's. The model that is made last is the one that atomics belong to.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <vector>

namespace tailrace::testing {

// All sequences of choices, one after the other: a run asks Below() as it goes; Next() moves to the next sequence.
class AllChoices {
 public:
  uint64_t Below(uint64_t limit) {
    if (last_only_) return limit - 1;
    if (at_ == choices_.size()) choices_.push_back({0, limit});
    return choices_[at_++].taken;
  }
  // From now on, until Next(), the last is chosen: of the values that a load may see the newest.
  void TakeLast() { last_only_ = true; }
  // False where all have been tried.
  bool Next() {
    at_ = 0;
    last_only_ = false;
    while (!choices_.empty() && choices_.back().taken + 1 == choices_.back().limit) choices_.pop_back();
    if (choices_.empty()) return false;
    ++choices_.back().taken;
    return true;
  }

 private:
  struct Choice {
    uint64_t taken;
    uint64_t limit;
  };
  std::vector<Choice> choices_;
  size_t at_ = 0;
  bool last_only_ = false;
};

class MemoryModel {
 public:
  static constexpr size_t kThreads = 2;
  using Clock = std::array<uint64_t, kThreads>;  // what a thread knows to have happened, by thread

  explicit MemoryModel(AllChoices* choices) : choices_(choices) { current = this; }
  ~MemoryModel() { current = nullptr; }
  MemoryModel(const MemoryModel&) = delete;
  MemoryModel& operator=(const MemoryModel&) = delete;

  void Switch(size_t thread) { thread_ = thread; }
  // What the thread at hand does to plain memory.
  void Write(const void* place) {
    Access& access = accesses_[place];
    races_ += Unordered(access.written) || Unordered(access.read) ? 1 : 0;
    access.written[thread_] = Now();
  }
  void Read(const void* place) {
    Access& access = accesses_[place];
    races_ += Unordered(access.written) ? 1 : 0;
    access.read[thread_] = Now();
  }
  uint64_t races() const { return races_; }

  static inline MemoryModel* current = nullptr;

 private:
  template <typename T>
  friend class ModelledAtomic;
  struct Access {
    Clock written{};
    Clock read{};
  };

  uint64_t Now() { return ++clocks_[thread_][thread_]; }
  // Whether the other thread did it, and not before what the present one knows of.
  bool Unordered(const Clock& done) const { return done[1 - thread_] > clocks_[thread_][1 - thread_]; }

  AllChoices* choices_;
  size_t thread_ = 0;
  std::array<Clock, kThreads> clocks_{};
  std::map<const void*, Access> accesses_;
  uint64_t races_ = 0;
};

template <typename T>
class ModelledAtomic {
 public:
  explicit(false) ModelledAtomic(T value) { stores_.push_back({value, 0, 0, false, {}}); }

  T load(std::memory_order order) {
    MemoryModel& model = *MemoryModel::current;
    const size_t me = model.thread_;
    // Never older than what this thread has seen, or knows to have been stored.
    size_t oldest = seen_[me];
    for (size_t i = oldest; i < stores_.size(); ++i) {
      if (stores_[i].at <= model.clocks_[me][stores_[i].thread]) oldest = i;
    }
    const size_t chosen = oldest + model.choices_->Below(stores_.size() - oldest);
    seen_[me] = chosen;
    const Store& store = stores_[chosen];
    if (store.released && order != std::memory_order_relaxed) {
      for (size_t i = 0; i < MemoryModel::kThreads; ++i) {
        model.clocks_[me][i] = std::max(model.clocks_[me][i], store.known[i]);
      }
    }
    return store.value;
  }

  void store(T value, std::memory_order order) {
    MemoryModel& model = *MemoryModel::current;
    const uint64_t now = model.Now();
    seen_[model.thread_] = stores_.size();
    stores_.push_back({value, model.thread_, now, order != std::memory_order_relaxed, model.clocks_[model.thread_]});
  }

 private:
  struct Store {
    T value;
    size_t thread;
    uint64_t at;  // of its thread's clock
    bool released;
    MemoryModel::Clock known;  // to its thread
  };
  std::vector<Store> stores_;
  std::array<size_t, MemoryModel::kThreads> seen_{};
};

}  // namespace tailrace::testing
