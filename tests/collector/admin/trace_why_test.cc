// One trace: why it was decided so, and its spans.
#include "collector/telemetry/json_text.h"
#include "tests/collector/admin/trace_api_fixture.h"

namespace tailrace {
namespace {

class TraceWhyTest : public TraceApiTest {};
INSTANTIATE_TEST_SUITE_P(Shards, TraceWhyTest, ::testing::Values(1u, 3u));

TEST_P(TraceWhyTest, KeptByOneDroppedByNone) {
  Start();
  Send(OtlpSpan(1, 1, "GET /cart").Times(kMs, 813 * kMs));
  Decide();
  const element why = Why(1);
  EXPECT_EQ(Text(why["id"]), HexId(1));
  EXPECT_EQ(Text(why["sentence"]),
            "traces: Kept by the policy \"slow\", which asks for latency of more than 500 ms: 812 ms. "
            "traces/all: Kept by the policy \"all\", which asks for every trace.");
  const element answer = why["answers"].at(0);
  EXPECT_EQ(Text(answer["pipeline"]), "traces");
  EXPECT_EQ(Text(answer["state"]), "kept");
  EXPECT_EQ(Text(answer["policy"]), "slow");
  EXPECT_EQ(uint64_t(answer["spans"]), 1u);
  EXPECT_EQ(double(answer["duration_ms"]), 812.0);
  EXPECT_TRUE(answer["deadline_unix_ms"].is_null());
  const element errors = answer["votes"].at(0);
  EXPECT_EQ(Text(errors["policy"]), "errors");
  EXPECT_EQ(Text(errors["type"]), "status_code");
  EXPECT_EQ(Text(errors["vote"]), "not_sampled");
  EXPECT_EQ(Text(errors["value"]), "UNSET");
  EXPECT_TRUE(errors["span_id"].is_null());
  const element slow = answer["votes"].at(1);
  EXPECT_EQ(Text(slow["vote"]), "sampled");
  EXPECT_EQ(Text(slow["rule"]), "latency of more than 500 ms");
  EXPECT_EQ(Text(slow["value"]), "812 ms");
  EXPECT_EQ(Text(slow["span_id"]), "0000000000000001");
  EXPECT_EQ(Text(slow["service"]), "shop");
  EXPECT_EQ(Text(slow["operation"]), "GET /cart");
  EXPECT_EQ(Text(why["answers"].at(1)["votes"].at(0)["type"]), "drop") << "asked first";
}

TEST_P(TraceWhyTest, DroppedUndecidedLateAndNeverSeen) {
  Start();
  Send(OtlpSpan(1, 1, "check"), "health");
  Decide();
  Send(OtlpSpan(1, 2, "check"), "health");
  Send(OtlpSpan(2, 1), "shop");
  element why = Why(1);
  EXPECT_EQ(Text(why["sentence"]),
            "traces: Dropped: no policy voted to keep it. traces/all: Dropped by the policy \"no probes\" (drops: "
            "attribute \"service.name\" that is \"health\"): health.");
  EXPECT_EQ(uint64_t(why["answers"].at(0)["late_spans"]), 1u);
  EXPECT_TRUE(why["answers"].at(0)["policy"].is_null());
  EXPECT_EQ(Text(why["answers"].at(1)["policy"]), "no probes");
  EXPECT_EQ(Text(why["answers"].at(1)["votes"].at(0)["vote"]), "dropped");
  EXPECT_EQ(Text(why["answers"].at(1)["votes"].at(1)["vote"]), "not_asked");
  why = Why(2);
  EXPECT_EQ(Text(why["answers"].at(0)["state"]), "undecided");
  EXPECT_EQ(int64_t(why["answers"].at(0)["deadline_unix_ms"]), (clock_.WallNs() + 10'000'000'000) / 1'000'000);
  EXPECT_EQ(Text(why["answers"].at(0)["votes"].at(0)["vote"]), "not_asked");
  why = Why(3);
  EXPECT_EQ(Text(why["answers"].at(0)["state"]), "never_seen");
  EXPECT_EQ(why["answers"].at(0)["votes"].get_array().size(), 0u);
}

TEST_P(TraceWhyTest, ForgottenIsNotNeverSeen) {
  Start(0);
  Send(OtlpSpan(1, 1).Status(kError));
  Decide();
  const element answer = Why(1)["answers"].at(0);
  EXPECT_EQ(Text(answer["state"]), "forgotten");
  EXPECT_EQ(Text(answer["remembered"]), "kept");
  EXPECT_EQ(Text(answer["policy"]), "errors");
  EXPECT_EQ(Ask("/api/v1/traces/{id}", {{"id", HexId(1)}}, {}).status, 404u);
}

TEST_P(TraceWhyTest, IdsInOtherForms) {
  Start();
  Send(OtlpSpan(0xAB, 1).Status(kError));
  const std::string upper = "000000000000000000000000000000AB";
  EXPECT_EQ(Text(Json(Ask("/api/v1/why/{id}", {{"id", upper}}, {}))["answers"].at(0)["state"]), "undecided");
  for (const std::string& bad : {std::string("ab"), upper + "0", std::string(32, 'g'), std::string("..")}) {
    EXPECT_EQ(Ask("/api/v1/why/{id}", {{"id", bad}}, {}).status, 400u);
    EXPECT_EQ(Ask("/api/v1/traces/{id}", {{"id", bad}}, {}).status, 400u);
  }
}

TEST_P(TraceWhyTest, OneTraceWhole) {
  Start();
  OtlpRequest request;
  request.Service("shop").Span(OtlpSpan(1, 1, "GET /").Kind(2).Times(kMs, 2 * kMs));
  request.Service("pay")
      .Scope({"lib", "1.0"})
      .Span(OtlpSpan(1, 2, "charge")
                .Parent(1)
                .Times(kMs, 3 * kMs)
                .Status(kError, "no")
                .Attribute("n", testing::IntValue(7))
                .Attribute("share", testing::DoubleValue(0.5))
                .Event({2 * kMs, "oops"})
                .Link({testing::TestId(16, 9), testing::TestId(8, 9)}));
  Send(request);
  for (int decided = 0; decided < 2; ++decided) {
    const element otlp = Json(Ask("/api/v1/traces/{id}", {{"id", HexId(1)}}, {{"format", "otlp"}}));
    EXPECT_EQ(otlp["resourceSpans"].get_array().size(), 2u);
    const element jaeger = Json(Ask("/api/v1/traces/{id}", {{"id", HexId(1)}}, {{"format", "jaeger"}}));
    const element trace = jaeger["data"].at(0);
    EXPECT_EQ(Text(trace["traceID"]), HexId(1));
    const element span = trace["spans"].at(1);
    EXPECT_EQ(Text(span["operationName"]), "charge");
    EXPECT_EQ(int64_t(span["startTime"]), 1'000);
    EXPECT_EQ(int64_t(span["duration"]), 2'000);
    EXPECT_EQ(Text(span["references"].at(0)["refType"]), "CHILD_OF");
    EXPECT_EQ(Text(span["references"].at(0)["spanID"]), "0000000000000001");
    EXPECT_EQ(Text(span["references"].at(1)["refType"]), "FOLLOWS_FROM");
    EXPECT_EQ(Text(span["references"].at(1)["traceID"]), HexId(9));
    EXPECT_EQ(int64_t(span["logs"].at(0)["timestamp"]), 2'000);
    std::map<std::string, std::string> tags;
    for (const element tag : span["tags"].get_array()) tags[Text(tag["key"])] = simdjson::minify(tag["value"]);
    EXPECT_EQ(tags, (std::map<std::string, std::string>{{"error", "true"},
                                                        {"n", "7"},
                                                        {"otel.scope.name", "\"lib\""},
                                                        {"otel.scope.version", "\"1.0\""},
                                                        {"otel.status_code", "\"ERROR\""},
                                                        {"otel.status_description", "\"no\""},
                                                        {"share", "0.5"}}));
    EXPECT_EQ(Text(trace["processes"][Text(span["processID"])]["serviceName"]), "pay");
    Decide();
  }
  EXPECT_EQ(Ask("/api/v1/traces/{id}", {{"id", HexId(1)}}, {{"format", "xml"}}).status, 400u);
  EXPECT_EQ(Ask("/api/v1/traces/{id}", {{"id", HexId(5)}}, {}).status, 404u);
}

// Whatever names and values come by, answers are JSON, and no longer than they need be.
TEST_P(TraceWhyTest, HostileNames) {
  Start();
  const std::string hostile = std::string("<script>\0\x80\xFF\"\\\n\xE2\x80\xAE", 17) + std::string(1 << 20, 'x');
  Send(OtlpSpan(1, 1, hostile).Status(kError, hostile).Attribute(hostile, testing::StringValue(hostile)), hostile);
  Send(OtlpSpan(2, 1, hostile.substr(0, 17)).Status(kError), hostile.substr(0, 17));
  Decide();
  for (uint64_t trace : {1, 2}) {
    const AdminResponse why = Ask("/api/v1/why/{id}", {{"id", HexId(trace)}}, {});
    Json(why);
    EXPECT_LT(why.body.size(), 10'000u);
    EXPECT_EQ(why.body.find('\0'), std::string::npos);
  }
  const AdminResponse list = Ask("/api/v1/traces", {}, {});
  Json(list);
  EXPECT_LT(list.body.size(), 10'000u);
  Json(Ask("/api/v1/traces/{id}", {{"id", HexId(2)}}, {{"format", "jaeger"}}));
  Json(Ask("/api/v1/traces/{id}", {{"id", HexId(2)}}, {}));
}

}  // namespace
}  // namespace tailrace
