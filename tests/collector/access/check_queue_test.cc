// Checks that take long: once for the same credentials, bounded for different ones.
#include "collector/access/check_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>
#include <vector>

#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using testing::WaitFor;

TEST(CheckQueue, TheSameIsCheckedOnceAndEveryoneIsTold) {
  const KeyedDigest digest;
  std::promise<void> go;
  std::atomic<int> ran{0}, told{0};
  CheckQueue queue;
  const auto work = [&, gate = go.get_future().share()] {
    gate.wait();
    ++ran;
    return AuthVerdict{.outcome = AuthOutcome::kWrong};
  };
  const auto first = queue.Add(digest.Of("a"), work);
  EXPECT_EQ(queue.Add(digest.Of("a"), work), first);
  EXPECT_EQ(first->verdict().outcome, AuthOutcome::kPending);
  for (int i = 0; i < 3; ++i) first->WhenDone([&told] { ++told; });
  EXPECT_EQ(told, 0);
  go.set_value();
  EXPECT_TRUE(WaitFor([&] { return told == 3; }));
  EXPECT_EQ(first->verdict().outcome, AuthOutcome::kWrong);
  first->WhenDone([&told] { ++told; });
  EXPECT_EQ(told, 4) << "at once, where it is over";
  EXPECT_NE(queue.Add(digest.Of("a"), work), first) << "it was over: a new one";
  EXPECT_TRUE(WaitFor([&] { return ran == 2; }));
}

TEST(CheckQueue, IsBoundedAndEndsWithWhatWaits) {
  const KeyedDigest digest;
  std::promise<void> go;
  std::atomic<bool> running{false};
  std::atomic<size_t> ran{0};
  {
    CheckQueue queue;
    const auto work = [&, gate = go.get_future().share()] {
      running = true;
      gate.wait();
      ++ran;
      return AuthVerdict{};
    };
    ASSERT_NE(queue.Add(digest.Of("at work"), work), nullptr);
    ASSERT_TRUE(WaitFor([&] { return running.load(); }));
    for (size_t i = 0; i < CheckQueue::kWaitingMax; ++i)
      ASSERT_NE(queue.Add(digest.Of(std::to_string(i)), work), nullptr);
    EXPECT_EQ(queue.Add(digest.Of("one more"), work), nullptr);
    EXPECT_NE(queue.Add(digest.Of("0"), work), nullptr) << "what waits already takes no place";
    go.set_value();
  }
  EXPECT_GE(ran, 1u);
}

}  // namespace
}  // namespace tailrace
