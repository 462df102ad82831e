// What the debug exporter prints, word by word.
#include "collector/exporters/detailed_text.h"

#include <algorithm>

#include "collector/exporters/trace_text.h"
#include "collector/exporters/value_text.h"
#include "gtest/gtest.h"
#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: builders

constexpr uint64_t kMs = 1000000;
constexpr uint64_t kStart = 1581452772 * (1000 * kMs);  // 2020-02-11 20:26:12 UTC

TEST(TraceText, ATraceOverTwoServices) {
  const std::string request =
      OtlpRequest()
          .Service("payment")
          .Span(OtlpSpan(1, 3, "Charge").Parent(2).Kind(2).Times(kStart + 30 * kMs, kStart + 700 * kMs))
          .Service("checkout")
          .Span(OtlpSpan(1, 2, "charge").Parent(1).Kind(3).Times(kStart + 20 * kMs, kStart + 800 * kMs))
          .Span(OtlpSpan(1, 1, "POST /cart")
                    .Kind(2)
                    .Times(kStart, kStart + 1240 * kMs)
                    .Attribute("http.route", StringValue("/cart"))
                    .Attribute("http.status_code", IntValue(500))
                    .Status(2, "payment timed out"))
          .Span(OtlpSpan(1, 4, "parse").Parent(1).Times(kStart + 1 * kMs, kStart + 1 * kMs + 35000))
          .Bytes();
  const auto texts = TraceTexts(request);
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_EQ(
      texts[0],
      "checkout  POST /cart  1.24s  4 spans  ERROR  trace 00000000000000000000000000000001\n"
      "  POST /cart  server  1.24s  ERROR 'payment timed out'  [checkout]  http.route=/cart http.status_code=500\n"
      "    parse  35us  [checkout]\n"
      "    charge  client  780.0ms  [checkout]\n"
      "      Charge  server  670.0ms  [payment]");
}

TEST(TraceText, TracesComeInTheOrderOfArrival) {
  const auto texts = TraceTexts(OtlpRequest().Span(OtlpSpan(2, 1, "b")).Span(OtlpSpan(1, 1, "a")).Bytes());
  ASSERT_EQ(texts.size(), 2u);
  EXPECT_EQ(texts[0].rfind("unknown_service  b  0ns  1 span  trace ", 0), 0u) << texts[0];
}

TEST(TraceText, WithoutARootTheFirstOrphanStandsIn) {
  const auto texts = TraceTexts(OtlpRequest().Service("s").Span(OtlpSpan(1, 2, "child").Parent(99)).Bytes());
  EXPECT_EQ(texts.at(0).rfind("s  child (root not seen)  ", 0), 0u) << texts[0];
}

TEST(TraceText, SpansThatAreTheirOwnAncestorsAreShownOnce) {
  const auto texts = TraceTexts(OtlpRequest()
                                    .Span(OtlpSpan(1, 1, "a").Parent(2))
                                    .Span(OtlpSpan(1, 2, "b").Parent(1))
                                    .Span(OtlpSpan(1, 3, "c").Parent(3))
                                    .Bytes());
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_EQ(std::count(texts[0].begin(), texts[0].end(), '\n'), 3);
}

TEST(TraceText, LongAndDeepTracesAreCut) {
  OtlpRequest request;
  for (uint64_t i = 1; i <= 5000; ++i) request.Span(OtlpSpan(1, i, "s").Parent(i - 1));
  const auto texts = TraceTexts(request.Bytes());
  EXPECT_LT(texts.at(0).size(), 20000u);
  EXPECT_NE(texts[0].find("... and 4800 more spans"), std::string::npos);
}

TEST(TraceText, ControlCharactersAreShownNotSent) {
  const auto texts = TraceTexts(OtlpRequest().Span(OtlpSpan(1, 1, "a\x1B[2J\n")).Bytes());
  EXPECT_EQ(texts.at(0).find('\x1B'), std::string::npos);
  EXPECT_NE(texts[0].find("a\\x1b[2J\\x0a"), std::string::npos);
}

