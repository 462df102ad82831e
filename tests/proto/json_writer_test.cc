// WriteOtlpJson against text written by hand after the Collector's marshaler; malformed bytes at every length.
#include "proto/json_writer.h"

#include <cmath>
#include <limits>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: the builders

std::string Json(const std::string& request) {
  std::string out;
  return WriteOtlpJson(request, &out) ? out : "malformed";
}

std::string ValueJson(const std::string& any_value) {
  std::string out;
  return WriteAnyValueJson(any_value, &out) ? out : "malformed";
}

std::string SpanJson(const OtlpSpan& span) {
  const std::string json = Json(OtlpRequest().Span(span).Bytes());
  const std::string before = R"({"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":[)";
  const std::string after = "]}]}]}";
  if (json.size() < before.size() + after.size() || json.substr(0, before.size()) != before) return json;
  return json.substr(before.size(), json.size() - before.size() - after.size());
}

TEST(JsonWriter, EmptyRequest) { EXPECT_EQ(Json(""), "{}"); }

TEST(JsonWriter, AppendsToWhatIsThere) {
  std::string out = "x";
  ASSERT_TRUE(WriteOtlpJson("", &out));
  EXPECT_EQ(out, "x{}");
}

TEST(JsonWriter, SmallestSpan) {
  EXPECT_EQ(SpanJson(OtlpSpan(0xAB, 0xCD)),
            R"({"traceId":"000000000000000000000000000000ab","spanId":"00000000000000cd","status":{}})");
}

TEST(JsonWriter, EverySpanField) {
  OtlpLink link(TestId(16, 3), TestId(8, 4));
  link.Attribute("l", BoolValue(true)).DroppedAttributes(5);
  link.wire().Bytes(3, "c=d").Fixed32(6, 0x101);
  const OtlpSpan span = OtlpSpan(1, 2, "GET /")
                            .TraceState("a=b")
                            .Parent(9)
                            .Flags(0x301)
                            .Kind(3)
                            .Times(1700000000000000001, 18446744073709551615ULL)
                            .Attribute("k", StringValue("v"))
                            .DroppedAttributes(1)
                            .Event(OtlpEvent(7, "e").Attribute("x", IntValue(1)).DroppedAttributes(2))
                            .DroppedEvents(3)
                            .Link(link)
                            .DroppedLinks(4)
                            .Status(2, "bad");
  EXPECT_EQ(SpanJson(span),
            R"({"traceId":"00000000000000000000000000000001","spanId":"0000000000000002","traceState":"a=b",)"
            R"("parentSpanId":"0000000000000009","flags":769,"name":"GET /","kind":3,)"
            R"("startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"18446744073709551615",)"
            R"("attributes":[{"key":"k","value":{"stringValue":"v"}}],"droppedAttributesCount":1,)"
            R"("events":[{"timeUnixNano":"7","name":"e","attributes":[{"key":"x","value":{"intValue":"1"}}],)"
            R"("droppedAttributesCount":2}],"droppedEventsCount":3,)"
            R"("links":[{"traceId":"00000000000000000000000000000003","spanId":"0000000000000004","traceState":"c=d",)"
            R"("attributes":[{"key":"l","value":{"boolValue":true}}],"droppedAttributesCount":5,"flags":257}],)"
            R"("droppedLinksCount":4,"status":{"message":"bad","code":2}})");
}

TEST(JsonWriter, ResourceScopeAndSchemas) {
  OtlpResource resource;
  resource.Attribute("service.name", StringValue("cart")).DroppedAttributes(2);
  resource.wire().Bytes(3, WireBuilder().Bytes(1, "s").Bytes(2, "t").Bytes(3, "a").Bytes(3, "b").Bytes(4, "c").Bytes());
  OtlpScope scope("lib", "1.0");
  scope.Attribute("x", DoubleValue(0.5)).DroppedAttributes(1);
  EXPECT_EQ(Json(OtlpRequest().Resource(resource, "r").Scope(scope, "q").Bytes()),
            R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}],)"
            R"("droppedAttributesCount":2,)"
            R"("entityRefs":[{"schemaUrl":"s","type":"t","idKeys":["a","b"],"descriptionKeys":["c"]}]},)"
            R"("scopeSpans":[{"scope":{"name":"lib","version":"1.0","attributes":[{"key":"x","value":{"doubleValue":0.5}}],)"
            R"("droppedAttributesCount":1},"schemaUrl":"q"}],"schemaUrl":"r"}]})");
}

