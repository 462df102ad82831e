// The list of recent decisions over several shards and pipelines.
#include "tests/collector/admin/trace_api_fixture.h"

namespace tailrace {
namespace {

using Ids = std::vector<uint64_t>;

class TraceListTest : public TraceApiTest {
 protected:
  // Twenty traces, one decision time each: of the even ones "pay" has an error; number n lasts n * 100 ms.
  void SendTwenty() {
    for (uint64_t n = 1; n <= 20; ++n) {
      OtlpRequest request;
      request.Service("shop").Span(OtlpSpan(n, 1, "GET /cart").Times(kMs, kMs + n * 100 * kMs));
      OtlpSpan pay = OtlpSpan(n, 2, "charge").Parent(1).Times(2 * kMs, 3 * kMs);
      if (n % 2 == 0) pay.Status(kError).Attribute("card", testing::StringValue("visa"));
      request.Service("pay").Span(pay.Attribute("n", testing::IntValue(static_cast<int64_t>(n))));
      Send(request);
      Decide();
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Shards, TraceListTest, ::testing::Values(1u, 3u));

TEST_P(TraceListTest, NewestFirstWithWhatIsKnownOfEach) {
  Start();
  SendTwenty();
  const element list = List({{"pipeline", "traces"}});
  EXPECT_EQ(Numbers(list), (Ids{20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}));
  EXPECT_TRUE(list["next"].is_null());
  EXPECT_FALSE(bool(list["truncated"]));
  const element first = *list["traces"].get_array().begin();
  EXPECT_EQ(Text(first["decision"]), "kept");
  EXPECT_EQ(Text(first["policy"]), "errors");
  EXPECT_TRUE(first["early"].is_null());
  EXPECT_EQ(double(first["duration_ms"]), 2'000.0);
  EXPECT_EQ(Text(first["start_unix_ns"]), "1000000");
  EXPECT_EQ(uint64_t(first["spans"]), 2u);
  EXPECT_EQ(Text(first["services"].at(0)), "shop");
  EXPECT_EQ(Text(first["services"].at(1)), "pay");
  EXPECT_EQ(Text(first["root"]["service"]), "shop");
  EXPECT_EQ(Text(first["root"]["operation"]), "GET /cart");
  EXPECT_TRUE(bool(first["error"]));
  EXPECT_TRUE(bool(first["has_spans"]));
  EXPECT_GT(int64_t(first["decided_unix_ms"]), 1'700'000'000'000);
}

TEST_P(TraceListTest, Filters) {
  Start();
  SendTwenty();
  const auto listed = [&](TextMap parameters) {
    parameters.emplace("pipeline", "traces");
    return Numbers(List(std::move(parameters)));
  };
  EXPECT_EQ(listed({{"decision", "dropped"}}), (Ids{5, 3, 1}));
  EXPECT_EQ(listed({{"decision", "kept"}, {"status", "ok"}}), (Ids{19, 17, 15, 13, 11, 9, 7}));
  EXPECT_EQ(listed({{"min_ms", "1750"}}), (Ids{20, 19, 18}));
  EXPECT_EQ(listed({{"max_ms", "200"}}), (Ids{2, 1}));
  EXPECT_EQ(listed({{"policy", "slow"}, {"max_ms", "800"}}), (Ids{8, 7, 6}));
  EXPECT_EQ(listed({{"policy", "errors"}, {"max_ms", "800"}}), (Ids{8, 6, 4, 2}));
  EXPECT_EQ(listed({{"policy", "none"}}), Ids{});
  EXPECT_EQ(listed({{"service", "pay"}, {"limit", "3"}}), (Ids{20, 19, 18}));
  EXPECT_EQ(listed({{"service", "pa"}}), Ids{});
  EXPECT_EQ(listed({{"operation", "charge"}, {"limit", "1"}}), (Ids{20}));
  EXPECT_EQ(listed({{"attribute", "n=7"}}), (Ids{7}));
  EXPECT_EQ(listed({{"attribute", "card=visa"}, {"max_ms", "400"}}), (Ids{4, 2}));
  EXPECT_EQ(listed({{"attribute", "service.name=pay"}, {"limit", "2"}}), (Ids{20, 19}));
  EXPECT_EQ(listed({{"id", HexId(9)}}), (Ids{9}));
  EXPECT_EQ(listed({{"id", HexId(16).substr(0, 31)}}), (Ids{20, 19, 18, 17, 16})) << "10 to 14 in hex";
  EXPECT_EQ(Numbers(List({{"decision", "kept"}, {"limit", "3"}})), (Ids{20, 20, 19})) << "both pipelines";
}

TEST_P(TraceListTest, PagesNeitherRepeatNorMiss) {
  Start();
  SendTwenty();
  for (const char* limit : {"1", "3", "7", "40"}) {
    Ids all;
    TextMap parameters{{"limit", limit}};
    for (int pages = 0; pages < 50; ++pages) {
      const element list = List(parameters);
      for (const uint64_t id : Numbers(list)) all.push_back(id);
      if (list["next"].is_null()) break;
      parameters["before"] = Text(list["next"]);
    }
    ASSERT_EQ(all.size(), 40u) << limit;
    for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], 20 - i / 2);
  }
}

TEST_P(TraceListTest, NewOnesAreFollowed) {
  Start();
  std::string after = Text(List({})["newest"]);
  Ids all;
  const auto follow = [&] {
    const element list = List({{"after", after}, {"limit", "2"}, {"pipeline", "traces"}});
    for (const uint64_t id : Numbers(list)) all.push_back(id);
    after = Text(list["newest"]);
  };
  for (uint64_t n = 1; n <= 6; ++n) {
    Send(OtlpSpan(n, 1).Status(kError));
    if (n % 3 == 0) Decide();
    follow();
  }
  follow();
  follow();
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, (Ids{1, 2, 3, 4, 5, 6}));
}

// More decisions than one search looks at: it says so, and where to go on.
TEST_P(TraceListTest, ALongSearchIsGivenUpAndCanBeTakenUpAgain) {
  Start(128 << 20);
  for (uint64_t first = 1; first < 90'000; first += 1'000) {
    OtlpRequest request;
    request.Service("shop");
    for (uint64_t n = first; n < first + 1'000; ++n) request.Span(OtlpSpan(n, 1).Status(n == 1 ? kError : 0));
    Send(request);
    Decide();
  }
  TextMap parameters{{"status", "error"}, {"pipeline", "traces"}};
  Ids all;
  int pages = 0;
  uint64_t searched = 0;
  for (; pages < 50; ++pages) {
    const element list = List(parameters);
    for (const uint64_t id : Numbers(list)) all.push_back(id);
    searched += uint64_t(list["searched"]);
    EXPECT_LE(uint64_t(list["searched"]), uint64_t{GetParam()} * TraceFinder::kTurnsMax * 4'200);
    EXPECT_EQ(bool(list["truncated"]), !list["next"].is_null());
    if (list["next"].is_null()) break;
    parameters["before"] = Text(list["next"]);
  }
  EXPECT_EQ(all, (Ids{1}));
  if (GetParam() == 1) {
    EXPECT_GT(pages, 0) << "it was given up at least once";
  }
  EXPECT_LT(searched, 100'000u) << "nothing was looked at twice";
}

TEST_P(TraceListTest, BadQueriesAreRefusedWithASentence) {
  Start();
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{{"decision", "maybe"},
                                                                                   {"id", "xyz"},
                                                                                   {"id", std::string(33, 'a')},
                                                                                   {"status", "bad"},
                                                                                   {"min_ms", "-1"},
                                                                                   {"min_ms", "1e300"},
                                                                                   {"max_ms", "nan"},
                                                                                   {"max_ms", "12x"},
                                                                                   {"attribute", "novalue"},
                                                                                   {"attribute", "=x"},
                                                                                   {"limit", "0"},
                                                                                   {"limit", "501"},
                                                                                   {"limit", "1.5"},
                                                                                   {"before", "1"},
                                                                                   {"before", "1-2-3x"},
                                                                                   {"after", "--"}}) {
    const AdminResponse response = Ask("/api/v1/traces", {}, {{key, value}});
    EXPECT_EQ(response.status, 400u) << key << "=" << value;
    EXPECT_NE(Text(Json(response)["error"]).find(key), std::string::npos);
  }
  EXPECT_EQ(Ask("/api/v1/traces", {}, {{"before", "1-2-3"}, {"after", "1-2-3"}}).status, 400u);
  EXPECT_EQ(Ask("/api/v1/traces", {}, {{"before", "-9223372036854775808-0-0"}, {"id", "ABCdef"}}).status, 200u);
}

TEST_P(TraceListTest, WithoutAJournalTheListIsEmpty) {
  Start(0);
  SendTwenty();
  EXPECT_EQ(Numbers(List({})), Ids{});
}

}  // namespace
}  // namespace tailrace
