#include "collector/shard/journal.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/hash.h"
#include "collector/shard/byte_ring.h"
#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

constexpr uint64_t kMiB = 1 << 20;
constexpr int64_t kSecond = 1'000'000'000;

TraceId Id(uint64_t number) { return TraceId::FromBytes(testing::TestId(16, number).data()); }
uint64_t HashOf(uint64_t number) { return TraceIdHasher()(Id(number)); }

JournalRecord Record(uint64_t number, bool kept) {
  JournalRecord record;
  record.id = Id(number);
  record.decided_ns = static_cast<int64_t>(number);
  record.verdict = kept ? Verdict::kSampled : Verdict::kNotSampled;
  record.span_count = static_cast<uint32_t>(number % 100);
  return record;
}

void Add(Journal* journal, uint64_t number, bool kept) { journal->Add(HashOf(number), Record(number, kept)); }

const JournalRecord* Find(Journal* journal, uint64_t number) { return journal->Find(Id(number), HashOf(number)); }

TEST(ByteRing, GivesBackWholeTextsOrNone) {
  ByteRing ring(1000);
  struct Added {
    std::string text;
    uint64_t place;
  };
  std::vector<Added> all;
  for (uint32_t i = 0; i < 500; ++i) {
    const std::string text(1 + i * 37 % 300, static_cast<char>('a' + i % 26));
    all.push_back({text, ring.Add(text)});
    uint64_t held = 0;
    bool gone = false;
    for (auto at = all.rbegin(); at != all.rend(); ++at) {
      const std::string_view got = ring.Get(at->place, static_cast<uint32_t>(at->text.size()));
      gone |= got.data() == nullptr;
      if (gone) {
        ASSERT_EQ(got.data(), nullptr) << "what is older than one that is gone is gone, too";
        continue;
      }
      ASSERT_EQ(got, at->text);
      held += at->text.size();
    }
    ASSERT_GE(held, std::min<uint64_t>(300, i == 0 ? 1 : 37)) << "at most one text's space is lost at the end";
  }
}