TEST(TraceText, NothingReordersTheLine) {
  const auto texts = TraceTexts(OtlpRequest().Span(OtlpSpan(1, 1, "a\u202eb\xff")).Bytes());
  EXPECT_NE(texts.at(0).find("a\\u202eb\\xff"), std::string::npos) << texts[0];
}

TEST(DetailedText, TheCollectorsLayout) {
  OtlpLink link(TestId(16, 7), TestId(8, 8));
  const std::string request =
      OtlpRequest()
          .Resource(OtlpResource().Attribute("service.name", StringValue("cart")), "res-url")
          .Scope(OtlpScope("lib", "1.0"), "scope-url")
          .Span(OtlpSpan(1, 2, "GET /")
                    .Kind(2)
                    .Times(kStart + 321, kStart + kMs)
                    .Status(2, "bad")
                    .Attribute("n", IntValue(5))
                    .Attribute("m", MapValue(KeyValue("k", ArrayValue(BoolValue(true), DoubleValue(0.5)))))
                    .Event(OtlpEvent(kStart, "e").Attribute("x", BytesValue("abc")).DroppedAttributes(2))
                    .Link(link))
          .Bytes();
  EXPECT_EQ(DetailedText(request),
            "ResourceSpans #0\n"
            "Resource SchemaURL: res-url\n"
            "Resource attributes:\n"
            "     -> service.name: Str(cart)\n"
            "ScopeSpans #0\n"
            "ScopeSpans SchemaURL: scope-url\n"
            "InstrumentationScope lib 1.0\n"
            "Span #0\n"
            "    Trace ID       : 00000000000000000000000000000001\n"
            "    Parent ID      : \n"
            "    ID             : 0000000000000002\n"
            "    Name           : GET /\n"
            "    Kind           : Server\n"
            "    Start time     : 2020-02-11 20:26:12.000000321 +0000 UTC\n"
            "    End time       : 2020-02-11 20:26:12.001 +0000 UTC\n"
            "    Status code    : Error\n"
            "    Status message : bad\n"
            "Attributes:\n"
            "     -> n: Int(5)\n"
            "     -> m: Map({\"k\":[true,0.5]})\n"
            "Events:\n"
            "SpanEvent #0\n"
            "     -> Name: e\n"
            "     -> Timestamp: 2020-02-11 20:26:12 +0000 UTC\n"
            "     -> DroppedAttributesCount: 2\n"
            "     -> Attributes::\n"
            "          -> x: Bytes(YWJj)\n"
            "Links:\n"
            "SpanLink #0\n"
            "     -> Trace ID: 00000000000000000000000000000007\n"
            "     -> ID: 0000000000000008\n"
            "     -> TraceState: \n"
            "     -> DroppedAttributesCount: 0\n");
}

TEST(ValueText, TimesAndIds) {
  EXPECT_EQ(TimeText(0), "1970-01-01 00:00:00 +0000 UTC");
  EXPECT_EQ(TimeText(UINT64_MAX), "1969-12-31 23:59:59.999999999 +0000 UTC");
  EXPECT_EQ(IdText(std::string(16, '\0')), "");
}

TEST(ValueText, ShorteningKeepsUtf8Whole) {
  std::string out;
  AppendShortened("a\u00e9\u00e9", 2, &out);
  EXPECT_EQ(out, "a...");
}

TEST(ValueText, ValuesThatNestTooDeepEnd) {
  std::string value = IntValue(1);
  for (int i = 0; i < 1000; ++i) value = ArrayValue(value);
  std::string out;
  AppendValueText(value, &out);
  EXPECT_NE(out.find("..."), std::string::npos);
  EXPECT_STREQ(ValueTypeName(value), "Slice");
}

}  // namespace
}  // namespace tailrace
