// ScanRequest against libprotobuf (scan_check.h): a million made-up spans in every shape, each request cut off at every
// byte; and what it must say of single cases.
#include "proto/request_scanner.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "proto/attribute_depth.h"
#include "proto/json_reader.h"
#include "proto/json_writer.h"
#include "tests/proto/random_request.h"
#include "tests/proto/scan_check.h"
#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: the builders

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr uint64_t kSpans = 50'000;  // a sanitizer's build is many times slower
#else
constexpr uint64_t kSpans = 1'000'000;
#endif

ScannedRequest Scan(const std::string& request) {
  ScannedRequest result;
  EXPECT_EQ(ScanRequest(request, &result), ScanError::kNone);
  return result;
}

ScanError ErrorOf(const std::string& request) {
  ScannedRequest result;
  return ScanRequest(request, &result);
}

TEST(RequestScannerProperty, AgreesWithLibprotobufOnAnyShape) {
  uint64_t spans = 0;
  for (uint64_t seed = 1; spans < kSpans; ++seed) {
    Dice dice(seed);
    ASSERT_EQ(CheckScan(RandomWire(&dice, &spans)), "") << "seed " << seed;
  }
}

TEST(RequestScannerProperty, MostMadeUpSpansAreAccepted) {
  uint64_t spans = 0, accepted = 0, rejected = 0;
  for (uint64_t seed = 1; spans < 10'000; ++seed) {
    Dice dice(seed);
    const ScannedRequest scan = Scan(RandomWire(&dice, &spans));
    accepted += scan.span_count;
    rejected += scan.rejected_spans;
  }
  EXPECT_EQ(accepted + rejected, spans);
  EXPECT_GT(accepted, spans / 2);
  EXPECT_GT(rejected, spans / 20);
}

TEST(RequestScannerProperty, AgreesOnRequestsCutOffAnywhere) {
  uint64_t spans = 0;
  for (uint64_t seed = 1; spans < kSpans / 5000; ++seed) {
    Dice dice(seed);
    const std::string request = RandomWire(&dice, &spans);
    for (size_t size = 0; size < request.size(); ++size) {
      ASSERT_EQ(CheckScan(request.substr(0, size)), "") << "seed " << seed << ", the first " << size << " bytes";
    }
  }
}

TEST(RequestScannerProperty, AgreesOnRequestsWithDamagedBytes) {
  uint64_t spans = 0;
  for (uint64_t seed = 1; spans < kSpans / 20; ++seed) {
    Dice dice(seed);
    std::string request = RandomWire(&dice, &spans);
    if (request.empty()) continue;
    for (uint64_t i = 1 + dice.Below(4); i > 0; --i)
      request[dice.Below(request.size())] = static_cast<char>(dice.Word());
    ASSERT_EQ(CheckScan(request), "") << "seed " << seed;
  }
}

TEST(RequestScanner, EmptyRequest) {
  const ScannedRequest scan = Scan("");
  EXPECT_EQ(scan.span_count, 0u);
  EXPECT_TRUE(scan.runs.empty());
}

TEST(RequestScanner, ASecondScanForgetsTheFirst) {
  const std::string request = OtlpRequest().Service("a").Span(OtlpSpan(1, 2)).Bytes();
  ScannedRequest scan = Scan(request);
  ASSERT_EQ(ScanRequest(request, &scan), ScanError::kNone);
  EXPECT_EQ(scan.span_count, 1u);
  EXPECT_EQ(scan.runs.size(), 1u);
  EXPECT_EQ(scan.headers.size(), 1u);
}

TEST(RequestScanner, NeighboursOfOneTraceAreOneRun) {
  const ScannedRequest scan =
      Scan(OtlpRequest().Span(OtlpSpan(1, 1)).Span(OtlpSpan(1, 2)).Span(OtlpSpan(2, 3)).Span(OtlpSpan(1, 4)).Bytes());
  ASSERT_EQ(scan.runs.size(), 3u);
  EXPECT_EQ(scan.runs[0].span_count, 2u);
  EXPECT_EQ(scan.runs[1].trace_id.view(), TestId(16, 2));
  EXPECT_EQ(scan.runs[2].span_count, 1u);
}

