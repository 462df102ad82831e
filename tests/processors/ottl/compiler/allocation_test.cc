#include <gtest/gtest.h>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/count_allocations.h"

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
  const int before = testing::allocations;
  view.Reset({scene.span, scene.resource, scene.scope, 1});
  const Answer answer = (*condition)->Test(&evaluation);
  const int after = testing::allocations;
  EXPECT_EQ(answer, Answer::kYes);
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace tailrace::ottl
