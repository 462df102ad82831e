// ParseOtlpJson rule by rule: each JSON text against the wire bytes that it must become, or the error that it must be.
#include "proto/json_reader.h"

#include <cmath>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/attribute_depth.h"
#include "proto/request_scanner.h"
#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: the builders
using ::testing::HasSubstr;

constexpr char kTraceHex[] = "5b8efff798038103d269b633813fc60c";

std::string Parsed(const std::string& json) {
  std::string out = "left from before";
  const absl::Status status = ParseOtlpJson(json, &out);
  return status.ok() ? out : "error: " + std::string(status.message());
}

std::string ErrorOf(const std::string& json) {
  std::string out = "left from before";
  const absl::Status status = ParseOtlpJson(json, &out);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << json.substr(0, 200);
  EXPECT_EQ(out, "");
  return std::string(status.message());
}

std::string InSpan(const std::string& fields) {
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{)" + fields + "}]}]}]}";
}
std::string InValue(const std::string& value) { return InSpan(R"("attributes":[{"key":"k","value":)" + value + "}]"); }

// The wire bytes of a request with one span of these bytes.
std::string SpanWire(const std::string& span) {
  const std::string scope_spans = WireBuilder().Bytes(2, span).Bytes();
  return WireBuilder().Bytes(1, WireBuilder().Bytes(2, scope_spans).Bytes()).Bytes();
}
std::string ValueWire(const std::string& any_value) {
  return SpanWire(WireBuilder().Bytes(9, KeyValue("k", any_value)).Bytes());
}