TEST(RequestScanner, OnlySpansWithBadIdsAreRejected) {
  const std::string good = TestId(16, 1);
  OtlpRequest request;
  request.Span(OtlpSpan(good, TestId(8, 1)));
  request.Span(OtlpSpan(std::string(16, '\0'), TestId(8, 2)));
  request.Span(OtlpSpan(good, std::string(8, '\0')));
  request.Span(OtlpSpan(good.substr(1), TestId(8, 3)));
  request.Span(OtlpSpan(good + "x", TestId(8, 4)));
  request.Span(OtlpSpan(good, TestId(9, 5)));
  request.Span(OtlpSpan("", ""));
  request.Span(OtlpSpan(good, TestId(8, 6)));
  const ScannedRequest scan = Scan(request.Bytes());
  EXPECT_EQ(scan.span_count, 2u);
  EXPECT_EQ(scan.rejected_spans, 6u);
  EXPECT_EQ(scan.runs.size(), 2u) << "bytes of rejected spans are in no run";
}

TEST(RequestScanner, AResourceBehindItsSpansIsTheirs) {
  const std::string scope_spans = WireBuilder().Bytes(2, OtlpSpan(1, 2).Bytes()).Bytes();
  const std::string resource = WireBuilder().Bytes(1, OtlpResource().Attribute("a", IntValue(1)).Bytes()).Bytes();
  const std::string request = WireBuilder().Bytes(1, WireBuilder().Bytes(2, scope_spans).Bytes() + resource).Bytes();
  const ScannedRequest scan = Scan(request);
  ASSERT_EQ(scan.headers.size(), 1u);
  EXPECT_EQ(scan.Resource(request, scan.headers[0]), resource);
}

TEST(RequestScanner, TimesAtBothEnds) {
  const ScannedRequest ordinary = Scan(OtlpRequest().Span(OtlpSpan(1, 2).Times(5, 7)).Bytes());
  EXPECT_TRUE(ordinary.runs.at(0).ordinary);
  EXPECT_EQ(ordinary.runs.at(0).time.duration_ns(), 2);
  EXPECT_FALSE(Scan(OtlpRequest().Span(OtlpSpan(1, 2).Times(0, 7)).Bytes()).runs.at(0).ordinary);
  const ScannedRequest last = Scan(OtlpRequest().Span(OtlpSpan(1, 2).Times(1, UINT64_MAX)).Bytes());
  EXPECT_FALSE(last.runs.at(0).ordinary);
  EXPECT_EQ(last.runs.at(0).time.max_end_ns, UINT64_MAX);
}

TEST(RequestScanner, TheLastScalarWins) {
  OtlpSpan span(1, 2);
  span.TraceState("a=b").TraceState("").Parent(1).Parent("").Flags(1).Flags(0).Status(2).Status(1);
  EXPECT_EQ(Scan(OtlpRequest().Span(span).Bytes()).runs.at(0).seen, kSeenStatusOk | kSeenRoot);
}

TEST(RequestScanner, SeesEventsWhereverTheyStand) {
  const auto seen = [](const OtlpSpan& span) { return Scan(OtlpRequest().Span(span).Bytes()).runs.at(0).seen; };
  const uint8_t without = kSeenStatusUnset | kSeenRoot;
  EXPECT_EQ(seen(OtlpSpan(1, 2).DroppedEvents(3)), without);
  EXPECT_EQ(seen(OtlpSpan(1, 2).Event(OtlpEvent(1, "e")).TraceState("a=b").TraceState("")), without | kSeenEvents);
  EXPECT_EQ(seen(OtlpSpan(1, 2).TraceState("a=b").Event(OtlpEvent(1, "e"))), without | kSeenTraceState | kSeenEvents);
}

TEST(RequestScanner, RefusesGroups) {
  const std::string group = std::string("\x9B\x06\x9C\x06", 4);  // field 99, wire types 3 and 4
  EXPECT_NE(ErrorOf(group), ScanError::kNone);
  EXPECT_NE(ErrorOf(WireBuilder().Bytes(1, group).Bytes()), ScanError::kNone);
  EXPECT_NE(ErrorOf(OtlpRequest().Span(OtlpSpan("", group)).Bytes() + group), ScanError::kNone);
  OtlpSpan span(1, 2);
  EXPECT_NE(ErrorOf(WireBuilder()
                        .Bytes(1, WireBuilder().Bytes(2, WireBuilder().Bytes(2, span.Bytes() + group).Bytes()).Bytes())
                        .Bytes()),
            ScanError::kNone);
}

TEST(RequestScanner, RefusesKnownFieldsOfAWrongWireType) {
  EXPECT_EQ(ErrorOf(WireBuilder().Varint(1, 1).Bytes()), ScanError::kBadWireType);
  EXPECT_EQ(ErrorOf(WireBuilder().Bytes(1, WireBuilder().Varint(2, 1).Bytes()).Bytes()), ScanError::kBadWireType);
  for (uint32_t field = 1; field <= 16; ++field) {
    OtlpSpan span(1, 2);
    const bool takes_varint = field == 6 || field == 10 || field == 12 || field == 14;
    span.wire().Varint(field, 1);
    EXPECT_EQ(ErrorOf(OtlpRequest().Span(span).Bytes()), takes_varint ? ScanError::kNone : ScanError::kBadWireType)
        << field;
  }
}

