// What the API server says of a Service, read as the Collector reads it.
#include "collector/exporters/balancing/endpoint_slices.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace tailrace {
namespace {

using Names = std::vector<std::string>;

std::string Slice(const std::string& name, const std::string& endpoints, const std::string& version = "7") {
  return absl::StrCat(R"({"metadata":{"name":")", name, R"(","resourceVersion":")", version, R"("},"endpoints":[)",
                      endpoints, "]}");
}
std::string Endpoint(const std::string& address, const std::string& more = "") {
  return absl::StrCat(R"({"addresses":[")", address, "\"]", more, "}");
}
std::string List(const std::string& slices, const std::string& next = "") {
  return absl::StrCat(R"({"kind":"EndpointSliceList","metadata":{"resourceVersion":"5","continue":")", next,
                      R"("},"items":[)", slices, "]}");
}
std::string Event(const std::string& type, const std::string& object) {
  return absl::StrCat(R"({"type":")", type, R"(","object":)", object, "}");
}

TEST(EndpointSlices, ReadsAListPageByPage) {
  EndpointSlices slices(false);
  std::string next;
  ASSERT_TRUE(slices.ReadList(List(Slice("a", Endpoint("10.0.0.2")), "more"), true, &next).ok());
  EXPECT_EQ(next, "more");
  ASSERT_TRUE(slices.ReadList(List(Slice("b", Endpoint("10.0.0.1"))), false, &next).ok());
  EXPECT_EQ(next, "");
  EXPECT_EQ(slices.Endpoints(), (Names{"10.0.0.1", "10.0.0.2"}));
  EXPECT_EQ(slices.resource_version(), "5");
  ASSERT_TRUE(slices.ReadList(List(""), true, &next).ok());
  EXPECT_EQ(slices.Endpoints(), Names{});
}

TEST(EndpointSlices, FollowsEvents) {
  EndpointSlices slices(false);
  ASSERT_TRUE(slices.ReadEvent(Event("ADDED", Slice("a", Endpoint("10.0.0.1") + "," + Endpoint("10.0.0.2")))).ok());
  ASSERT_TRUE(slices.ReadEvent(Event("ADDED", Slice("b", Endpoint("10.0.0.2")))).ok());
  ASSERT_TRUE(slices.ReadEvent(Event("MODIFIED", Slice("a", Endpoint("10.0.0.3"), "9"))).ok());
  EXPECT_EQ(slices.resource_version(), "9");
  EXPECT_EQ(slices.Endpoints(), (Names{"10.0.0.2", "10.0.0.3"}));
  ASSERT_TRUE(slices.ReadEvent(Event("DELETED", Slice("a", ""))).ok());
  ASSERT_TRUE(slices.ReadEvent(Event("BOOKMARK", R"({"metadata":{"resourceVersion":"12"}})")).ok());
  EXPECT_EQ(slices.Endpoints(), Names{"10.0.0.2"});
  EXPECT_EQ(slices.resource_version(), "12");
}

TEST(EndpointSlices, TakesWhatIsReadyOrDoesNotSay) {
  EndpointSlices slices(false);
  const std::string not_ready = R"(,"conditions":{"ready":false})", ready = R"(,"conditions":{"ready":true})";
  const std::string endpoints = absl::StrCat(Endpoint("10.0.0.1", not_ready), ",", Endpoint("10.0.0.2", ready), ",",
                                             Endpoint("10.0.0.3"), ",", Endpoint("10.0.0.4", R"(,"conditions":{})"));
  ASSERT_TRUE(slices.ReadEvent(Event("ADDED", Slice("a", endpoints))).ok());
  EXPECT_EQ(slices.Endpoints(), (Names{"10.0.0.2", "10.0.0.3", "10.0.0.4"}));
}

TEST(EndpointSlices, HostnamesWhereTheyAreAskedFor) {
  EndpointSlices slices(true);
  const std::string endpoints =
      absl::StrCat(Endpoint("10.0.0.1", R"(,"hostname":"tailrace-1")"), ",", Endpoint("10.0.0.2"));
  ASSERT_TRUE(slices.ReadEvent(Event("ADDED", Slice("a", endpoints))).ok());
  EXPECT_EQ(slices.Endpoints(), Names{"tailrace-1"});
}

TEST(EndpointSlices, GoneIsToldFromGarbage) {
  EndpointSlices slices(false);
  EXPECT_TRUE(absl::IsOutOfRange(slices.ReadEvent(Event("ERROR", R"({"code":410,"message":"too old"})"))));
  EXPECT_TRUE(absl::IsInvalidArgument(slices.ReadEvent(Event("ERROR", R"({"code":500,"message":"no"})"))));
  for (const char* garbage : {"", "{", "null", "[]", "\"x\"", "<html>", R"({"type":"ADDED"})", R"({"type":"X","object":{}})"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(slices.ReadEvent(garbage))) << garbage;
    std::string next;
    EXPECT_TRUE(absl::IsInvalidArgument(slices.ReadList(garbage, true, &next))) << garbage;
  }
  // Values of other kinds than expected are as if they were not there.
  EXPECT_TRUE(slices.ReadEvent(Event("ADDED", R"({"metadata":3,"endpoints":[1,{"addresses":"x"},{"addresses":[2]}]})")).ok());
  EXPECT_EQ(slices.Endpoints(), Names{});
}

TEST(EndpointSlices, IsBounded) {
  EndpointSlices slices(false);
  std::string endpoints;
  for (int i = 0; i < 6000; ++i) absl::StrAppend(&endpoints, i == 0 ? "" : ",", Endpoint(absl::StrCat("10.0.", i / 256, ".", i % 256)));
  ASSERT_TRUE(slices.ReadEvent(Event("ADDED", Slice("a", endpoints))).ok());
  EXPECT_FALSE(slices.truncated());
  ASSERT_TRUE(slices.ReadEvent(Event("ADDED", Slice("b", endpoints))).ok());
  EXPECT_TRUE(slices.truncated());
  EXPECT_LE(slices.Endpoints().size(), EndpointSlices::kEndpointsMax);
  ASSERT_TRUE(slices.ReadEvent(Event("DELETED", Slice("b", ""))).ok());
  EXPECT_FALSE(slices.truncated());
  EXPECT_EQ(slices.Endpoints().size(), 6000u);
}

}  // namespace
}  // namespace tailrace
