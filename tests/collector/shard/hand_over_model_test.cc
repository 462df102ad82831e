// The ring between two shards, with every interleaving of its operations and every value that a load may see. Each
// operation of the ring touches one atomic once, so that operations in every order are instructions in every order.
#include <gtest/gtest.h>

#include <memory>

#include "collector/shard/hand_over.h"
#include "tests/collector/shard/modelled_atomic.h"

namespace tailrace {
namespace {

using testing::AllChoices;
using testing::MemoryModel;
using testing::ModelledAtomic;

constexpr uint64_t kSlots = 2;
constexpr uint64_t kItems = 4;
constexpr int kTurns = 13;
using Ring = BasicHandOverRing<ModelledAtomic, kSlots>;

// Two shards that take turns as the choices say.
class TwoShards {
 public:
  explicit TwoShards(AllChoices* choices) : choices_(choices), model_(choices) {}

  void Go() {
    for (int turn = 0; turn < kTurns; ++turn) {
      const size_t thread = choices_->Below(2);
      model_.Switch(thread);
      thread == 0 ? Produce() : Consume();
    }
  }
  // Once nothing that is read is stale any more, everything that was pushed can be taken and given back.
  bool Settles() {
    for (uint64_t i = 0; i < 100 && (taken_ < pushed_ || !ring_.AllReclaimed()); ++i) {
      const bool producer = i % 2 == 0;
      model_.Switch(producer ? 0 : 1);
      producer ? ring_.Reclaim() : Consume();
    }
    return taken_ == pushed_ && ring_.AllReclaimed() && ring_.spans_pushed() == ring_.spans_popped();
  }

  uint64_t wrong() const { return wrong_ + model_.races(); }
  uint64_t pushed() const { return pushed_; }
  uint64_t taken() const { return taken_; }

 private:
  void Produce() {
    if (pushed_ == kItems || !ring_.HasRoom()) return;
    HandOver& slot = ring_.Next();
    model_.Write(&slot);
    slot.hashes.assign(1, pushed_++);
    slot.span_count = 1;
    ring_.Push();
    wrong_ += pushed_ - taken_ > kSlots ? 1 : 0;
  }
  // A look and a step behind it are two turns: the producer may come between.
  void Consume() {
    if (front_ != nullptr) {
      model_.Read(front_);
      wrong_ += front_->hashes[0] == taken_ ? 0 : 1;
      front_ = nullptr;
      ++taken_;
      ring_.Pop();
    } else {
      front_ = ring_.Front();
    }
  }

  AllChoices* choices_;
  MemoryModel model_;
  Ring ring_;
  const HandOver* front_ = nullptr;
  uint64_t pushed_ = 0;
  uint64_t taken_ = 0;
  uint64_t wrong_ = 0;
};

TEST(HandOverModel, NoInterleavingLosesDoublesOrTearsAHandOver) {
  AllChoices choices;
  uint64_t runs = 0, all_pushed = 0, all_taken = 0;
  do {
    // Not on the stack, which AddressSanitizer aligns for less than a ring asks for.
    const auto run = std::make_unique<TwoShards>(&choices);
    run->Go();
    ASSERT_EQ(run->wrong(), 0u) << "run " << runs;
    ++runs;
    all_pushed += run->pushed() == kItems ? 1 : 0;
    all_taken += run->taken() == kItems ? 1 : 0;
    choices.TakeLast();
    ASSERT_TRUE(run->Settles()) << "run " << runs;
  } while (choices.Next());
  EXPECT_GT(runs, 8'192u) << "more than the turns alone: loads have had a choice";
  EXPECT_GT(all_pushed, 0u) << "twice around the ring";
  EXPECT_GT(all_taken, 0u);
}

}  // namespace
}  // namespace tailrace
