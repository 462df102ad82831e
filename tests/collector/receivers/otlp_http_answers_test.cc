// What OTLP/HTTP clients are answered, row by row, on HTTP/1.1 and on HTTP/2: the statuses, content types and texts
// that clients of the OpenTelemetry Collector are used to.
#include <gtest/gtest.h>

#include "tests/collector/receivers/packed.h"
#include "tests/collector/receivers/receiver_server.h"
#include "tests/support/http2_client.h"
#include "tests/support/http_client.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::testing {
namespace {

constexpr const char* kUnsupportedType =
    "415 unsupported media type, supported: [application/json, application/x-protobuf]";
constexpr const char* kOk = "{\"partialSuccess\":{}}";
const std::string kProtobufOk("\x0A\x00", 2);
constexpr const char* kSpanJson =
    R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C",)"
    R"("spanId":"EEE19B7EC3C1B174","name":"x","kind":"SPAN_KIND_SERVER","startTimeUnixNano":"1","endTimeUnixNano":2}]}]}]})";

std::string OneSpan() {
  return OtlpRequest().Service("cart").Span(OtlpSpan(TestId(16, 1), TestId(8, 1), "GET /")).Bytes();
}

struct Row {
  const char* name;
  std::string method = "POST";
  std::string path = "/v1/traces";
  std::string content_type;  // empty: none is sent
  std::string encoding;      // empty: none is sent
  std::string body;
  int status = 200;
  std::string answer_type;
  std::string answer;            // the whole body; empty: see answer_part
  std::string answer_part = {};  // must be in the body
};

const std::string kJson = "application/json";
const std::string kProtobuf = "application/x-protobuf";

std::vector<Row> Rows() {
  const std::string text = "text/plain", not_found = "text/plain; charset=utf-8", page = "404 page not found\n";
  return {
      {"JsonEmptyObject", "POST", "/v1/traces", kJson, "", "{}", 200, kJson, kOk},
      {"JsonOneSpan", "POST", "/v1/traces", kJson, "", kSpanJson, 200, kJson, kOk},
      {"JsonCharset", "POST", "/v1/traces", "application/json; charset=utf-8", "", "{}", 200, kJson, kOk},
      {"JsonTypeInCapitals", "POST", "/v1/traces", "Application/JSON", "", "{}", 200, kJson, kOk},
      {"JsonArray", "POST", "/v1/traces", kJson, "", "[]", 400, kJson, "", "{\"code\":3,\"message\":\""},
      {"JsonTruncated", "POST", "/v1/traces", kJson, "", "{\"resourceSpans\":[", 400, kJson, "", "{\"code\":3,"},
      {"JsonEmptyBody", "POST", "/v1/traces", kJson, "", "", 400, kJson, "", "{\"code\":3,"},
      {"ProtobufEmpty", "POST", "/v1/traces", kProtobuf, "", "", 200, kProtobuf, kProtobufOk},
      {"ProtobufOneSpan", "POST", "/v1/traces", kProtobuf, "", OneSpan(), 200, kProtobuf, kProtobufOk},
      {"ProtobufGarbage", "POST", "/v1/traces", kProtobuf, "", "\x0A\xFFgarbage", 400, kProtobuf, "", "\x08\x03\x12"},
      {"ProtobufTruncated", "POST", "/v1/traces", kProtobuf, "", OneSpan().substr(0, 40), 400, kProtobuf, "",
       "\x08\x03\x12"},
      {"TextPlain", "POST", "/v1/traces", "text/plain", "", "x", 415, text, kUnsupportedType},
      {"NoContentType", "POST", "/v1/traces", "", "", "x", 415, text, kUnsupportedType},
      {"Get", "GET", "/v1/traces", "", "", "", 405, text, "405 method not allowed, supported: [POST]"},
      {"Put", "PUT", "/v1/traces", kJson, "", "{}", 405, text, "405 method not allowed, supported: [POST]"},
      {"UnknownPath", "POST", "/v1/nothing", kJson, "", "{}", 404, not_found, page},
      {"MetricsPath", "POST", "/v1/metrics", kProtobuf, "", "", 404, not_found, page},
      {"TrailingSlash", "POST", "/v1/traces/", kJson, "", "{}", 404, not_found, page},
      {"Query", "POST", "/v1/traces?a=b", kJson, "", "{}", 200, kJson, kOk},
      {"Gzip", "POST", "/v1/traces", kJson, "gzip", Gzip("{}"), 200, kJson, kOk},
      {"GzipProtobuf", "POST", "/v1/traces", kProtobuf, "gzip", Gzip(OneSpan()), 200, kProtobuf, kProtobufOk},
      {"GzipGarbage", "POST", "/v1/traces", kJson, "gzip", "garbage", 400, kJson, "", "{\"code\":3,"},
      {"GzipEmpty", "POST", "/v1/traces", kJson, "gzip", "", 400, kJson, "", "{\"code\":3,"},
      {"Deflate", "POST", "/v1/traces", kJson, "deflate", Zlib("{}"), 200, kJson, kOk},
      {"Zstd", "POST", "/v1/traces", kJson, "zstd", Zstd("{}"), 200, kJson, kOk},
      {"ZstdGarbage", "POST", "/v1/traces", kJson, "zstd", "garbage", 400, kJson, "", "{\"code\":3,"},
      {"Identity", "POST", "/v1/traces", kJson, "identity", "{}", 200, kJson, kOk},
      {"UnknownEncoding", "POST", "/v1/traces", kJson, "br", "{}", 400, kJson,
       "{\"code\":3,\"message\":\"unsupported Content-Encoding: br\"}"},
  };
}

class HttpAnswers : public ::testing::TestWithParam<Row> {};

TEST_P(HttpAnswers, OnHttp1) {
  const Row& row = GetParam();
  ReceiverServer server;
  HttpClient client(server.port());
  std::string fields;
  if (!row.content_type.empty()) fields += "Content-Type: " + row.content_type + "\r\n";
  if (!row.encoding.empty()) fields += "Content-Encoding: " + row.encoding + "\r\n";
  if (!fields.empty()) fields.resize(fields.size() - 2);
  // Twice: the connection stays usable after every one of these answers.
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client.Send(Http1Request(row.method, row.path, fields, row.body)));
    const HttpResponse response = client.ReadResponse();
    EXPECT_EQ(response.status, row.status);
    EXPECT_EQ(response.fields.at("content-type"), row.answer_type);
    if (!row.answer.empty()) {
      EXPECT_EQ(response.body, row.answer);
    }
    EXPECT_NE(response.body.find(row.answer_part), std::string::npos) << response.body;
  }
  EXPECT_EQ(server.buffer_bytes_in_use(), 0u);
}

