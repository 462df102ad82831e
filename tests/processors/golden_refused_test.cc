// What the Collector refuses to start with (tests/golden/refused.json) is refused here too, with file and line.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "absl/strings/str_replace.h"
#include "config/load.h"
#include "config/node.h"
#include "config/report.h"
#include "config/yaml_reader.h"
#include "processors/check.h"
#include "tests/processors/golden_input.h"

namespace tailrace {
namespace {

struct Refused {
  std::string name;
  std::string yaml;  // the processor's options
  std::string says;  // the Collector's message
};

// JSON is YAML, so the configuration's own reader reads the file.
std::vector<Refused> RefusedCases() {
  config::Report report;
  config::Node file;
  EXPECT_TRUE(config::ReadYaml(ReadGoldenFile("refused.json"), "refused.json", &report, &file));
  std::vector<Refused> cases;
  for (size_t i = 0; i < file.items.size(); ++i) {
    cases.push_back(
        {file.keys[i].text, config::ToYaml(*file.items[i].Find("config")), file.items[i].Find("otelcol_says")->text});
  }
  return cases;
}

std::vector<config::Problem> ProblemsOf(const Refused& refused) {
  std::string yaml =
      "receivers: {otlp: {protocols: {grpc: }}}\nexporters: {nop: }\n"
      "service: {pipelines: {traces: {receivers: [otlp], processors: [tail_sampling], exporters: [nop]}}}\n"
      "processors:\n  tail_sampling:\n";
  std::istringstream lines(refused.yaml);
  for (std::string line; std::getline(lines, line);) yaml += "    " + absl::StrReplaceAll(line, {{"$", "$$"}}) + "\n";
  const config::LoadResult loaded = config::Load(
      {.configs = {"env:FILE"}, .sets = {}, .getenv = [&yaml](const std::string&) { return std::optional(yaml); }});
  return loaded.ok() ? CheckPolicies(loaded.config) : loaded.problems;
}

class GoldenRefused : public ::testing::TestWithParam<Refused> {};

TEST_P(GoldenRefused, IsRefusedWithItsPlace) {
  const std::vector<config::Problem> problems = ProblemsOf(GetParam());
  ASSERT_FALSE(problems.empty()) << "the Collector says: " << GetParam().says;
  for (const config::Problem& problem : problems) {
    RecordProperty("says", problem.ToString());
    EXPECT_GT(problem.at.line, 5) << problem.ToString();
    EXPECT_NE(problem.ToString().find("env:FILE:"), std::string::npos) << problem.ToString();
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenRefused, ::testing::ValuesIn(RefusedCases()), [](const auto& param) {
  std::string name = param.param.name;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

std::string SaysOf(const std::string& name) {
  for (const Refused& refused : RefusedCases()) {
    if (refused.name != name) continue;
    std::string all;
    for (const config::Problem& problem : ProblemsOf(refused)) all += problem.message + "\n";
    return all;
  }
  return "no such case";
}

TEST(GoldenRefusedMessages, SayAsMuchAsTheCollector) {
  EXPECT_EQ(SaysOf("bad-regex"),
            "failed to create policy evaluator for \"p\": invalid regex `(`: error parsing regexp: missing closing ): "
            "`(`\n");
  EXPECT_NE(SaysOf("bad-ottl-function").find("failed to create policy evaluator for \"p\": "), std::string::npos);
  EXPECT_NE(SaysOf("bad-ottl-function").find("NoSuch"), std::string::npos);
  EXPECT_NE(SaysOf("bad-ottl-path").find("nonsense"), std::string::npos);
  EXPECT_EQ(SaysOf("bad-ottl-empty"), "expected at least one OTTL condition to filter on\n");
  EXPECT_EQ(SaysOf("bad-and-in-and"), "a policy of type and cannot stand inside and or drop\n");
}

TEST(GoldenRefusedData, IsAllThere) { EXPECT_EQ(RefusedCases().size(), 22u); }

}  // namespace
}  // namespace tailrace
