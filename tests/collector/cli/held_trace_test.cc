#include "collector/cli/held_trace.h"

#include <gtest/gtest.h>

#include <utility>

namespace tailrace {
namespace {

TEST(HeldTrace, SpansOfAllServices) {
  auto trace = HeldTrace::FromOtlpJson(R"({"resourceSpans":[
    {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"checkout"}}]},"scopeSpans":[{"spans":[
      {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00000000000000a1","name":"POST /cart","kind":2,
       "startTimeUnixNano":"1000","endTimeUnixNano":"2000","status":{"code":2,"message":"bad"}}]}]},
    {"scopeSpans":[{"spans":[
      {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00000000000000a2","parentSpanId":"00000000000000a1",
       "name":"query","startTimeUnixNano":"1100","endTimeUnixNano":"1200"}]}]}]})");
  ASSERT_TRUE(trace.ok()) << trace.status();
  const HeldTrace moved = *std::move(trace);  // the views go on pointing at its bytes
  ASSERT_EQ(moved.spans().size(), 2u);
  const WaterfallSpan& root = moved.spans()[0];
  EXPECT_EQ(root.service, "checkout");
  EXPECT_EQ(root.name, "POST /cart");
  EXPECT_EQ(root.kind, 2);
  EXPECT_TRUE(root.error);
  EXPECT_EQ(root.status_message, "bad");
  EXPECT_EQ(moved.spans()[1].parent_id, root.id);
  EXPECT_EQ(moved.spans()[1].service, "");
  EXPECT_FALSE(moved.spans()[1].error);
}

TEST(HeldTrace, WhatIsNoOtlpIsAnError) {
  EXPECT_FALSE(HeldTrace::FromOtlpJson("<html>").ok());
  EXPECT_FALSE(HeldTrace::FromOtlpJson("").ok());
  EXPECT_TRUE(HeldTrace::FromOtlpJson("{}")->spans().empty());
}

}  // namespace
}  // namespace tailrace
