// The page's server from outside: what it serves, to whom, and how it says no.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/inflate.h"
#include "collector/admin/baselines_route.h"
#include "collector/admin/page_files.h"
#include "collector/admin/trace_finder.h"
#include "collector/admin/trace_routes.h"
#include "tests/collector/admin/page_rig.h"

namespace tailrace {
namespace {

using ::testing::AllOf;
using testing::BodyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::PageRig;
using testing::RawClient;
using ::testing::StartsWith;

const PageFile& Index() {
  for (const PageFile& file : PageFiles()) {
    if (file.path == "/index.html") return file;
  }
  throw std::runtime_error("the program has no index.html");
}

TEST(PageServer, ServesThePage) {
  const PageRig rig;
  const std::string answer = rig.Get("/");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/html; charset=utf-8\r\n"));
  EXPECT_THAT(answer, HasSubstr("Cache-Control: no-cache\r\n"));
  EXPECT_EQ(BodyOf(answer), Index().bytes);
  EXPECT_EQ(BodyOf(rig.Get("/index.html?v=1")), Index().bytes);
}

TEST(PageServer, EveryAnswerTellsBrowsersWhatTheyMayDo) {
  const PageRig rig;
  for (const char* target : {"/", "/api/v1/status", "/api/v1/openapi.json", "/nothing", "/api/v1/flow?x=1"}) {
    EXPECT_THAT(
        rig.Get(target),
        AllOf(HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"), HasSubstr("\r\nReferrer-Policy: no-referrer\r\n"),
              HasSubstr("\r\nX-Tailrace-Version: " TAILRACE_VERSION "\r\n"),
              HasSubstr("\r\nContent-Security-Policy: default-src 'none'; script-src 'self';")))
        << target;
  }
  EXPECT_THAT(rig.Get("/api/v1/status"), HasSubstr("\r\nCache-Control: no-store\r\n"));
}

TEST(PageServer, PacksForWhoTakesIt) {
  const PageRig rig;
  for (const char* fields : {"Accept-Encoding: GZIP\r\n", "Accept-Encoding: br;q=1.0, gzip;q=0.8, *;q=0.1\r\n"}) {
    EXPECT_THAT(rig.Get("/", fields), HasSubstr("Content-Encoding: gzip")) << fields;
  }
  const std::string answer = rig.Get("/", "Accept-Encoding: br, gzip\r\n");
  EXPECT_THAT(answer, AllOf(HasSubstr("Content-Encoding: gzip\r\n"), HasSubstr("Vary: Accept-Encoding\r\n")));
  BufferPool pool(1 << 20);
  BufferRef plain;
  ASSERT_EQ(Inflater().Inflate(Encoding::kGzip, BodyOf(answer), 1 << 20, pool, &plain), InflateError::kNone);
  EXPECT_EQ(plain->view(), Index().bytes);
  for (const char* fields : {"", "Accept-Encoding: br\r\n", "Accept-Encoding: gzip;q=0\r\n",
                             "Accept-Encoding: gzip; q=0.000\r\n", "Accept-Encoding: gzipped\r\n"}) {
    EXPECT_THAT(rig.Get("/", fields), Not(HasSubstr("Content-Encoding"))) << fields;
  }
}

TEST(PageServer, SendsNothingThatTheClientHas) {
  const PageRig rig;
  const std::string first = rig.Get("/");
  const size_t at = first.find("ETag: ") + 6;
  const std::string tag = first.substr(at, first.find("\r\n", at) - at);
  for (const std::string& tags : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    const std::string again = rig.Get("/", "If-None-Match: " + tags + "\r\n");
    EXPECT_THAT(again, StartsWith("HTTP/1.1 304 ")) << tags;
    EXPECT_THAT(again, EndsWith("\r\n\r\n"));
    EXPECT_THAT(again, HasSubstr("ETag: " + tag));
  }
  EXPECT_THAT(rig.Get("/", "If-None-Match: \"other\"\r\n"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(rig.Get("/", "Accept-Encoding: gzip\r\nIf-None-Match: " + tag + "\r\n"), StartsWith("HTTP/1.1 200 "))
      << "another form, another tag";
}

TEST(PageServer, OnlyNamesThatStandForTheirContentAreKeptForGood) {
  static constexpr PageFile kFiles[] = {{"/assets/page-BqX3_a-1.js", "1", "2", "d1"},
                                        {"/assets/page.css", "1", "2", "d2"},
                                        {"/-BqX3_a-1", "1", "2", "d3"}};
  const auto caching = [](const AdminRoute& route) {
    for (const auto& [name, value] : route.handler({}).headers) {
      if (name == "Cache-Control") return value;
    }
    return std::string();
  };
  const std::vector<AdminRoute> routes = FileRoutes(kFiles);
  ASSERT_EQ(routes.size(), 3u);
  EXPECT_EQ(caching(routes[0]), "max-age=31536000, immutable");
  EXPECT_EQ(caching(routes[1]), "no-cache");
  EXPECT_EQ(caching(routes[2]), "no-cache");
}

TEST(PageServer, ThereIsNothingBesideItsFiles) {
  const PageRig rig;
  for (const char* target :
       {"/assets/", "/assets/none.js", "/assets/../index.html", "/assets/../../../../etc/passwd", "/%2e%2e/index.html",
        "/assets/..%2findex.html", "/index.html/", "//index.html", "/INDEX.html", "/api", "/api/", "/api/v1",
        "/api/v1/", "/api/v1/status/", "/api/v1//status", "/api/v2/status", "/.git/config", "/index.html%00"}) {
    EXPECT_THAT(rig.Get(target), StartsWith("HTTP/1.1 404 ")) << target;
  }
}

TEST(PageServer, BelowApiErrorsAreJson) {
  const PageRig rig;
  const std::string missing = rig.Get("/api/v1/nothing");
  EXPECT_THAT(missing, AllOf(StartsWith("HTTP/1.1 404 "), HasSubstr("Content-Type: application/json")));
  EXPECT_EQ(BodyOf(missing), R"({"error":"no such path"})");
  const std::string unknown = rig.Get("/api/v1/status?a=1");
  EXPECT_THAT(unknown, StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(BodyOf(unknown), R"({"error":"unknown parameter 'a'; there are none here"})");
  EXPECT_THAT(rig.Get("/api/v1/status?%"), StartsWith("HTTP/1.1 400 "));
  const std::string post = rig.Ask("POST", "/api/v1/status");
  EXPECT_THAT(post, AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, HEAD\r\n"),
                          EndsWith("{\"error\":\"use GET or HEAD\"}")));
  for (const char* method : {"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", "FOO"}) {
    EXPECT_THAT(rig.Ask(method, "/api/v1/status"), StartsWith("HTTP/1.1 405 ")) << method;
  }
}

TEST(PageServer, HeadIsGetWithoutTheBody) {
  const PageRig rig;
  for (const char* target : {"/", "/api/v1/config", "/api/v1/nothing"}) {
    const std::string whole = rig.Get(target);
    EXPECT_EQ(rig.Ask("HEAD", target), whole.substr(0, whole.find("\r\n\r\n") + 4)) << target;
  }
}

TEST(PageServer, StrangeNamesAreNotItsOwn) {
  const PageRig rig;
  for (const char* host : {"localhost", "LOCALHOST:1", "tailrace.localhost", "127.0.0.1", "127.0.0.1:8080",
                           "[::1]:8080", "10.1.2.3", "[2001:db8::1]"}) {
    EXPECT_THAT(rig.Ask("GET", "/api/v1/status", "", host), StartsWith("HTTP/1.1 200 ")) << host;
  }
  for (const char* host : {"evil.example", "localhost.evil.example", "evil.example:8080", "127.0.0.1.evil.example", "",
                           "[", "[::1", "localhost@evil.example", "0x7f.1"}) {
    EXPECT_THAT(rig.Ask("GET", "/api/v1/status", "", host), StartsWith("HTTP/1.1 403 ")) << host;
    EXPECT_THAT(rig.Ask("GET", "/", "", host), StartsWith("HTTP/1.1 403 ")) << host;
  }
  RawClient nameless(rig.port());
  nameless.Send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(nameless.ReadAll(), StartsWith("HTTP/1.1 403 "));
}

TEST(PageServer, NamesOfTheConfigurationAreItsOwn) {
  config::PageConfig config;
  config.host = "collector.internal";
  config.hosts = {"Shop.example"};
  const BrowserRules rules = PageBrowserRules(config);
  EXPECT_FALSE(rules.Refusal("/", "collector.internal:8080", "").has_value());
  EXPECT_FALSE(rules.Refusal("/", "shop.EXAMPLE", "").has_value());
  EXPECT_TRUE(rules.Refusal("/", "x.shop.example", "").has_value());
}

TEST(PageServer, PagesOfOtherSitesMayNotAsk) {
  const PageRig rig;
  const std::string refused = rig.Get("/api/v1/config", "Sec-Fetch-Site: cross-site\r\n");
  EXPECT_THAT(refused,
              AllOf(StartsWith("HTTP/1.1 403 "), EndsWith("{\"error\":\"pages of other sites may not ask\"}")));
  for (const char* site : {"same-origin", "same-site", "none"}) {
    EXPECT_THAT(rig.Get("/api/v1/config", std::string("Sec-Fetch-Site: ") + site + "\r\n"),
                StartsWith("HTTP/1.1 200 "));
  }
  EXPECT_THAT(rig.Get("/", "Sec-Fetch-Site: cross-site\r\n"), StartsWith("HTTP/1.1 200 "))
      << "a link to the page is fine";
}

TEST(PageServer, LongTargetsAreRefusedOrAnswered) {
  const PageRig rig({.request_bytes_max = size_t{16} << 10});
  EXPECT_THAT(rig.Get("/api/v1/status?" + std::string(8'000, 'x')), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(rig.Get("/" + std::string(8'000, '/')), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(rig.Get("/api/v1/status?" + std::string(20'000, 'x')), StartsWith("HTTP/1.1 431 "));
}

TEST(PageServer, ManyWhoAskCostOneSnapshot) {
  PageRig rig;
  for (int i = 0; i < 20; ++i) rig.Get(i % 2 == 0 ? "/api/v1/flow" : "/api/v1/status");
  EXPECT_EQ(rig.snapshots(), 1u);
  rig.clock().Advance(std::chrono::milliseconds(249));
  rig.Get("/api/v1/policies");
  EXPECT_EQ(rig.snapshots(), 1u);
  rig.clock().Advance(std::chrono::milliseconds(1));
  rig.Get("/api/v1/flow");
  EXPECT_EQ(rig.snapshots(), 2u);
}

TEST(PageServer, OpenApiNamesEveryRouteAndNoOther) {
  const PageRig rig;
  const std::string described = BodyOf(rig.Get("/api/v1/openapi.json"));
  testing::ManualClock clock;
  const ProcessStatsReader process(clock);
  const HealthState health(clock);
  const config::Config config = testing::SampleConfig();
  Moments moments([] { return testing::SampleSnapshot(); }, process, clock);
  size_t served = 0;
  std::vector<AdminRoute> routes = PageRoutes({config, moments, health, {}});
  routes.push_back(BaselinesRoute(nullptr, clock));
  const TraceFinder finder(config, {}, clock);
  for (AdminRoute& route : TraceRoutes(finder)) routes.push_back(std::move(route));
  for (const AdminRoute& route : routes) {
    if (!route.path.starts_with("/api/")) continue;
    ++served;
    EXPECT_THAT(described, HasSubstr("\n    \"" + route.path + "\": {"));
  }
  size_t named = 0;
  for (size_t at = described.find("\n    \"/"); at != std::string::npos; at = described.find("\n    \"/", at + 1))
    ++named;
  EXPECT_EQ(named, served);
}

}  // namespace
}  // namespace tailrace
