#include "collector/load/trace_census.h"

#include <gtest/gtest.h>

#include "collector/load/span_writer.h"

namespace tailrace {
namespace {

// The spans [begin, end) of one trace as a run.
void Add(TraceCensus* census, const MadeTrace& trace, uint32_t begin, uint32_t end, uint32_t spans_per_trace) {
  const TrafficShape shape{.spans_per_trace = spans_per_trace, .services = 1};
  std::string run;
  for (uint32_t index = begin; index < end; ++index) {
    std::string span;
    AppendSpan(trace, index, 0, shape, &span);
    AppendField(2, span, &run);
  }
  census->AddRun(trace.id, run, end - begin);
}

MadeTrace Trace(uint64_t number, uint16_t spans, TraceClass trace_class = TraceClass::kNormal) {
  return {.id = EncodeTraceId({.number = number, .seed = 3, .trace_class = trace_class, .spans = spans}),
          .trace_class = trace_class,
          .salt = number + 1};
}

TEST(TraceCensus, TellsWholeBrokenAndDoubledByClass) {
  TraceCensus census(1000);
  Add(&census, Trace(1, 20), 0, 12, 20);
  Add(&census, Trace(1, 20), 12, 20, 20);
  Add(&census, Trace(2, 20, TraceClass::kError), 0, 19, 20);
  Add(&census, Trace(3, 20, TraceClass::kSlow), 0, 20, 20);
  Add(&census, Trace(3, 20, TraceClass::kSlow), 4, 6, 20);
  const CensusReport report = census.Report();
  EXPECT_EQ(report.spans, 61u);
  EXPECT_EQ(report.classes[0].whole, 1u);
  EXPECT_EQ(report.classes[1].broken, 1u);
  EXPECT_EQ(report.classes[1].missing_spans, 1u);
  EXPECT_EQ(report.classes[2].doubled, 1u);
  EXPECT_EQ(report.classes[2].doubled_spans, 2u);
}

// As many spans as there should be, but one is missing and another came twice.
TEST(TraceCensus, AMissingAndADoubledSpanDoNotCancelOut) {
  TraceCensus census(1000);
  Add(&census, Trace(1, 20), 0, 19, 20);
  Add(&census, Trace(1, 20), 5, 6, 20);
  EXPECT_EQ(census.Report().classes[0].broken, 1u);
  EXPECT_EQ(census.Report().classes[0].doubled_spans, 1u);
  EXPECT_EQ(census.Report().classes[0].whole, 0u);
}

TEST(TraceCensus, LongTraces) {
  TraceCensus census(1000);
  Add(&census, Trace(1, 500), 0, 500, 500);
  Add(&census, Trace(2, 500), 0, 499, 500);
  Add(&census, Trace(3, 500), 0, 500, 500);
  Add(&census, Trace(3, 500), 499, 500, 500);
  const CensusReport::Class counts = census.Report().classes[0];
  EXPECT_EQ(counts.whole, 1u);
  EXPECT_EQ(counts.broken, 1u);
  EXPECT_EQ(counts.doubled, 1u);
}

TEST(TraceCensus, ForeignTracesAndTracesBeyondTheBoundAreCountedInSpans) {
  TraceCensus census(2);
  MadeTrace foreign;
  foreign.id.bytes.fill(7);
  Add(&census, foreign, 0, 3, 20);
  for (uint64_t number = 0; number < 5; ++number) Add(&census, Trace(number, 20), 0, 20, 20);
  Add(&census, Trace(0, 20), 0, 1, 20);  // followed already
  const CensusReport report = census.Report();
  EXPECT_EQ(report.foreign_spans, 3u);
  EXPECT_EQ(report.untracked_spans, 60u);
  EXPECT_EQ(report.classes[0].whole, 1u);
  EXPECT_EQ(report.classes[0].doubled, 1u);
}

}  // namespace
}  // namespace tailrace