struct ValueCase {
  const char* name;
  std::string bytes;
  std::string json;
};

class JsonWriterValue : public ::testing::TestWithParam<ValueCase> {};

TEST_P(JsonWriterValue, IsWritten) { EXPECT_EQ(ValueJson(GetParam().bytes), GetParam().json); }

INSTANTIATE_TEST_SUITE_P(
    All, JsonWriterValue,
    ::testing::Values(
        ValueCase{"empty", "", "{}"}, ValueCase{"string", StringValue("a"), R"({"stringValue":"a"})"},
        ValueCase{"empty_string", StringValue(""), R"({"stringValue":""})"},
        ValueCase{"escapes", StringValue("\"\\/\n\r\t\b\x01"), R"({"stringValue":"\"\\/\n\r\t\u0008\u0001"})"},
        ValueCase{"nul", StringValue(std::string_view("a\0b", 3)), R"({"stringValue":"a\u0000b"})"},
        ValueCase{"utf8", StringValue("\u00e9\u20ac\U0001F600"), "{\"stringValue\":\"\u00e9\u20ac\U0001F600\"}"},
        ValueCase{"bad_utf8", StringValue("a\xFFz\xC3"), "{\"stringValue\":\"a\uFFFDz\uFFFD\"}"},
        ValueCase{"overlong", StringValue("\xC0\xAF"), "{\"stringValue\":\"\uFFFD\uFFFD\"}"},
        ValueCase{"surrogate", StringValue("\xED\xA0\x80"), "{\"stringValue\":\"\uFFFD\uFFFD\uFFFD\"}"},
        ValueCase{"bool_true", BoolValue(true), R"({"boolValue":true})"},
        ValueCase{"bool_false", BoolValue(false), R"({"boolValue":false})"},
        ValueCase{"int_zero", IntValue(0), R"({"intValue":"0"})"},
        ValueCase{"int_min", IntValue(INT64_MIN), R"({"intValue":"-9223372036854775808"})"},
        ValueCase{"double", DoubleValue(0.1), R"({"doubleValue":0.1})"},
        ValueCase{"double_large", DoubleValue(1e300), R"({"doubleValue":1e+300})"},
        ValueCase{"double_zero", DoubleValue(0), R"({"doubleValue":0})"},
        ValueCase{"double_nan", DoubleValue(std::nan("")), R"({"doubleValue":"NaN"})"},
        ValueCase{"double_inf", DoubleValue(INFINITY), R"({"doubleValue":"Infinity"})"},
        ValueCase{"double_minus_inf", DoubleValue(-INFINITY), R"({"doubleValue":"-Infinity"})"},
        ValueCase{"bytes", BytesValue("\x01\xFF\xFE\xFA"), R"({"bytesValue":"Af/++g=="})"},
        ValueCase{"empty_bytes", BytesValue(""), R"({"bytesValue":""})"},
        ValueCase{"empty_array", ArrayValue(), R"({"arrayValue":{}})"},
        ValueCase{"array", ArrayValue(IntValue(1), std::string(), StringValue("x")),
                  R"({"arrayValue":{"values":[{"intValue":"1"},{},{"stringValue":"x"}]}})"},
        ValueCase{"map", MapValue(KeyValue("a", BoolValue(false)), WireBuilder().Bytes(1, "b").Bytes()),
                  R"({"kvlistValue":{"values":[{"key":"a","value":{"boolValue":false}},{"key":"b","value":{}}]}})"}),
    [](const auto& info) { return info.param.name; });

TEST(JsonWriter, TheLastScalarWins) {
  OtlpSpan span(1, 2, "first");
  span.wire().Bytes(5, "second").Varint(6, 1).Varint(6, 4);
  EXPECT_EQ(SpanJson(span), R"({"traceId":"00000000000000000000000000000001","spanId":"0000000000000002",)"
                            R"("name":"second","kind":4,"status":{}})");
}