TEST_P(HttpAnswers, OnHttp2) {
  const Row& row = GetParam();
  ReceiverServer server;
  Http2Client client(server.port());
  Fields fields = HttpFields(row.method, row.path);
  if (!row.content_type.empty()) fields.emplace_back("content-type", row.content_type);
  if (!row.encoding.empty()) fields.emplace_back("content-encoding", row.encoding);
  for (int i = 0; i < 2; ++i) {
    const Http2Client::Response response = client.Call(fields, row.body);
    EXPECT_EQ(response.status(), row.status);
    EXPECT_EQ(response.fields.at("content-type"), row.answer_type);
    if (!row.answer.empty()) {
      EXPECT_EQ(response.body, row.answer);
    }
    EXPECT_NE(response.body.find(row.answer_part), std::string::npos) << response.body;
  }
  EXPECT_EQ(server.buffer_bytes_in_use(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Table, HttpAnswers, ::testing::ValuesIn(Rows()),
                         [](const ::testing::TestParamInfo<Row>& row) { return std::string(row.param.name); });

TEST(OtlpHttp, BodiesArriveAsTheyWereSent) {
  ReceiverServer server;
  HttpClient client(server.port());
  const std::string request = OneSpan();
  for (const auto& [encoding, body] : {std::pair<std::string, std::string>{"gzip", Gzip(request)},
                                       {"deflate", Zlib(request)},
                                       {"zstd", Zstd(request)},
                                       {"identity", request}}) {
    ASSERT_TRUE(client.Send(Http1Request(
        "POST", "/v1/traces", "Content-Type: application/x-protobuf\r\nContent-Encoding: " + encoding, body)));
    EXPECT_EQ(client.ReadResponse().status, 200) << encoding;
  }
  EXPECT_EQ(server.ingest().bodies(), std::vector<std::string>(4, request));
  EXPECT_EQ(server.ingest().last_receiver, 7u);
  EXPECT_EQ(server.ingest().last_transport, static_cast<int>(Transport::kHttp));
}

TEST(OtlpHttp, SpansWithBadIdsAreRefusedAlone) {
  ReceiverServer server;
  HttpClient client(server.port());
  const std::string request = OtlpRequest()
                                  .Service("cart")
                                  .Span(OtlpSpan(TestId(16, 1), TestId(8, 1), "good"))
                                  .Span(OtlpSpan(std::string(16, '\0'), TestId(8, 2), "bad"))
                                  .Span(OtlpSpan(TestId(15, 1), TestId(8, 3), "bad"))
                                  .Bytes();
  ASSERT_TRUE(client.Send(Http1Request("POST", "/v1/traces", "Content-Type: application/x-protobuf", request)));
  const HttpResponse response = client.ReadResponse();
  EXPECT_EQ(response.status, 200);
  const std::string partial = WireBuilder().Varint(1, 2).Bytes(2, "spans with a bad id").Bytes();
  EXPECT_EQ(response.body, WireBuilder().Bytes(1, partial).Bytes());
}

TEST(OtlpHttp, OverloadIsA503WithRetryAfter) {
  ReceiverServer server;
  server.ingest().overloaded = true;
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(Http1Request("POST", "/v1/traces", "Content-Type: application/json", "{}")));
  const HttpResponse response = client.ReadResponse();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.fields.at("retry-after"), "2");
  EXPECT_EQ(response.body, "{\"code\":14,\"message\":\"no room\"}");
}