struct Case {
  const char* name;
  std::string json;  // the fields of a span, or an AnyValue
  std::string wire;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class JsonReaderSpan : public ::testing::TestWithParam<Case> {};
TEST_P(JsonReaderSpan, IsRead) {
  EXPECT_EQ(Parsed(InSpan(GetParam().json)), SpanWire(GetParam().wire)) << GetParam().json;
}

const auto kCaseName = [](const auto& one) { return std::string(one.param.name); };

const std::string kId("\x5b\x8e\xff\xf7\x98\x03\x81\x03\xd2\x69\xb6\x33\x81\x3f\xc6\x0c", 16);

INSTANTIATE_TEST_SUITE_P(
    All, JsonReaderSpan,
    ::testing::Values(
        Case{"nothing", "", ""},
        Case{"lower_hex", R"("traceId":"5b8efff798038103d269b633813fc60c")", WireBuilder().Bytes(1, kId).Bytes()},
        Case{"upper_hex", R"("traceId":"5B8EFFF798038103D269B633813FC60C")", WireBuilder().Bytes(1, kId).Bytes()},
        Case{"short_id_passes", R"("spanId":"0102")", WireBuilder().Bytes(2, "\x01\x02").Bytes()},
        Case{"zero_id_passes", R"("spanId":"0000")", WireBuilder().Bytes(2, std::string(2, '\0')).Bytes()},
        Case{"empty_id", R"("traceId":"","parentSpanId":null)", ""},
        Case{"kind_number", R"("kind":2)", WireBuilder().Varint(6, 2).Bytes()},
        Case{"kind_name", R"("kind":"SPAN_KIND_SERVER")", WireBuilder().Varint(6, 2).Bytes()},
        Case{"kind_unspecified", R"("kind":"SPAN_KIND_UNSPECIFIED")", ""},
        Case{"kind_unknown", R"("kind":99)", WireBuilder().Varint(6, 99).Bytes()},
        Case{"kind_negative", R"("kind":-1)", WireBuilder().Varint(6, UINT64_MAX).Bytes()},
        Case{"status_name", R"("status":{"code":"STATUS_CODE_ERROR","message":"m"})",
             WireBuilder().Bytes(15, WireBuilder().Varint(3, 2).Bytes(2, "m").Bytes()).Bytes()},
        Case{"status_empty", R"("status":{})", WireBuilder().Bytes(15, "").Bytes()},
        Case{"status_null", R"("status":null)", ""},
        Case{"time_string", R"("startTimeUnixNano":"1544712660000000001")",
             WireBuilder().Fixed64(7, 1544712660000000001).Bytes()},
        Case{"time_number", R"("endTimeUnixNano":1544712660000000001)",
             WireBuilder().Fixed64(8, 1544712660000000001).Bytes()},
        Case{"time_max", R"("endTimeUnixNano":18446744073709551615)", WireBuilder().Fixed64(8, UINT64_MAX).Bytes()},
        Case{"time_max_string", R"("endTimeUnixNano":"18446744073709551615")",
             WireBuilder().Fixed64(8, UINT64_MAX).Bytes()},
        Case{"time_zero", R"("startTimeUnixNano":0,"endTimeUnixNano":"0")", ""},
        Case{"flags", R"("flags":769)", WireBuilder().Fixed32(16, 769).Bytes()},
        Case{"flags_string", R"("flags":"4294967295")", WireBuilder().Fixed32(16, UINT32_MAX).Bytes()},
        Case{"counts", R"("droppedAttributesCount":1,"droppedEventsCount":"2","droppedLinksCount":4294967295)",
             WireBuilder().Varint(10, 1).Varint(12, 2).Varint(14, UINT32_MAX).Bytes()},
        Case{"snake_case",
             R"("trace_id":"0102","start_time_unix_nano":"1","dropped_links_count":3,"parent_span_id":"03")",
             WireBuilder().Bytes(1, "\x01\x02").Fixed64(7, 1).Varint(14, 3).Bytes(4, "\x03").Bytes()},
        Case{"not_quite_snake_case", R"("trace__id":"01","_name":"a","trace_Id":"01","name_":"b","NAME":"c")", ""},
        Case{"unknown_keys", R"("x":{"name":[1,{"y":null}],"kind":-5},"name":"n","z":[[[]]],"":1)",
             WireBuilder().Bytes(5, "n").Bytes()},
        Case{"nulls", R"("name":null,"kind":null,"attributes":null,"events":null,"flags":null,"endTimeUnixNano":null)",
             ""},
        Case{"null_in_a_list", R"("attributes":[null,{}])", WireBuilder().Bytes(9, "").Bytes(9, "").Bytes()},
        Case{"twice", R"("name":"a","name":"b")", WireBuilder().Bytes(5, "a").Bytes(5, "b").Bytes()},
        Case{"order_stays", R"("flags":1,"name":"a","kind":1)",
             WireBuilder().Fixed32(16, 1).Bytes(5, "a").Varint(6, 1).Bytes()},
        Case{"escapes", R"("name":"\u00e9\n\"\\\/\ud83d\ude00\u0000")",
             WireBuilder().Bytes(5, std::string("é\n\"\\/\U0001F600\0", 11)).Bytes()},
        Case{"half_a_surrogate_pair", R"("name":"a\ud83d","traceState":"\udE00\\ud83d\ud83d\u0041")",
             WireBuilder()
                 .Bytes(5, "a\uFFFD")
                 .Bytes(3,
                        "\uFFFD\\ud83d\uFFFD"
                        "A")
                 .Bytes()},
        Case{"event", R"("events":[{"timeUnixNano":"7","name":"e","attributes":[],"droppedAttributesCount":1}])",
             WireBuilder().Bytes(11, WireBuilder().Fixed64(1, 7).Bytes(2, "e").Varint(4, 1).Bytes()).Bytes()},
        Case{
            "link", R"("links":[{"traceId":"ab","spanId":"CD","traceState":"s","flags":1,"droppedAttributesCount":2}])",
            WireBuilder()
                .Bytes(13,
                       WireBuilder().Bytes(1, "\xab").Bytes(2, "\xcd").Bytes(3, "s").Fixed32(6, 1).Varint(5, 2).Bytes())
                .Bytes()}),
    kCaseName);

class JsonReaderValue : public ::testing::TestWithParam<Case> {};
TEST_P(JsonReaderValue, IsRead) {
  EXPECT_EQ(Parsed(InValue(GetParam().json)), ValueWire(GetParam().wire)) << GetParam().json;
}

