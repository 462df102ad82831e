#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Ids, FromDigitsAndFromBytes) {
  EXPECT_EQ(Ask("SpanID(\"00f0A1b2c3d4e5f6\") == SpanID(0x00f0a1b2c3d4e5f6)"), "yes");
  EXPECT_EQ(Ask("TraceID(\"000102030405060708090a0b0c0d0e0f\") == TraceID(0x000102030405060708090a0b0c0d0e0f)"), "yes");
  EXPECT_EQ(Ask("ProfileID(\"000102030405060708090a0b0c0d0e0f\") == ProfileID(0x000102030405060708090a0b0c0d0e0f)"),
            "yes");
  EXPECT_EQ(Ask("SpanID(\"0000000000000001\") == SpanID(\"0000000000000002\")"), "no");
  EXPECT_EQ(Ask("SpanID(Concat([\"00000000000\", \"00001\"], \"\")) == SpanID(0x0000000000000001)"), "yes");
}

TEST(Ids, OfTheSpan) {
  EXPECT_EQ(Ask("parent_span_id == SpanID(0x0300000000000000) or parent_span_id == SpanID(0x0000000000000003)"), "yes");
  EXPECT_EQ(Ask("span_id == SpanID(span_id.string) and trace_id == TraceID(trace_id.string)"), "yes");
  EXPECT_EQ(Ask("span_id == SpanID(0x0000000000000000)"), "no");
}

TEST(Ids, RefusedWhereTheyCannotBeRead) {
  EXPECT_THAT(Ask("SpanID(0x00) == nil"), StartsWith("refused:"));
  EXPECT_THAT(Ask("SpanID(\"\") == nil"), HasSubstr("expected 8 or 16 bytes, got 0"));
  EXPECT_THAT(Ask("SpanID(\"zzzzzzzzzzzzzzzz\") == nil"), StartsWith("refused:"));
  EXPECT_THAT(Ask("TraceID(0x0001020304050607) == nil"), HasSubstr("expected 16 or 32 bytes, got 8"));
  EXPECT_THAT(Ask("SpanID(nil) == nil"), StartsWith("refused:"));
  EXPECT_THAT(Ask("SpanID(attributes[\"s\"]) == nil"), HasSubstr("error: could not decode ID: expected 8 or 16"));
  EXPECT_THAT(Ask("TraceID(attributes[\"missing\"]) == nil"), HasSubstr("got 0"));
  EXPECT_THAT(Ask("SpanID(attributes[\"map\"]) == nil"), StartsWith("error:"));
  // Numbers are bytes too, eight of them.
  EXPECT_EQ(Ask("SpanID(attributes[\"i\"]) == SpanID(0x0000000000000005)"), "yes");
}

TEST(Ids, IsRootSpan) {
  EXPECT_EQ(Ask("IsRootSpan()"), "no");
  EXPECT_EQ(Ask("not IsRootSpan() and IsRootSpan() == false"), "yes");
  Scene root;
  root.span = testing::OtlpSpan(0xABCD, 7, "root").Bytes();
  EXPECT_EQ(root.Ask("IsRootSpan()"), "yes");
  EXPECT_EQ(Ask("IsRootSpan(1)"), "no") << "arguments are passed over, as in the Collector";
  EXPECT_THAT(Ask("IsRootSpan()", Context::kSpanEvent), StartsWith("refused:"));
}

}  // namespace
}  // namespace tailrace::ottl