TEST(Journal, RemembersTheNewestOfEachSide) {
  Journal journal(kMiB);
  for (uint64_t number = 1; number <= 20'000; ++number) Add(&journal, number, number % 4 == 0);
  for (const JournalSide side : {JournalSide::kKept, JournalSide::kDropped}) {
    const JournalRing& ring = journal.ring(side);
    const uint64_t records = ring.end() - ring.oldest();
    EXPECT_EQ(ring.end(), side == JournalSide::kKept ? 5'000u : 15'000u);
    EXPECT_GT(records, 1'000u);
    EXPECT_LT(records, 2'000u) << "an eighth of the memory";
    for (uint64_t at = ring.oldest(); at < ring.end(); ++at) {
      const uint64_t number = side == JournalSide::kKept ? 4 * (at + 1) : at / 3 * 4 + at % 3 + 1;
      ASSERT_EQ(ring.At(at).id, Id(number));
    }
  }
}

TEST(Journal, FindsWhatIsStillThereAndNothingElse) {
  Journal journal(kMiB);
  uint64_t lost = 0;
  for (uint64_t number = 1; number <= 50'000; ++number) {
    Add(&journal, number, false);
    const JournalRing& ring = journal.ring(JournalSide::kDropped);
    const uint64_t oldest = ring.oldest() + 1;
    const uint64_t other = oldest + number * 7919 % (number - oldest + 1);
    const JournalRecord* found = Find(&journal, other);
    if (found == nullptr) {
      ++lost;
    } else {
      ASSERT_EQ(found->id, Id(other));
    }
    ASSERT_EQ(Find(&journal, number)->id, Id(number));
    if (oldest > 1) {
      ASSERT_EQ(Find(&journal, oldest - 1), nullptr);
    }
    ASSERT_EQ(Find(&journal, 1'000'000 + number), nullptr);
  }
  EXPECT_LE(lost, 5u) << "pushed out of the index before their time";
}

// Kept traces are few, so that theirs stay in their ring long: the many dropped ones must not push them out of an
// index.
TEST(Journal, KeptTracesOutliveAFloodOfDroppedOnes) {
  Journal journal(kMiB);
  for (uint64_t number = 1; number <= 100; ++number) Add(&journal, number, true);
  for (uint64_t number = 1'000; number < 200'000; ++number) Add(&journal, number, false);
  for (uint64_t number = 1; number <= 100; ++number) ASSERT_NE(Find(&journal, number), nullptr) << number;
}

TEST(Journal, TheNewestDecisionOfATraceCounts) {
  Journal journal(kMiB);
  Add(&journal, 7, true);
  JournalRecord again = Record(7, false);
  again.decided_ns = 8;
  journal.Add(HashOf(7), again);
  EXPECT_EQ(Find(&journal, 7)->side(), JournalSide::kDropped);
  again.verdict = Verdict::kSampled;
  again.decided_ns = 9;
  journal.Add(HashOf(7), again);
  EXPECT_EQ(Find(&journal, 7)->decided_ns, 9);
}

TEST(Journal, CountsLateSpans) {
  Journal journal(kMiB);
  Add(&journal, 1, true);
  Add(&journal, 2, false);
  journal.AddLate(JournalSide::kKept, Id(1), HashOf(1), 3);
  journal.AddLate(JournalSide::kKept, Id(1), HashOf(1), 4);
  journal.AddLate(JournalSide::kDropped, Id(2), HashOf(2), UINT32_MAX);
  journal.AddLate(JournalSide::kDropped, Id(2), HashOf(2), 5);
  journal.AddLate(JournalSide::kDropped, Id(3), HashOf(3), 1);
  EXPECT_EQ(Find(&journal, 1)->late_spans, 7u);
  EXPECT_EQ(Find(&journal, 2)->late_spans, UINT32_MAX);
}

TEST(Journal, HoldsSpansWhileTheyLast) {
  Journal journal(kMiB);
  JournalRecord first = Record(1, true);
  ASSERT_TRUE(journal.WantsSpans(JournalSide::kKept, 10, 0));
  journal.Store("ten bytes!", &first);
  journal.Add(HashOf(1), first);
  EXPECT_EQ(journal.SpansOf(*Find(&journal, 1)), "ten bytes!");
  Add(&journal, 2, true);
  EXPECT_EQ(journal.SpansOf(*Find(&journal, 2)).data(), nullptr) << "nothing was stored";
  const std::string text(100'000, 'x');
  for (uint64_t number = 3; number < 9; ++number) {
    JournalRecord record = Record(number, true);
    journal.Store(text, &record);
    journal.Add(HashOf(number), record);
  }
  EXPECT_EQ(journal.SpansOf(*Find(&journal, 1)).data(), nullptr) << "overwritten";
  EXPECT_EQ(Find(&journal, 1)->span_count, 1u) << "the record stays";
  EXPECT_EQ(journal.SpansOf(*Find(&journal, 8)), text);
}

TEST(Journal, CopiesNoMoreThanItsRate) {
  Journal journal(64 * kMiB);
  const auto copied = [&](JournalSide side, int64_t from_ns, int64_t to_ns) {
    int64_t bytes = 0;
    // A hundred thousand traces a second.
    for (int64_t now = from_ns; now < to_ns; now += 10'000) {
      if (journal.WantsSpans(side, 2'000, now)) bytes += 2'000;
    }
    return bytes;
  };
  for (const auto& [side, per_second] : {std::pair(JournalSide::kKept, Journal::kKeptBytesPerSecond),
                                         std::pair(JournalSide::kDropped, Journal::kDroppedBytesPerSecond)}) {
    EXPECT_LE(copied(side, 0, kSecond), per_second * 3 / 2 + 2'000) << "with what was saved up";
    const int64_t second = copied(side, kSecond, 2 * kSecond);
    EXPECT_LE(second, per_second + 2'000);
    EXPECT_GE(second, per_second * 98 / 100);
  }
}

TEST(Journal, StoresNoTraceThatIsTooLarge) {
  Journal large(64 * kMiB);
  EXPECT_FALSE(large.WantsSpans(JournalSide::kKept, Journal::kStoredTraceMax + 1, 0));
  EXPECT_TRUE(large.WantsSpans(JournalSide::kKept, Journal::kStoredTraceMax, 0));
  Journal small(64 << 10);
  EXPECT_FALSE(small.WantsSpans(JournalSide::kKept, 10'000, 0)) << "not all of a ring for one";
}

TEST(Journal, AnyBudgetWillDo) {
  for (const uint64_t bytes : {uint64_t{1}, uint64_t{1'000}, uint64_t{10'000}}) {
    Journal journal(bytes);
    for (uint64_t number = 1; number < 1'000; ++number) Add(&journal, number, number % 2 == 0);
    journal.AddLate(JournalSide::kKept, Id(4), HashOf(4), 1);
    EXPECT_EQ(Find(&journal, 5'000), nullptr);
  }
}

}  // namespace
}  // namespace tailrace