TEST(OtlpHttp, PathIsTheConfiguredOne) {
  ReceiverServer server({.traces_url_path = "/otlp/traces"});
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(Http1Request("POST", "/otlp/traces", "Content-Type: application/json", "{}")));
  EXPECT_EQ(client.ReadResponse().status, 200);
  ASSERT_TRUE(client.Send(Http1Request("POST", "/v1/traces", "Content-Type: application/json", "{}")));
  EXPECT_EQ(client.ReadResponse().status, 404);
}

// A buffer may end where the body ends, or have room behind it for JSON to be read in place, with a longer body's rest
// in it.
TEST(OtlpHttpJson, BodiesOfEverySizeAboutABuffersCapacity) {
  ReceiverServer server;
  HttpClient client(server.port());
  std::vector<std::string> expected;
  for (size_t size = 1024 - 70; size <= 1024 + 2; ++size) {
    const std::string before = R"({"resourceSpans":[{"schemaUrl":")", after = "\"}]}";
    const std::string url(size - before.size() - after.size(), static_cast<char>('a' + size % 26));
    ASSERT_TRUE(client.Send(Http1Request("POST", "/v1/traces", "Content-Type: " + kJson, before + url + after)));
    ASSERT_EQ(client.ReadResponse().status, 200) << size;
    expected.push_back(WireBuilder().Bytes(1, WireBuilder().Bytes(3, url).Bytes()).Bytes());
  }
  EXPECT_EQ(server.ingest().bodies(), expected);
}

}  // namespace
}  // namespace tailrace::testing
