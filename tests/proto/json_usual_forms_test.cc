// Attributes of the usual form are read another way than all others (proto/json_attribute.h). Both ways must say the
// same of every form, byte for byte, errors included: each text is read as it is and once more with an unknown member
// in every object, which nothing of the usual form has and which means nothing.
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "proto/attribute_depth.h"
#include "proto/json_reader.h"
#include "proto/json_writer.h"
#include "tests/proto/random_request.h"
#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using namespace testing;  // NOLINT: the builders

std::string Parsed(const std::string& json) {
  std::string out;
  const absl::Status status = ParseOtlpJson(json, &out);
  return status.ok() ? out : "error: " + std::string(status.message());
}

// `json` with an unknown member in front of what every object has.
std::string Unusual(const std::string& json) {
  std::string out;
  bool in_string = false;
  for (size_t i = 0; i < json.size(); ++i) {
    out += json[i];
    if (in_string && json[i] == '\\') {
      out += json[++i];
    } else if (json[i] == '"') {
      in_string = !in_string;
    } else if (!in_string && json[i] == '{') {
      out += json[i + 1] == '}' ? R"("?":[0])" : R"("?":[0],)";
    }
  }
  return out;
}

std::string InSpan(const std::string& attributes) {
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[)" + attributes + R"(],"name":"n"}]}]}]})";
}

void ExpectTheSame(const std::string& attributes) {
  const std::string json = InSpan(attributes);
  ASSERT_EQ(Parsed(json), Parsed(Unusual(json))) << json;
}

std::string DeepValue(int levels) {
  std::string value = R"({"intValue":1})";
  for (int i = 0; i < levels; ++i) value = R"({"arrayValue":{"values":[)" + value + "]}}";
  return value;
}

const std::string kLong(200, 'l');

std::vector<std::string> Scalars() {
  return {R"("")",
          R"("a")",
          "\"" + kLong + "\"",
          R"("\u00e9\n\"\\\ud83d\ude00\u0000")",
          R"("half \ud83d of a pair")",
          R"("12")",
          R"("-12")",
          R"("+1")",
          R"("00000000000000000000000012")",
          R"("9223372036854775807")",
          R"("9223372036854775808")",
          R"("NaN")",
          R"("1.5e3")",
          R"("QUJD")",
          "0",
          "-1",
          "127",
          "128",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "18446744073709551615",
          "100000000000000000000",
          "0.5",
          "-0.0",
          "1e400",
          "true",
          "false",
          "null",
          "[]",
          "{}",
          R"({"values":[]})",
          R"({"values":[{"intValue":1},{"key":"k","value":{"intValue":1}}]})"};
}

// Every form of an AnyValue with one member, and some with more or none.
std::vector<std::string> Values() {
  std::vector<std::string> values = {"{}",
                                     R"({"stringValue":"a","intValue":1})",
                                     R"({"stringValue":"a","stringValue":"b"})",
                                     R"({"stringValue":null,"intValue":1})",
                                     R"({"intValue":1,"x":2})",
                                     R"({"stringValu":"a"})",
                                     R"({"stringValuf":"a"})",
                                     R"({"stringValue\u0000":"a"})",
                                     R"({"doubleValud":1})",
                                     R"({"intvalue":1})",
                                     R"({"BoolValue":true})",
                                     R"({"":1})",
                                     DeepValue(kAttributeDepthMax - 1),
                                     DeepValue(kAttributeDepthMax),
                                     DeepValue(kAttributeDepthMax + 1)};
  for (const char* member : {"stringValue", "intValue", "boolValue", "doubleValue", "bytesValue", "arrayValue",
                             "kvlistValue", "string_value", "int_value", "bool_value", "double_value", "x"}) {
    for (const std::string& scalar : Scalars()) values.push_back(std::string("{\"") + member + "\":" + scalar + "}");
  }
  for (const std::string& scalar : Scalars()) values.push_back(scalar);
  return values;
}

TEST(JsonUsualForms, EveryValue) {
  for (const std::string& value : Values()) ExpectTheSame(R"({"key":"k","value":)" + value + "}");
}

TEST(JsonUsualForms, EveryKey) {
  for (const std::string& key : Scalars()) {
    for (const char* value : {R"({"stringValue":"v"})", R"({"intValue":"3"})", R"({"boolValue":false})", "null"}) {
      ExpectTheSame("{\"key\":" + key + ",\"value\":" + value + "}");
    }
  }
}

TEST(JsonUsualForms, EveryOrderOfMembers) {
  const std::vector<std::string> members = {R"("key":"k")",      R"("key":"")",     R"("key":null)",
                                            R"("Key":"k")",      R"("ke":"k")",     R"("key ":"k")",
                                            R"("values":[])",    R"("valuE":null)", R"("value":{"stringValue":"v"})",
                                            R"("value":null)",   R"("value":{})",   R"("x":{"key":"k"})",
                                            R"("key_value":"k")"};
  ExpectTheSame("{}");
  for (const std::string& a : members) {
    ExpectTheSame("{" + a + "}");
    for (const std::string& b : members) {
      ExpectTheSame("{" + a + "," + b + "}");
      for (const std::string& c : members) ExpectTheSame("{" + a + "," + b + "," + c + "}");
    }
  }
}

TEST(JsonUsualForms, NeighboursOfAnyForm) {
  const std::string usual = R"({"key":"a","value":{"boolValue":true}})";
  for (const std::string& value : Values()) {
    const std::string other = R"({"value":)" + value + R"(,"key":"b"})";
    ExpectTheSame(usual + "," + other + "," + usual);
    ExpectTheSame(usual + "," + value + "," + usual);
  }
}

TEST(JsonUsualForms, RandomRequests) {
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    Dice dice(seed);
    std::string json;
    ASSERT_TRUE(WriteOtlpJson(RandomOtlp(&dice).SerializeAsString(), &json));
    ASSERT_EQ(Parsed(json), Parsed(Unusual(json))) << "seed " << seed << "\n" << json;
  }
}

// The lengths of keys, values and of what holds them pass one byte's 127 and two bytes' 16383.
TEST(JsonUsualForms, EveryLength) {
  for (const size_t around : {size_t{0}, size_t{110}, size_t{16370}}) {
    for (size_t size = around; size < around + 40; ++size) {
      const std::string text(size, 't');
      const std::string attributes = R"({"key":")" + text + R"(","value":{"intValue":"7"}},{"key":"k","value":)" +
                                     R"({"stringValue":")" + text + R"("}})";
      ExpectTheSame(attributes);
      const std::string key = size == 0 ? WireBuilder().Bytes(2, IntValue(7)).Bytes() : KeyValue(text, IntValue(7));
      const std::string span =
          WireBuilder().Bytes(9, key).Bytes(9, KeyValue("k", StringValue(text))).Bytes(5, "n").Bytes();
      const std::string spans = WireBuilder().Bytes(2, WireBuilder().Bytes(2, span).Bytes()).Bytes();
      ASSERT_EQ(Parsed(InSpan(attributes)), WireBuilder().Bytes(1, spans).Bytes()) << size;
    }
  }
}

}  // namespace
}  // namespace tailrace