TEST(JsonWriter, SubMessagesMerge) {
  OtlpSpan span(1, 2);
  span.Status(1, "kept");
  span.wire().Bytes(15, WireBuilder().Varint(3, 2).Bytes());
  EXPECT_NE(SpanJson(span).find(R"("status":{"message":"kept","code":2})"), std::string::npos);
}

TEST(JsonWriter, ResourceMayComeLastAndInPieces) {
  const std::string one = OtlpResource().Attribute("a", IntValue(1)).Bytes();
  const std::string two = OtlpResource().Attribute("b", IntValue(2)).Bytes();
  const std::string spans = WireBuilder().Bytes(3, "url").Bytes(1, one).Bytes(1, two).Bytes();
  EXPECT_EQ(Json(WireBuilder().Bytes(1, spans).Bytes()),
            R"({"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":{"intValue":"1"}},)"
            R"({"key":"b","value":{"intValue":"2"}}]},"schemaUrl":"url"}]})");
}

TEST(JsonWriter, TheLastMemberOfAOneofWins) {
  EXPECT_EQ(ValueJson(StringValue("a") + IntValue(3)), R"({"intValue":"3"})");
  EXPECT_EQ(ValueJson(ArrayValue(IntValue(1)) + ArrayValue(IntValue(2))),
            R"({"arrayValue":{"values":[{"intValue":"1"},{"intValue":"2"}]}})");
  EXPECT_EQ(ValueJson(ArrayValue(IntValue(1)) + BoolValue(true) + ArrayValue(IntValue(2))),
            R"({"arrayValue":{"values":[{"intValue":"2"}]}})");
}

TEST(JsonWriter, UnknownFieldsAndWrongWireTypesAreSkipped) {
  OtlpSpan span(1, 2);
  span.wire().Varint(99, 1).Bytes(98, "x").Fixed32(97, 1).Fixed64(96, 1).Varint(5, 7);
  EXPECT_EQ(SpanJson(span), SpanJson(OtlpSpan(1, 2)));
}

TEST(JsonWriter, ZeroIdsAreLeftOut) {
  EXPECT_EQ(SpanJson(OtlpSpan(TestId(16, 0), TestId(8, 1)).Parent(TestId(8, 0))),
            R"({"spanId":"0000000000000001","status":{}})");
}

std::string Nested(int levels) {
  std::string value = IntValue(1);
  for (int i = 0; i < levels; ++i) value = ArrayValue(value);
  return value;
}

TEST(JsonWriter, NestingIsBounded) {
  EXPECT_NE(ValueJson(Nested(49)), "malformed");
  EXPECT_EQ(ValueJson(Nested(50)), "malformed");
  EXPECT_EQ(ValueJson(Nested(2000)), "malformed");
  EXPECT_NE(SpanJson(OtlpSpan(1, 2).Attribute("deep", Nested(40))), "malformed");
}

TEST(JsonWriter, MalformedBytesLeaveTheOutputAsItWas) {
  std::string out = "before";
  EXPECT_FALSE(WriteOtlpJson("\x0A\x05x", &out));
  EXPECT_FALSE(WriteOtlpJson("\x0B", &out));  // a group
  EXPECT_FALSE(WriteOtlpJson(std::string_view("\x00", 1), &out));
  EXPECT_EQ(out, "before");
}

// A prefix is whole only where it is cut between two fields of the outermost message; nothing crashes.
TEST(JsonWriter, EveryPrefix) {
  const std::string one = OtlpRequest().Service("cart").Span(OtlpSpan(1, 2, "a").Times(1, 2).Status(2, "m")).Bytes();
  const std::string sample =
      one + OtlpRequest()
                .Resource(OtlpResource().Attribute("m", MapValue(KeyValue("k", ArrayValue(BytesValue("abc"))))))
                .Span(OtlpSpan(3, 4).Event(OtlpEvent(1, "e")).Link(OtlpLink("t", "s")))
                .Bytes();
  for (size_t size = 0; size <= sample.size(); ++size) {
    std::string out;
    const std::string prefix = sample.substr(0, size);  // of its own, so that a sanitizer sees a read past its end
    const bool whole = size == 0 || size == one.size() || size == sample.size();
    EXPECT_EQ(WriteOtlpJson(prefix, &out), whole) << size;
    EXPECT_EQ(out.empty(), !whole) << size;
  }
}

}  // namespace
}  // namespace tailrace
