// Which route a request is for, and how many may wait for one that is costly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "collector/admin/http_routes.h"
#include "collector/admin/http_server.h"
#include "tests/collector/admin/raw_client.h"
#include "tests/support/wait_for.h"

namespace tailrace {
namespace {

using ::testing::EndsWith;
using testing::Fetch;
using ::testing::HasSubstr;
using testing::RawClient;
using ::testing::StartsWith;
using testing::WaitFor;

TEST(AdminRoutes, NamesInAPathStandForOneSegment) {
  AdminServer server;
  const auto tell = [](const char* which) {
    return [which](const AdminRequest& request) {
      std::string text = which;
      for (const auto& [name, value] : request.values) text += " " + name + "=" + value;
      for (const auto& [name, value] : request.parameters) text += " ?" + name + "=" + value;
      return AdminResponse{.body = text};
    };
  };
  server.AddRoute({"/t/{id}", tell("one"), std::vector<std::string>{"format"}});
  server.AddRoute({"/t/{id}/spans/{span}", tell("two")});
  server.AddRoute({"/t/all", tell("all")});
  const absl::StatusOr<uint16_t> port = server.Start("127.0.0.1", 0);
  ASSERT_TRUE(port.ok()) << port.status();
  EXPECT_THAT(Fetch(*port, "GET", "/t/7f"), EndsWith("\n\r\none id=7f"));
  EXPECT_THAT(Fetch(*port, "GET", "/t/a%2fb%20?format=x%26y"), EndsWith("one id=a/b  ?format=x&y"));
  EXPECT_THAT(Fetch(*port, "GET", "/t/7/spans/8"), EndsWith("two id=7 span=8"));
  EXPECT_THAT(Fetch(*port, "GET", "/t/all"), EndsWith("\nall")) << "a path without names goes first";
  for (const char* target : {"/t/", "/t", "/t//", "/t/7/", "/t/7/spans/", "/t/7/spans/8/9", "/t/7/other/8"}) {
    EXPECT_THAT(Fetch(*port, "GET", target), StartsWith("HTTP/1.1 404 ")) << target;
  }
  for (const char* target : {"/t/%", "/t/7%zz", "/t/7?id=7", "/t/7?format=a&format=b", "/t/7?format=%"}) {
    EXPECT_THAT(Fetch(*port, "GET", target), StartsWith("HTTP/1.1 400 ")) << target;
  }
}

TEST(AdminRoutes, WhatAnswersEverythingBelowComesLast) {
  admin::Routes routes;
  for (const char* path : {"/", "/api/v1/why/{id}", "/assets/", "/assets/app.js"}) {
    routes.Add({.path = path, .handler = [](const AdminRequest&) { return AdminResponse(); }});
  }
  const std::pair<const char*, const char*> found[] = {{"/api/v1/why/7f", "/api/v1/why/{id}"},
                                                       {"/assets/app.js", "/assets/app.js"},
                                                       {"/assets/other.js", "/assets/"},
                                                       {"/api/v1/why/7f/x", "/"},
                                                       {"/", "/"}};
  for (const auto& [path, route] : found) {
    AdminRequest request{.path = path};
    AdminResponse error;
    const AdminRoute* const answers = routes.Find("GET", &request, &error);
    ASSERT_NE(answers, nullptr) << path;
    EXPECT_EQ(answers->path, route) << path;
  }
}

TEST(AdminRoutes, OnlyAFewCostlyRequestsWait) {
  std::promise<void> gate;
  std::shared_future<void> open = gate.get_future().share();
  std::atomic<int> begun{0};
  AdminServer server({.costly_waiting_max = 2});
  server.AddRoute({.path = "/costly",
                   .handler =
                       [&, open](const AdminRequest&) {
                         ++begun;
                         open.wait();
                         return AdminResponse{.body = "done"};
                       },
                   .is_costly = true});
  server.AddRoute({"/cheap", [](const AdminRequest&) { return AdminResponse{.body = "cheap"}; }});
  const absl::StatusOr<uint16_t> port = server.Start("127.0.0.1", 0);
  ASSERT_TRUE(port.ok()) << port.status();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<RawClient>(*port));
    clients.back()->Send("GET /cheap HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(clients.back()->ReadUntil("cheap"), StartsWith("HTTP/1.1 200 "));
  }
  // The first runs, and holds the thread; what the others ask meanwhile is read when it is through.
  constexpr char kCostly[] = "GET /costly HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  clients[0]->Send(kCostly);
  ASSERT_TRUE(WaitFor([&] { return begun == 1; }));
  for (int i = 1; i < 6; ++i) clients[i]->Send(kCostly);
  gate.set_value();
  EXPECT_THAT(clients[0]->ReadAll(), EndsWith("done"));
  int done = 0;
  for (int i = 1; i < 6; ++i) {
    const std::string answer = clients[i]->ReadAll();
    if (answer.starts_with("HTTP/1.1 200 ")) {
      ++done;
    } else {
      EXPECT_THAT(answer, StartsWith("HTTP/1.1 429 "));
      EXPECT_THAT(answer, HasSubstr("Retry-After: 1\r\n"));
    }
  }
  EXPECT_EQ(done, 2);
  EXPECT_EQ(server.counters().requests_turned_away, 3u);
  EXPECT_THAT(Fetch(*port, "GET", "/cheap"), EndsWith("cheap"));
  EXPECT_THAT(Fetch(*port, "GET", "/costly"), EndsWith("done")) << "there is room again";
}

}  // namespace
}  // namespace tailrace
