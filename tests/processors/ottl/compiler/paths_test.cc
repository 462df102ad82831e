#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/processors/ottl/compiler/asked.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Paths, OfASpan) {
  for (const char* condition : {
           "trace_id.string == \"0000000000000000000000000000abcd\"",
           "span_id.string == \"0000000000000007\"",
           "parent_span_id.string == \"0000000000000003\"",
           "trace_state == \"vendor=alpha, other=b\"",
           "trace_state[\"vendor\"] == \"alpha\"",
           "trace_state[\"other\"] == \"b\"",
           "trace_state[\"missing\"] == \"\"",
           "name == \"GET /cart\"",
           "kind == SPAN_KIND_SERVER",
           "kind.string == \"Server\"",
           "kind.deprecated_string == \"SPAN_KIND_SERVER\"",
           "start_time_unix_nano == 1000000000",
           "end_time_unix_nano == 2500000000",
           "dropped_attributes_count == 1",
           "dropped_events_count == 2",
           "dropped_links_count == 3",
           "status.code == STATUS_CODE_ERROR",
           "status.message == \"it broke\"",
           "flags == 257",
           "events != nil and links != nil",
           "cache == {} and cache[\"x\"] == nil and span.cache == {}",
           "span.name == \"GET /cart\" and span.attributes[\"i\"] == 5 and span.kind.string == \"Server\"",
           "resource.attributes[\"service.name\"] == \"cart\"",
           "resource.dropped_attributes_count == 5",
           "resource.schema_url == \"urn:resource\"",
           "scope.name == \"lib\" and instrumentation_scope.name == \"lib\"",
           "scope.version == \"1.2\"",
           "scope.attributes[\"mode\"] == \"auto\"",
           "scope.dropped_attributes_count == 6",
           "scope.schema_url == \"urn:scope\"",
           "otelcol.client.addr == nil and otelcol.client.metadata == {}",
           "otelcol.grpc.metadata[\"x\"] == nil and otelcol.client.auth.attributes == {}",
       }) {
    EXPECT_EQ(Ask(condition), "yes") << condition;
  }
}

TEST(Paths, OfASpanEvent) {
  for (const char* condition : {
           "name == \"retry\" and span.name == \"GET /cart\" and spanevent.name == \"retry\"",
           "attributes[\"n\"] == 3 and attributes[\"i\"] == nil and span.attributes[\"i\"] == 5",
           "time_unix_nano == 1500000000",
           "time > span.start_time and spanevent.time < span.end_time",
           "dropped_attributes_count == 4",
           "spanevent.attributes == {\"n\": 3}",
           "resource.attributes[\"service.name\"] == \"cart\"",
       }) {
    EXPECT_EQ(Ask(condition, Context::kSpanEvent), "yes") << condition;
  }
  EXPECT_THAT(Ask("event_index > 0", Context::kSpanEvent), StartsWith("error: no 'event_index'"));
  EXPECT_THAT(Ask("kind == 2", Context::kSpanEvent), HasSubstr("\"spanevent.kind\" is not a valid path"));
}

TEST(Paths, IdsThatAreNotSetAreZeros) {
  Scene scene;
  scene.span = testing::OtlpSpan(1, 1).Bytes();
  EXPECT_EQ(scene.Ask("parent_span_id.string == \"0000000000000000\""), "yes");
  EXPECT_EQ(scene.Ask("kind.string == \"Unspecified\" and status.code == 0 and status.message == \"\""), "yes");
}

TEST(Paths, KeysOfAttributes) {
  for (const char* condition : {
           "attributes[\"list\"][0] == \"a\"",
           "attributes[\"list\"][2][0] == 0.5",
           "attributes[\"list\"][(3 - 2)] == 2",
           "attributes[\"list\"][-(0 - 1)] == 2",
           "attributes[\"map\"][\"k\"] == \"v\"",
           "attributes[\"map\"][\"in\"][\"x\"] == false",
           "attributes[\"map\"][\"in\"] == {\"x\": false}",
           "attributes[\"map\"][\"missing\"][\"x\"] == nil",
           "attributes[\"missing\"][\"x\"][7] == nil",
           "attributes[attributes[\"key\"]] == 5",
           "attributes[name] == nil",
       }) {
    EXPECT_EQ(Ask(condition), "yes") << condition;
  }
  for (const char* condition : {
           "attributes[\"list\"][3] == nil",
           "attributes[\"list\"][-1] == nil",
           "attributes[\"list\"][\"a\"] == nil",
           "attributes[\"map\"][0] == nil",
           "attributes[\"s\"][0] == nil",
           "attributes[\"nothing\"][\"x\"] == nil",
           "attributes[5] == nil",
           "attributes[attributes[\"i\"]] == nil",
           "attributes[attributes[\"missing\"]] == nil",
           "trace_state[name] == \"\"",
           "cache[5] == nil",
       }) {
    EXPECT_THAT(Ask(condition), StartsWith("error: ")) << condition;
  }
}

TEST(Paths, TheFirstOfADoubleKeyCounts) {
  Scene scene;
  scene.span = testing::OtlpSpan(1, 1)
                   .Attribute("a", testing::IntValue(1))
                   .Attribute("a", testing::IntValue(2))
                   .Attribute("k", testing::StringValue("a"))
                   .Bytes();
  EXPECT_EQ(scene.Ask("attributes[\"a\"] == 1 and attributes[attributes[\"k\"]] == 1"), "yes");
}

TEST(Paths, AMalformedTraceStateHoldsNothing) {
  Scene scene;
  for (const char* state : {"Vendor=x", "a=1,a=2", "a", "a=b=c", "a=1,b@=2", "a= "}) {
    scene.span = testing::OtlpSpan(1, 1).TraceState(state).Bytes();
    EXPECT_EQ(scene.Ask("trace_state[\"a\"] == nil"), "yes") << state;
  }
  scene.span = testing::OtlpSpan(1, 1).TraceState(",a=1, 0t@v= x y\t,").Bytes();
  EXPECT_EQ(scene.Ask("trace_state[\"0t@v\"] == \" x y\" and trace_state[\"a\"] == \"1\""), "yes");
}

TEST(Paths, WhatMakesNoSenseIsRefused) {
  for (const char* condition : {
           "nonsense.path == 1",
           "name.foo == 1",
           "name[\"x\"] == 1",
           "attributes.foo == 1",
           "kind.foo == 1",
           "resource == nil",
           "span == nil",
           "resource.foo == 1",
           "scope.nope == 1",
           "resource.cache == nil",
           "log.body == 1",
           "a.b.c == 1",
           "trace_state[\"a\"][\"b\"] == 1",
           "spanevent.name == 1",
           "otelcol == 1",
           "otelcol.client == 1",
           "otelcol.client.addr[\"x\"] == 1",
           "status[\"x\"].code == 1",
           "status.code.x == 1",
           "start_time.x == 1",
           "cache.x == 1",
           "span.span.name == 1",
       }) {
    EXPECT_THAT(Ask(condition), StartsWith("refused: 1:")) << condition;
  }
}

}  // namespace
}  // namespace tailrace::ottl
