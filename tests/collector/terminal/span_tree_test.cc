#include "collector/terminal/span_tree.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tailrace {
namespace {

// Each row as its id with a blank for each level.
std::string Shape(const std::vector<SpanPlace>& spans) {
  std::string shape;
  for (const SpanTree::Row& row : BuildSpanTree(spans).rows) {
    shape += std::string(row.level, ' ') + std::string(spans[row.span].id) + "\n";
  }
  return shape;
}

TEST(SpanTree, ChildrenStandUnderTheirParentsByStart) {
  EXPECT_EQ(Shape({{"c", "a", 9}, {"b", "a", 5}, {"a", "", 1}, {"d", "b", 6}}), "a\n b\n  d\n c\n");
}

TEST(SpanTree, WhoseParentIsNotHereStartsATree) {
  EXPECT_EQ(Shape({{"b", "gone", 2}, {"a", "", 1}, {"c", "b", 3}}), "a\nb\n c\n");
}

TEST(SpanTree, ASpanThatIsItsOwnParentStartsATree) { EXPECT_EQ(Shape({{"a", "a", 1}, {"b", "a", 2}}), "a\n b\n"); }

TEST(SpanTree, ACircleIsCutOnce) {
  EXPECT_EQ(Shape({{"a", "c", 1}, {"b", "a", 2}, {"c", "b", 3}}), "a\n b\n  c\n");
  // What hangs on the circle is earlier than the circle itself.
  EXPECT_EQ(Shape({{"tail", "a", 1}, {"a", "b", 2}, {"b", "a", 3}}), "a\n tail\n b\n");
}

TEST(SpanTree, OfSpansWithOneIdTheFirstHasTheChildren) {
  EXPECT_EQ(Shape({{"a", "", 1}, {"a", "", 2}, {"b", "a", 3}}), "a\n b\na\n");
}

TEST(SpanTree, NoSpans) { EXPECT_TRUE(BuildSpanTree({}).rows.empty()); }

TEST(SpanTree, EverySpanIsInItOnceWhateverTheIdsSay) {
  // Every way to give five spans a parent among themselves, or none.
  constexpr size_t kSpans = 5;
  const std::vector<std::string> ids = {"0", "1", "2", "3", "4", ""};
  for (uint32_t code = 0; code < 6 * 6 * 6 * 6 * 6; ++code) {
    std::vector<SpanPlace> spans;
    for (uint32_t i = 0, rest = code; i < kSpans; ++i, rest /= 6) spans.push_back({ids[i], ids[rest % 6], kSpans - i});
    const SpanTree tree = BuildSpanTree(spans);
    std::set<uint32_t> seen;
    size_t links = tree.roots.size();
    for (const SpanTree::Row& row : tree.rows) seen.insert(row.span);
    for (const auto& children : tree.children) links += children.size();
    ASSERT_EQ(tree.rows.size(), kSpans) << code;
    ASSERT_EQ(seen.size(), kSpans) << code;
    ASSERT_EQ(links, kSpans) << code << ": a root or one parent";
  }
}

TEST(SpanTree, ALongChainNeedsNoStack) {
  std::vector<std::string> ids;
  for (int i = 0; i <= 200'000; ++i) ids.push_back(std::to_string(i));
  std::vector<SpanPlace> chain;
  for (uint32_t i = 1; i <= 200'000; ++i) chain.push_back({ids[i], ids[i - 1], i});
  EXPECT_EQ(BuildSpanTree(chain).rows.back().level, 199'999u);
  chain[0].parent_id = ids[200'000];  // and as one circle
  EXPECT_EQ(BuildSpanTree(chain).rows.size(), 200'000u);
}

}  // namespace
}  // namespace tailrace
