// A request taken apart by who owns its traces loses nothing and doubles nothing: libprotobuf finds every span in its
// owner's part, with what was around it.
#include "proto/run_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "otlp/trace_service.pb.h"
#include "tests/proto/random_request.h"

namespace tailrace {
namespace {

using testing::Dice;
using testing::OtlpRequest;
using testing::OtlpSpan;
using Request = opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;

bool IsId(const std::string& id, size_t size) { return id.size() == size && id.find_first_not_of('\0') != id.npos; }

uint32_t OwnerOf(const std::string& trace_id, uint32_t owners) {
  uint32_t sum = 0;
  for (const char byte : trace_id) sum = sum * 31 + static_cast<uint8_t>(byte);
  return sum % owners;
}

// Each span with its owner, its resource, its scope and their schema URLs.
std::vector<std::string> Spans(const std::string& request, uint32_t owners) {
  Request message;
  EXPECT_TRUE(message.ParseFromString(request));
  std::vector<std::string> spans;
  for (auto& resource_spans : *message.mutable_resource_spans()) {
    for (auto& scope_spans : *resource_spans.mutable_scope_spans()) {
      for (const auto& span : scope_spans.spans()) {
        if (!IsId(span.trace_id(), 16) || !IsId(span.span_id(), 8)) continue;
        spans.push_back(std::to_string(OwnerOf(span.trace_id(), owners)) + "|" +
                        resource_spans.resource().SerializeAsString() + "|" + resource_spans.schema_url() + "|" +
                        scope_spans.scope().SerializeAsString() + "|" + scope_spans.schema_url() + "|" +
                        span.SerializeAsString());
      }
    }
  }
  return spans;
}

std::vector<std::string> Parts(const std::string& request, const ScannedRequest& scanned, uint32_t owners) {
  std::vector<std::vector<uint32_t>> runs_of(owners);
  for (uint32_t i = 0; i < scanned.runs.size(); ++i) {
    runs_of[OwnerOf(std::string(scanned.runs[i].trace_id.view()), owners)].push_back(i);
  }
  std::vector<std::string> parts;
  for (const std::vector<uint32_t>& runs : runs_of) AppendRuns(ScannedRuns::All(request, scanned), runs, &parts.emplace_back());
  return parts;
}

TEST(RunWriter, EverySpanIsInItsOwnersPartWithWhatWasAroundIt) {
  uint64_t seen = 0;
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    Dice dice(seed);
    uint64_t ignored = 0;
    const std::string request =
        dice.OneIn(2) ? testing::RandomOtlp(&dice).SerializeAsString() : testing::RandomWire(&dice, &ignored);
    ScannedRequest scanned;
    if (ScanRequest(request, &scanned) != ScanError::kNone) continue;
    const uint32_t owners = 1 + static_cast<uint32_t>(dice.Below(5));
    std::vector<std::string> found;
    const std::vector<std::string> parts = Parts(request, scanned, owners);
    for (uint32_t owner = 0; owner < owners; ++owner) {
      for (std::string& span : Spans(parts[owner], owners)) {
        EXPECT_TRUE(span.starts_with(std::to_string(owner) + "|")) << "seed " << seed;
        found.push_back(std::move(span));
      }
    }
    std::vector<std::string> expected = Spans(request, owners);
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(found, expected) << "seed " << seed;
    seen += expected.size();
  }
  EXPECT_GT(seen, 1000u);
}

TEST(RunWriter, AResourceStandsOnceForAllItsScopesAndRuns) {
  // Traces 1 and 2 by turns under one resource: the part of trace 1 has its resource once.
  OtlpRequest request;
  request.Service("a-service-with-a-long-name");
  for (uint64_t i = 1; i <= 20; ++i) request.Span(OtlpSpan(1 + i % 2, i, "x"));
  const std::string bytes = request.Bytes();
  ScannedRequest scanned;
  ASSERT_EQ(ScanRequest(bytes, &scanned), ScanError::kNone);
  ASSERT_EQ(scanned.runs.size(), 20u);
  std::vector<uint32_t> chosen;
  for (uint32_t i = 0; i < 20; i += 2) chosen.push_back(i);
  std::string part;
  AppendRuns(ScannedRuns::All(bytes, scanned), chosen, &part);
  EXPECT_LE(part.size(), SizeOfRuns(ScannedRuns::All(bytes, scanned), chosen));
  Request message;
  ASSERT_TRUE(message.ParseFromString(part));
  EXPECT_EQ(message.resource_spans_size(), 1);
  EXPECT_EQ(message.resource_spans(0).scope_spans(0).spans_size(), 10);
}

TEST(RunWriter, AllRunsTogetherAreTheRequest) {
  const std::string request = OtlpRequest().Service("cart").Span(OtlpSpan(1, 1, "x")).Span(OtlpSpan(2, 2, "y")).Bytes();
  ScannedRequest scanned;
  ASSERT_EQ(ScanRequest(request, &scanned), ScanError::kNone);
  const std::vector<uint32_t> all = {0, 1};
  std::string again;
  AppendRuns(ScannedRuns::All(request, scanned), all, &again);
  EXPECT_EQ(again, request);
}

}  // namespace
}  // namespace tailrace