// An attribute whose value is `levels` arrays around an integer.
std::string DeepKeyValue(int levels) {
  std::string value = IntValue(1);
  for (int i = 0; i < levels; ++i) value = ArrayValue(value);
  return WireBuilder().Bytes(1, "k").Bytes(2, value).Bytes();
}

TEST(RequestScanner, RefusesDeepAttributesWhereverTheyStand) {
  for (const int levels : {kAttributeDepthMax, kAttributeDepthMax + 1, 1000}) {
    const ScanError expected = levels <= kAttributeDepthMax ? ScanError::kNone : ScanError::kTooDeep;
    const std::string deep = DeepKeyValue(levels);
    OtlpSpan span(1, 2), event(1, 2), link(1, 2);
    span.wire().Bytes(9, deep);
    event.wire().Bytes(11, WireBuilder().Bytes(3, deep).Bytes());
    link.wire().Bytes(13, WireBuilder().Bytes(4, deep).Bytes());
    OtlpResource resource;
    resource.wire().Bytes(1, deep);
    OtlpScope scope;
    scope.wire().Bytes(3, deep);
    EXPECT_EQ(ErrorOf(OtlpRequest().Span(span).Bytes()), expected) << levels;
    EXPECT_EQ(ErrorOf(OtlpRequest().Span(event).Bytes()), expected) << levels;
    EXPECT_EQ(ErrorOf(OtlpRequest().Span(link).Bytes()), expected) << levels;
    EXPECT_EQ(ErrorOf(OtlpRequest().Resource(resource).Bytes()), expected) << levels;
    EXPECT_EQ(ErrorOf(OtlpRequest().Scope(scope).Bytes()), expected) << levels;
  }
}

// What SDKs write, which the scanner reads by a way of its own: every field up to the attributes, in order.
std::string UsualSpan(std::string_view more) {
  return WireBuilder()
             .Bytes(1, TestId(16, 7))
             .Bytes(2, TestId(8, 8))
             .Bytes(4, TestId(8, 9))
             .Bytes(5, "GET /cart")
             .Varint(6, 2)
             .Fixed64(7, 1'700'000'000'000'000'000)
             .Fixed64(8, 1'700'000'000'500'000'000)
             .Bytes(9, KeyValue("http.request.method", StringValue("GET")))
             .Bytes(9, KeyValue("url.full", StringValue(std::string(200, 'u'))))
             .Bytes() +
         std::string(more);
}

std::string InRequest(std::string_view span) {
  return WireBuilder().Bytes(1, WireBuilder().Bytes(2, WireBuilder().Bytes(2, span).Bytes()).Bytes()).Bytes();
}

TEST(RequestScanner, AgreesOnUsualSpansThatEndAnywhere) {
  const std::string span = UsualSpan(WireBuilder().Bytes(15, WireBuilder().Varint(3, 2).Bytes()).Bytes());
  for (size_t size = 0; size <= span.size(); ++size) {
    // From the heap and exactly as long, so that a sanitizer sees a step too far.
    EXPECT_EQ(CheckScan(InRequest(span.substr(0, size))), "") << size;
    ScannedSpan scanned;
    const std::vector<char> exact(span.begin(), span.begin() + static_cast<ptrdiff_t>(size));
    (void)ScanSpan({exact.data(), exact.size()}, &scanned);
  }
}

TEST(RequestScanner, AgreesOnUsualSpansWithAnyDamagedByte) {
  const std::string span = UsualSpan("");
  for (size_t at = 0; at < span.size(); ++at) {
    for (const int value : {0, 1, 0x7F, 0x80, 0xFF, span[at] ^ 1}) {
      std::string damaged = span;
      damaged[at] = static_cast<char>(value);
      EXPECT_EQ(CheckScan(InRequest(damaged)), "") << at << " is " << value;
    }
  }
}