INSTANTIATE_TEST_SUITE_P(
    All, JsonReaderValue,
    ::testing::Values(Case{"empty", "{}", ""}, Case{"unknown_member", R"({"stringValueStrindex":3})", ""},
                      Case{"null_member", R"({"stringValue":null})", ""},
                      Case{"string", R"({"stringValue":"x"})", StringValue("x")},
                      Case{"empty_string", R"({"stringValue":""})", StringValue("")},
                      Case{"snake_case", R"({"string_value":"x"})", StringValue("x")},
                      Case{"true_value", R"({"boolValue":true})", BoolValue(true)},
                      Case{"false_value", R"({"boolValue":false})", BoolValue(false)},
                      Case{"int_string", R"({"intValue":"9007199254740993"})", IntValue(9007199254740993)},
                      Case{"int_number", R"({"intValue":9007199254740993})", IntValue(9007199254740993)},
                      Case{"int_max", R"({"intValue":9223372036854775807})", IntValue(INT64_MAX)},
                      Case{"int_min", R"({"intValue":"-9223372036854775808"})", IntValue(INT64_MIN)},
                      Case{"int_min_number", R"({"intValue":-9223372036854775808})", IntValue(INT64_MIN)},
                      Case{"int_zero", R"({"intValue":0})", IntValue(0)},
                      Case{"double_number", R"({"doubleValue":0.1})", DoubleValue(0.1)},
                      Case{"double_of_an_integer", R"({"doubleValue":3})", DoubleValue(3)},
                      Case{"double_of_a_long_integer", R"({"doubleValue":100000000000000000000})", DoubleValue(1e20)},
                      Case{"double_of_a_long_negative", R"({"doubleValue":-100000000000000000000})",
                           DoubleValue(-1e20)},
                      Case{"double_minus_zero", R"({"doubleValue":-0.0})", DoubleValue(-0.0)},
        Case{"double_minus_zero_without_a_point", R"({"doubleValue":-0})", DoubleValue(0)},
                      Case{"double_text", R"({"doubleValue":"1.5e3"})", DoubleValue(1500)},
                      Case{"nan", R"({"doubleValue":"NaN"})", DoubleValue(std::numeric_limits<double>::quiet_NaN())},
                      Case{"infinity", R"({"doubleValue":"Infinity"})", DoubleValue(INFINITY)},
                      Case{"minus_infinity", R"({"doubleValue":"-Infinity"})", DoubleValue(-INFINITY)},
                      Case{"base64", R"({"bytesValue":"Af/++g=="})", BytesValue("\x01\xff\xfe\xfa")},
                      Case{"base64_without_padding", R"({"bytesValue":"Af/++g"})", BytesValue("\x01\xff\xfe\xfa")},
                      Case{"base64_url", R"({"bytesValue":"Af_--g=="})", BytesValue("\x01\xff\xfe\xfa")},
                      Case{"base64_url_without_padding", R"({"bytesValue":"Af_--g"})", BytesValue("\x01\xff\xfe\xfa")},
                      Case{"no_bytes", R"({"bytesValue":""})", BytesValue("")},
                      Case{"empty_array", R"({"arrayValue":{}})", ArrayValue()},
                      Case{"array", R"({"arrayValue":{"values":[{"intValue":1},{},null]}})",
                           ArrayValue(IntValue(1), std::string(), std::string())},
                      Case{"map", R"({"kvlistValue":{"values":[{"key":"a","value":{"boolValue":true}},{"key":"b"}]}})",
                           MapValue(KeyValue("a", BoolValue(true)), WireBuilder().Bytes(1, "b").Bytes())}),
    kCaseName);

struct BadCase {
  const char* name;
  std::string json;
  std::string message;
};
void PrintTo(const BadCase& one, std::ostream* out) { *out << one.name; }

class JsonReaderError : public ::testing::TestWithParam<BadCase> {};
TEST_P(JsonReaderError, SaysWhatAndWhere) { EXPECT_THAT(ErrorOf(GetParam().json), HasSubstr(GetParam().message)); }

