// The Collector's own decisions (tests/golden), case by case, through scanner and engine without a daemon.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "config/load.h"
#include "processors/engine.h"
#include "proto/json_reader.h"
#include "proto/request_scanner.h"

namespace tailrace {
namespace {

namespace fs = std::filesystem;
const fs::path kGolden = fs::path(TAILRACE_SOURCE_DIR) / "tests" / "golden";

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Trace {
  TraceId id;
  TraceFacts facts;
};

// All traces of the input, folded in the order of arrival as the table does.
const std::map<std::string, Trace>& InputTraces() {
  static const auto* traces = [] {
    auto* all = new std::map<std::string, Trace>;
    std::ifstream input(kGolden / "input.jsonl");
    ScannedRequest scanned;
    std::string protobuf;
    for (std::string line; std::getline(input, line);) {
      EXPECT_TRUE(ParseOtlpJson(line, &protobuf).ok());
      EXPECT_EQ(ScanRequest(protobuf, &scanned), ScanError::kNone);
      for (const SpanRun& run : scanned.runs) {
        Trace& trace = (*all)[run.trace_id.ToHex()];
        trace.id = run.trace_id;
        AddSpanTimes(std::string_view(protobuf).substr(run.bytes.offset, run.bytes.size), &trace.facts.time);
        trace.facts.seen |= run.seen;
        trace.facts.span_count += run.span_count;
        trace.facts.bytes += run.bytes.size;
      }
    }
    return all;
  }();
  return *traces;
}

// The case's file under a pipeline of its own.
config::LoadResult LoadCase(const std::string& name) {
  std::string yaml =
      "receivers: {otlp: {protocols: {grpc: }}}\nexporters: {nop: }\n"
      "service: {pipelines: {traces: {receivers: [otlp], processors: [tail_sampling], exporters: [nop]}}}\n"
      "processors:\n  tail_sampling:\n    decision_wait: 8s\n    num_traces: 100000\n";
  std::istringstream lines(ReadFile(kGolden / "cases" / (name + ".yaml")));
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("decision_wait", 0) != 0 && line.rfind("num_traces", 0) != 0) yaml += "    " + line + "\n";
  }
  return config::Load(
      {.configs = {"yaml:" + yaml}, .sets = {}, .getenv = [](const std::string&) { return std::nullopt; }});
}

std::vector<std::string> CaseNames() {
  static const char* const kPrefixes[] = {"always", "none", "latency", "status", "probabilistic", "seed"};
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kGolden / "cases")) {
    const std::string name = entry.path().stem();
    if (entry.path().extension() != ".yaml") continue;
    if (std::any_of(std::begin(kPrefixes), std::end(kPrefixes), [&](const char* p) { return name.rfind(p, 0) == 0; })) {
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

class GoldenEngine : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenEngine, KeepsTheSameTraces) {
  const config::LoadResult loaded = LoadCase(GetParam());
  for (const config::Problem& problem : loaded.problems) ADD_FAILURE() << problem.ToString();
  ASSERT_EQ(loaded.config.tail_samplings.size(), 1u);
  Engine engine(loaded.config.tail_samplings[0]);
  std::set<std::string> expected, kept;
  std::istringstream ids(ReadFile(kGolden / "cases" / (GetParam() + ".kept")));
  for (std::string id; ids >> id;) expected.insert(id);
  for (const auto& [hex, trace] : InputTraces()) {
    if (engine.Decide({trace.id, trace.facts}).verdict == Verdict::kSampled) kept.insert(hex);
  }
  EXPECT_EQ(kept, expected);
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenEngine, ::testing::ValuesIn(CaseNames()), [](const auto& param) {
  std::string name = param.param;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

TEST(GoldenData, IsAllThere) {
  EXPECT_EQ(InputTraces().size(), 250u);
  EXPECT_GE(CaseNames().size(), 20u);
}

}  // namespace
}  // namespace tailrace