TEST(RequestScanner, AUsualSpanThatGoesOnUnusually) {
  // A second id, name and start: the last ones win.
  const std::string more = WireBuilder().Bytes(1, TestId(16, 77)).Bytes(5, "last").Fixed64(7, 5).Bytes(4, "").Bytes();
  ScannedSpan scanned;
  const std::string span = UsualSpan(more);
  ASSERT_EQ(ScanSpan(span, &scanned), ScanError::kNone);
  EXPECT_EQ(std::string(scanned.trace_id, 16), TestId(16, 77));
  EXPECT_EQ(scanned.name, "last");
  EXPECT_EQ(scanned.start_ns, 5u);
  EXPECT_NE(scanned.seen & kSeenRoot, 0);
  EXPECT_EQ(CheckScan(InRequest(span)), "");
  for (const int levels : {kAttributeDepthMax, kAttributeDepthMax + 1}) {
    const std::string deep = UsualSpan(WireBuilder().Bytes(9, DeepKeyValue(levels)).Bytes());
    EXPECT_EQ(ErrorOf(InRequest(deep)), levels <= kAttributeDepthMax ? ScanError::kNone : ScanError::kTooDeep);
  }
}

// What is taken must be fit to be handed on: to the file exporter and to backends that use libprotobuf.
TEST(RequestScanner, TheDeepestAttributesCanBeWrittenAndParsed) {
  std::string value = IntValue(1);
  for (int i = 0; i < kAttributeDepthMax; ++i) value = MapValue(KeyValue("k", value));
  OtlpSpan span(1, 2);
  span.Event(OtlpEvent(1, "e").Attribute("k", value)).Attribute("k", value);
  const std::string request = OtlpRequest().Span(span).Bytes();
  EXPECT_EQ(ErrorOf(request), ScanError::kNone);
  opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest parsed;
  EXPECT_TRUE(parsed.ParseFromString(request));
  std::string json, read_again;
  ASSERT_TRUE(WriteOtlpJson(request, &json));
  EXPECT_TRUE(ParseOtlpJson(json, &read_again).ok());
}

// 10^6 levels, in time that does not grow with their square.
TEST(RequestScanner, AMillionLevelsAreRefusedAtOnce) {
  std::string reversed;  // built from the inside, backwards: each level is two tags and two lengths
  for (int level = 0; level < 1'000'000; ++level) {
    for (const char tag : {'\x0A', '\x2A'}) {
      std::string length;
      for (uint64_t size = reversed.size(); length.empty() || size != 0; size >>= 7) {
        length.push_back(static_cast<char>((size & 0x7F) | (size >= 0x80 ? 0x80 : 0)));
      }
      reversed.append(length.rbegin(), length.rend());
      reversed.push_back(tag);
    }
  }
  OtlpSpan span(1, 2);
  span.wire().Bytes(9, WireBuilder().Bytes(2, std::string(reversed.rbegin(), reversed.rend())).Bytes());
  EXPECT_EQ(ErrorOf(OtlpRequest().Span(span).Bytes()), ScanError::kTooDeep);
}

// A resource of a MiB, and a span in each scope.
std::string LongResource(int scopes, const std::string& scope_name) {
  OtlpRequest request;
  request.Service(std::string(size_t{1} << 20, 'x'));
  for (int i = 1; i <= scopes; ++i)
    request.Scope(OtlpScope(scope_name, "")).Span(OtlpSpan(1, static_cast<uint64_t>(i)));
  return request.Bytes();
}

// 4 MiB, and four times the request, is what all headers may come to.
TEST(RequestScanner, ALongResourceIsNotRepeatedForAnyNumberOfScopes) {
  EXPECT_EQ(ErrorOf(LongResource(7, "a")), ScanError::kNone);
  EXPECT_EQ(ErrorOf(LongResource(9, "a")), ScanError::kTooManyHeaders);
  EXPECT_EQ(ErrorOf(LongResource(7, std::string(size_t{1} << 19, 'y'))), ScanError::kNone);  // they come as often
  OtlpRequest many;
  many.Service("cart");
  for (uint64_t i = 1; i <= 10'000; ++i) many.Scope(OtlpScope("a", "")).Span(OtlpSpan(1, i));
  EXPECT_EQ(ErrorOf(many.Bytes()), ScanError::kNone);
  EXPECT_TRUE(IsTooLarge(ScanError::kTooManyHeaders));
  EXPECT_FALSE(IsTooLarge(ScanError::kTruncated));
}

TEST(RequestScanner, EveryErrorHasItsText) {
  for (const ScanError error :
       {ScanError::kNone, ScanError::kTruncated, ScanError::kBadTag, ScanError::kBadWireType, ScanError::kTooDeep,
        ScanError::kTooLarge, ScanError::kTooManyHeaders, ScanError::kTooManyRuns}) {
    EXPECT_NE(ToString(error), "unknown");
  }
}

}  // namespace
}  // namespace tailrace
