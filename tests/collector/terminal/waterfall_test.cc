#include "collector/terminal/waterfall.h"

#include <gtest/gtest.h>

namespace tailrace {
namespace {

constexpr int32_t kInternal = 1, kServer = 2, kClient = 3, kConsumer = 5;

WaterfallSpan Span(std::string_view id, std::string_view parent, uint64_t start, uint64_t end,
                   int32_t kind = kInternal) {
  return {.id = id, .parent_id = parent, .service = "s", .name = id, .kind = kind, .start_ns = start, .end_ns = end};
}

TEST(Waterfall, RowsBeginWhereTheTraceDoes) {
  const Waterfall waterfall = LayOut({Span("a", "", 1000, 1100), Span("b", "a", 1010, 1090)});
  ASSERT_EQ(waterfall.rows.size(), 2u);
  EXPECT_EQ(waterfall.duration_ns, 100u);
  EXPECT_EQ(waterfall.rows[1].offset_ns, 10u);
  EXPECT_EQ(waterfall.rows[1].duration_ns, 80u);
  EXPECT_EQ(waterfall.rows[1].level, 1u);
  EXPECT_EQ(waterfall.bottleneck, 1u);
  EXPECT_EQ(waterfall.bottleneck_ns, 80u);
  EXPECT_TRUE(waterfall.root_seen);
  EXPECT_EQ(waterfall.moved, 0u);
}

TEST(Waterfall, AServerWhoseClockIsOffIsMovedIntoItsCallWithAllBelow) {
  const Waterfall waterfall = LayOut({Span("call", "", 1000, 1100, kClient), Span("serve", "call", 9000, 9060, kServer),
                                      Span("work", "serve", 9010, 9050), Span("next", "work", 9020, 9040)});
  EXPECT_EQ(waterfall.moved, 1u);
  EXPECT_EQ(waterfall.duration_ns, 100u);
  EXPECT_EQ(waterfall.rows[1].offset_ns, 20u);
  EXPECT_EQ(waterfall.rows[2].offset_ns, 30u);
  EXPECT_EQ(waterfall.rows[3].offset_ns, 40u);
}

TEST(Waterfall, OnlyCallsAreMoved) {
  // A message that was picked up later is where it is.
  const Waterfall consumer =
      LayOut({Span("send", "", 1000, 1100, kClient), Span("take", "send", 5000, 5050, kConsumer)});
  EXPECT_EQ(consumer.moved, 0u);
  EXPECT_EQ(consumer.duration_ns, 4050u);
  const Waterfall longer = LayOut({Span("call", "", 1000, 1100, kClient), Span("serve", "call", 900, 1200, kServer)});
  EXPECT_EQ(longer.moved, 0u) << "it cannot lie within";
}

TEST(Waterfall, TimesThatMakeNoSenseAreBorne) {
  const Waterfall backwards = LayOut({Span("a", "", 500, 100)});
  EXPECT_EQ(backwards.duration_ns, 0u);
  EXPECT_FALSE(backwards.bottleneck.has_value());
  const Waterfall extremes = LayOut({Span("a", "", 0, UINT64_MAX, kClient), Span("b", "a", UINT64_MAX, 0, kServer),
                                     Span("c", "b", 0, 5), Span("d", "gone", UINT64_MAX - 1, UINT64_MAX)});
  EXPECT_EQ(extremes.rows.size(), 4u);
  EXPECT_EQ(extremes.duration_ns, UINT64_MAX);
  // Moved back beyond zero, and on beyond the end.
  const Waterfall wraps =
      LayOut({Span("a", "", 10, 20, kClient), Span("b", "a", UINT64_MAX - 5, UINT64_MAX - 1, kServer),
              Span("c", "b", 3, 4), Span("d", "b", UINT64_MAX, UINT64_MAX)});
  for (const WaterfallRow& row : wraps.rows) EXPECT_LE(row.offset_ns + row.duration_ns, wraps.duration_ns);
}

TEST(Waterfall, TheCauseIsTheDeepestErrorThatCameFirst) {
  std::vector<WaterfallSpan> spans = {Span("a", "", 0, 100), Span("b", "a", 10, 40), Span("c", "b", 20, 30),
                                      Span("d", "a", 50, 60)};
  EXPECT_FALSE(LayOut(spans).cause.has_value());
  spans[0].error = spans[3].error = true;
  EXPECT_EQ(LayOut(spans).cause, 3u);
  spans[2].error = true;  // with an ancestor between that is fine
  EXPECT_EQ(LayOut(spans).cause, 2u);
}

TEST(Waterfall, WithoutARootTheLongestTreeStandsIn) {
  const Waterfall waterfall = LayOut({Span("a", "gone", 0, 10), Span("b", "lost", 5, 90)});
  EXPECT_EQ(waterfall.root, 1u);
  EXPECT_FALSE(waterfall.root_seen);
  EXPECT_EQ(waterfall.root_duration_ns, 85u);
}

TEST(Waterfall, NoSpans) { EXPECT_TRUE(LayOut({}).rows.empty()); }

}  // namespace
}  // namespace tailrace
