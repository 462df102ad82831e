// The Collector's own decisions (tests/golden), case by case, through scanner and engine without a daemon.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>

#include "processors/check.h"
#include "processors/engine.h"
#include "processors/policies/limiting.h"
#include "tests/processors/golden_cases.h"
#include "tests/processors/golden_input.h"

namespace tailrace {
namespace {

class GoldenEngine : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenEngine, KeepsTheSameTraces) {
  const config::LoadResult loaded = LoadCase(GetParam());
  for (const config::Problem& problem : loaded.problems) ADD_FAILURE() << problem.ToString();
  for (const config::Problem& problem : CheckPolicies(loaded.config)) ADD_FAILURE() << problem.ToString();
  ASSERT_EQ(loaded.config.tail_samplings.size(), 1u);
  const config::TailSamplingConfig& sampling = loaded.config.tail_samplings[0];
  Engine engine(sampling);
  std::set<std::string> expected, kept;
  std::istringstream ids(ReadGoldenFile("cases/" + GetParam() + ".kept"));
  for (std::string id; ids >> id;) expected.insert(id);
  for (auto& [hex, trace] : GoldenTraces()) {
    // Traces that grow too large are decided before any policy is asked.
    const uint64_t size_max = sampling.maximum_trace_size_bytes;
    if (size_max > 0 && trace.facts.bytes > size_max) continue;
    const Decision decision = engine.Decide({.id = trace.id, .facts = trace.facts, .spans = &trace.spans});
    if (decision.verdict == Verdict::kSampled) kept.insert(hex);
  }
  // The ids that differ say more than two long lists.
  std::set<std::string> too_many, missing;
  std::set_difference(kept.begin(), kept.end(), expected.begin(), expected.end(),
                      std::inserter(too_many, too_many.end()));
  std::set_difference(expected.begin(), expected.end(), kept.begin(), kept.end(),
                      std::inserter(missing, missing.end()));
  EXPECT_EQ(too_many, std::set<std::string>());
  EXPECT_EQ(missing, std::set<std::string>());
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenEngine, ::testing::ValuesIn(CaseNames()), [](const auto& param) {
  std::string name = param.param;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

TEST(GoldenData, IsAllThere) {
  EXPECT_EQ(GoldenTraces().size(), 250u);
  EXPECT_EQ(CaseNames().size(), 169u);
}

}  // namespace
}  // namespace tailrace