INSTANTIATE_TEST_SUITE_P(
    All, JsonReaderError,
    ::testing::Values(
        BadCase{"empty", "", "the body is empty; expected a JSON object"},
        BadCase{"blank", " \r\n\t", "the body is empty"},
        BadCase{"list", "[]", "expected a JSON object, an ExportTraceServiceRequest"},
        BadCase{"number", "1", "expected a JSON object"}, BadCase{"text", "hello", "not valid JSON"},
        BadCase{"cut_off", R"({"resourceSpans")", "not valid JSON"}, BadCase{"more_behind", "{} {}", "not valid JSON"},
        BadCase{"bad_utf8", "{\"a\":\"\xff\"}", "UTF-8"},
        BadCase{"bad_utf8_in_a_name", InSpan("\"name\":\"\xc3(\""), "UTF-8"},
        BadCase{"bad_escape", InSpan(R"("name":"\ud8zz")"), "malformed string"},
        BadCase{"control_character", InSpan("\"name\":\"a\nb\""), "not valid JSON"},
        BadCase{"infinite", InValue(R"({"doubleValue":1e400})"), "too large number"},
        BadCase{"object_for_list", R"({"resourceSpans":{}})", "resourceSpans: expected an array"},
        BadCase{"string_for_object", R"({"resourceSpans":[{},""]})", "resourceSpans[1]: expected an object"},
        BadCase{"bad_hex", InSpan(R"("traceId":"0z")"),
                "resourceSpans[0].scopeSpans[0].spans[0].traceId: expected pairs of hex"},
        BadCase{"odd_hex", InSpan(R"("traceId":"012")"), "traceId: expected pairs of hex"},
        BadCase{"hex_as_number", InSpan(R"("spanId":12)"), "spanId: expected a string of hex"},
        BadCase{"kind_name", InSpan(R"("kind":"SERVER")"), "kind: unknown name"},
        BadCase{"kind_of_status", InSpan(R"("kind":"STATUS_CODE_OK")"), "kind: unknown name"},
        BadCase{"kind_wide", InSpan(R"("kind":4294967296)"), "kind: expected a name or an integer of 32 bits"},
        BadCase{"time_negative", InSpan(R"("startTimeUnixNano":-1)"), "startTimeUnixNano: expected an integer from 0"},
        BadCase{"time_fraction", InSpan(R"("startTimeUnixNano":1.5)"), "startTimeUnixNano: expected an integer"},
        BadCase{"time_words", InSpan(R"("startTimeUnixNano":"1s")"), "startTimeUnixNano: expected an integer"},
        BadCase{"time_too_large", InSpan(R"("startTimeUnixNano":18446744073709551616)"),
                "startTimeUnixNano: expected an integer"},
        BadCase{"time_string_too_large", InSpan(R"("startTimeUnixNano":"18446744073709551616")"),
                "startTimeUnixNano: expected"},
        BadCase{"flags_too_large", InSpan(R"("flags":4294967296)"), "flags: expected an integer from 0 to 4294967295"},
        BadCase{"name_number", InSpan(R"("name":5)"), "name: expected a string"},
        BadCase{"int_too_large", InValue(R"({"intValue":9223372036854775808})"),
                "value.intValue: expected an integer of 64 bits"},
        BadCase{"int_far_too_large", InValue(R"({"intValue":100000000000000000000})"),
                "intValue: expected an integer of 64 bits"},
        BadCase{"int_string_too_small", InValue(R"({"intValue":"-9223372036854775809"})"),
                "intValue: expected an integer"},
        BadCase{"int_empty", InValue(R"({"intValue":""})"), "intValue: expected an integer"},
        BadCase{"int_plus", InValue(R"({"intValue":"+1"})"), "intValue: expected an integer"},
        BadCase{"int_double", InValue(R"({"intValue":1.0})"), "intValue: expected an integer"},
        BadCase{"bool_string", InValue(R"({"boolValue":"true"})"), "boolValue: expected true or false"},
        BadCase{"double_words", InValue(R"({"doubleValue":"inf"})"), "doubleValue: expected a number"},
        BadCase{"double_text_too_large", InValue(R"({"doubleValue":"1e400"})"), "doubleValue: expected a number"},
        BadCase{"bytes", InValue(R"({"bytesValue":"###"})"), "bytesValue: expected base64"},
        BadCase{"plain_value", InValue("5"), "attributes[0].value: expected an object"}),
    kCaseName);

TEST(JsonReader, EmptyRequests) {
  for (const char* json :
       {"{}", "null", " {\n} ", R"({"resourceSpans":[]})", R"({"resourceSpans":null})", R"({"resource_spans":[]})"}) {
    EXPECT_EQ(Parsed(json), "") << json;
  }
}

TEST(JsonReader, ResourceScopeAndSchemas) {
  const std::string json =
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":{"intValue":1}}],"entityRefs":[{"type":"t","idKeys":["x",""]}]},)"
      R"("scopeSpans":[{"scope":{"name":"n","version":"1"},"schemaUrl":"q","spans":[{"spanId":"01"}]}],"schemaUrl":"r"}]})";
  OtlpResource resource;
  resource.Attribute("a", IntValue(1));
  resource.wire().Bytes(3, WireBuilder().Bytes(2, "t").Bytes(3, "x").Bytes(3, "").Bytes());
  const std::string scope_spans = WireBuilder()
                                      .Bytes(1, OtlpScope("n", "1").Bytes())
                                      .Bytes(3, "q")
                                      .Bytes(2, WireBuilder().Bytes(2, "\x01").Bytes())
                                      .Bytes();
  EXPECT_EQ(Parsed(json),
            WireBuilder()
                .Bytes(1, WireBuilder().Bytes(1, resource.Bytes()).Bytes(2, scope_spans).Bytes(3, "r").Bytes())
                .Bytes());
}

TEST(JsonReader, ACompleteSpanScans) {
  std::string wire;
  ASSERT_TRUE(ParseOtlpJson(InSpan(std::string("\"traceId\":\"") + kTraceHex +
                                   R"(","spanId":"eee19b7ec3c1b174","status":{"code":2})"),
                            &wire)
                  .ok());
  ScannedRequest scan;
  ASSERT_EQ(ScanRequest(wire, &scan), ScanError::kNone);
  ASSERT_EQ(scan.runs.size(), 1u);
  EXPECT_EQ(scan.runs[0].trace_id.ToHex(), kTraceHex);
  EXPECT_EQ(scan.runs[0].seen, kSeenStatusError | kSeenRoot);
}

TEST(JsonReader, EveryPrefixOfARequestIsAnError) {
  const std::string json =
      InSpan(R"("name":"\u00e9","attributes":[{"key":"k","value":{"doubleValue":-1.5e3}}],"kind":2)");
  for (size_t size = 0; size < json.size(); ++size) ErrorOf(json.substr(0, size));
}

std::string DeepValue(int levels) {
  std::string value = R"({"intValue":1})";
  for (int i = 0; i < levels; ++i) value = R"({"arrayValue":{"values":[)" + value + "]}}";
  return value;
}

TEST(JsonReader, NestingIsBounded) {
  std::string wire;
  EXPECT_TRUE(ParseOtlpJson(InValue(DeepValue(kAttributeDepthMax)), &wire).ok());
  EXPECT_THAT(ErrorOf(InValue(DeepValue(kAttributeDepthMax + 1))), HasSubstr("nested too deep"));
}

TEST(JsonReader, AMillionLevelsAreRefused) {
  constexpr int kLevels = 1'000'000;
  std::string open;
  for (int i = 0; i < kLevels; ++i) open += R"({"arrayValue":{"values":[)";
  EXPECT_THAT(ErrorOf(InValue(open)), HasSubstr("nested too deep"));
  EXPECT_THAT(ErrorOf(R"({"unknown":)" + std::string(kLevels, '[') + std::string(kLevels, ']') + "}"),
              HasSubstr("nested too deep"));
  EXPECT_THAT(ErrorOf(std::string(kLevels, '[') + std::string(kLevels, ']')), HasSubstr("nested too deep"));
}

// Buffers that a large body made grow are given back; the next bodies must be read all the same.
TEST(JsonReader, ALargeBodyBetweenSmallOnes) {
  const std::string name(8 << 20, 'n');
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Parsed(InSpan(R"("name":"a")")), SpanWire(WireBuilder().Bytes(5, "a").Bytes()));
    EXPECT_EQ(Parsed(InSpan("\"name\":\"" + name + "\"")), SpanWire(WireBuilder().Bytes(5, name).Bytes()));
    ErrorOf("{");
  }
}

}  // namespace
}  // namespace tailrace
