#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/processors/ottl/compiler/asked.h"

namespace {
std::atomic<int> allocations{0};
}  // namespace

[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace tailrace::ottl {
namespace {

TEST(Allocation, ATestTakesNoMemoryOnceTheArenaIsWarm) {
  AttributeKeys keys;
  const auto condition = Condition::Compile(
      "attributes[\"i\"] == 5 and attributes[\"map\"][\"k\"] == \"v\" and kind == 2 and not (name == \"x\") and "
      "resource.attributes[\"service.name\"] == \"cart\" and trace_id.string != \"\" and attributes[\"i\"] + 1 == 6 "
      "and "
      "attributes[\"list\"] == [\"a\", 2, [0.5]] and end_time > start_time and trace_state[\"vendor\"] == \"alpha\"",
      Context::kSpan, &keys);
  ASSERT_TRUE(condition.ok());
  const Scene scene;
  SpanView view(&keys);
  Evaluation evaluation;
  evaluation.span = &view;
  view.Begin();
  view.Reset({scene.span, scene.resource, scene.scope, 0});
  ASSERT_EQ((*condition)->Test(&evaluation), Answer::kYes);
  const int before = allocations;
  view.Reset({scene.span, scene.resource, scene.scope, 1});
  const Answer answer = (*condition)->Test(&evaluation);
  const int after = allocations;
  EXPECT_EQ(answer, Answer::kYes);
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace tailrace::ottl
