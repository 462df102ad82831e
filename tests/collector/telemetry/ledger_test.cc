#include "collector/telemetry/ledger.h"

#include <gtest/gtest.h>

#include "tests/collector/telemetry/sample_snapshot.h"

namespace tailrace {
namespace {

using testing::At;
using testing::SampleSnapshot;

TEST(Ledger, OneLineForEachExporterInOrder) {
  const auto ledger = ComputeLedger(SampleSnapshot());
  ASSERT_EQ(ledger.size(), 3u);
  EXPECT_EQ(ledger[0].exporter, "otlp/jaeger");
  EXPECT_EQ(ledger[1].exporter, "file");
  EXPECT_EQ(ledger[2].exporter, "nop");
  EXPECT_TRUE(ComputeLedger({}).empty());
}

TEST(Ledger, SumsThePipelinesThatListTheExporter) {
  const LedgerLine line = ComputeLedger(SampleSnapshot())[0];
  EXPECT_EQ(line.accepted, 1200u);
  EXPECT_EQ(line.forwarded, 400u);
  EXPECT_EQ(line.dropped_by_policy, 600u);
  EXPECT_EQ(line.dropped[static_cast<size_t>(DropReason::kTraceTooLarge)], 7u);
  EXPECT_EQ(line.dropped[static_cast<size_t>(DropReason::kQueueFull)], 20u);
  EXPECT_EQ(line.dropped_total(), 32u);
  EXPECT_EQ(line.in_ring, 3u);
  EXPECT_EQ(line.in_table, 80u);
  EXPECT_EQ(line.in_open_batch, 15u);
  EXPECT_EQ(line.in_flight_to_exporter, 40u);
  EXPECT_EQ(line.queued, 22u);
  EXPECT_EQ(line.in_flight, 8u);
  EXPECT_EQ(line.residual, 0);
}

TEST(Ledger, ExporterOfOnePipelineSeesOnlyThatOne) {
  const auto ledger = ComputeLedger(SampleSnapshot());
  EXPECT_EQ(ledger[1].accepted, 1000u);
  EXPECT_EQ(ledger[1].in_flight_to_exporter, 0u);
  EXPECT_EQ(ledger[1].residual, 0);
  EXPECT_EQ(ledger[2].accepted, 200u);
  EXPECT_EQ(ledger[2].dropped_by_policy, 0u);
  EXPECT_EQ(ledger[2].residual, 0);
}

TEST(Ledger, WhatAConnectorLeavesToThisProcessIsAccountedFor) {
  DaemonSnapshot snapshot = SampleSnapshot();
  PipelineStats& pipeline = snapshot.pipelines[1];
  pipeline.accepted_spans += 111;
  pipeline.own_spans = 100;
  pipeline.arrived_spans = 10;
  pipeline.disputed_spans = 1;
  const LedgerLine line = ComputeLedger(snapshot)[2];
  EXPECT_EQ(line.own, 111u);
  EXPECT_EQ(line.residual, 0);
}

// Every term, lost or made up by one span, shows in the residual of the exporters that it belongs to.
TEST(Ledger, LostSpanIsPositive) {
  DaemonSnapshot snapshot = SampleSnapshot();
  snapshot.pipelines[0].in_table_spans -= 1;
  const auto ledger = ComputeLedger(snapshot);
  EXPECT_EQ(ledger[0].residual, 1);
  EXPECT_EQ(ledger[1].residual, 1);
  EXPECT_EQ(ledger[2].residual, 0);
}

TEST(Ledger, DoubledSpanIsNegative) {
  DaemonSnapshot snapshot = SampleSnapshot();
  snapshot.exporters[0].forwarded_spans += 3;
  EXPECT_EQ(ComputeLedger(snapshot)[0].residual, -3);
}

TEST(Ledger, SpanLostInsideTheExporterShows) {
  DaemonSnapshot snapshot = SampleSnapshot();
  snapshot.exporters[0].queued_spans -= 2;
  EXPECT_EQ(ComputeLedger(snapshot)[0].residual, 2);
}

TEST(Ledger, ReceivingMoreThanWasHandedOverIsResidualNotNegativeTransit) {
  DaemonSnapshot snapshot = SampleSnapshot();
  snapshot.exporters[2].received_spans += 4;
  snapshot.exporters[2].forwarded_spans += 4;
  const LedgerLine line = ComputeLedger(snapshot)[2];
  EXPECT_EQ(line.in_flight_to_exporter, 0u);
  EXPECT_EQ(line.residual, -4);
}

TEST(Ledger, ExporterWithoutPipelineIsAllZero) {
  DaemonSnapshot snapshot;
  snapshot.exporters = {{.exporter = "nop"}};
  const LedgerLine line = ComputeLedger(snapshot)[0];
  EXPECT_EQ(line.accepted, 0u);
  EXPECT_EQ(line.residual, 0);
}

TEST(Ledger, PrintedInPlainAlignedWords) {
  auto ledger = ComputeLedger(SampleSnapshot());
  ledger.resize(1);
  EXPECT_EQ(FormatLedger(ledger), R"(Ledger of otlp/jaeger, in spans:
  accepted                                1200
  forwarded                                400
  dropped by policy                        600
  dropped, trace_too_large                   7
  dropped, queue_full                       20
  dropped, retries_exhausted                 5
  between shards                             3
  waiting for a decision                    80
  in an open batch                          15
  on the way to the exporter                40
  in the exporter's queue                   22
  in flight                                  8
  residual                                   0
)");
}

TEST(Ledger, PrintedResidualMayBeNegative) {
  const std::string text = FormatLedger({{.exporter = "nop", .accepted = 1, .forwarded = 2, .residual = -1}});
  EXPECT_EQ(text, R"(Ledger of nop, in spans:
  accepted                                   1
  forwarded                                  2
  dropped by policy                          0
  residual                                  -1
)");
}

}  // namespace
}  // namespace tailrace
