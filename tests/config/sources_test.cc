// Several sources, --set, and expansion.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/load_text.h"

namespace tailrace::config {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

const OtlpExporterConfig& Exporter(const LoadResult& result) {
  return std::get<OtlpExporterConfig>(result.config.exporters.at(0));
}

// One otlp exporter with these options, given as the inside of a flow map.
LoadResult LoadExporter(const std::string& options, const Environment& environment = {},
                        std::vector<std::string> sets = {}) {
  return LoadText(WithExporters("  otlp: {endpoint: \"h:1\", " + options + "}\n", "[otlp]"), environment,
                  std::move(sets));
}

LoadResult LoadTwo(const std::string& first, const std::string& second) {
  LoadInput input;
  input.configs = {"env:FIRST", second};
  input.getenv = [first](const std::string&) { return first; };
  return Load(input);
}

TEST(SourcesTest, LaterSourcesMergeIntoEarlierOnes) {
  const std::string base = WithExporters("  debug:\n  nop:\n", "[debug]");
  const LoadResult path = LoadTwo(base, "yaml:exporters::debug::verbosity: detailed");
  ASSERT_EQ(ProblemsOf(path), "");
  EXPECT_EQ(std::get<DebugExporterConfig>(path.config.exporters.at(0)).verbosity, Verbosity::kDetailed);
  const LoadResult list = LoadTwo(base, "yaml:{service: {pipelines: {traces: {exporters: [nop]}}}}");
  ASSERT_EQ(ProblemsOf(list), "");
  ASSERT_EQ(list.config.exporters.size(), 1u);  // the list was replaced
  EXPECT_TRUE(std::holds_alternative<NopExporterConfig>(list.config.exporters[0]));
  EXPECT_THAT(ProblemsOf(LoadTwo(base, "yaml:exporters:")), HasSubstr("no exporter configuration specified"));
}

TEST(SourcesTest, SetComesLast) {
  const LoadResult result = LoadExporter("timeout: 1s", {}, {"exporters.otlp.timeout=7s", "exporters.nop=null"});
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_EQ(Exporter(result).timeout, seconds(7));
  EXPECT_THAT(ProblemsOf(LoadExporter("", {}, {"exporters.otlp.timeout"})),
              HasSubstr("--set: exporters.otlp.timeout: missing equal sign"));
  EXPECT_EQ(ProblemsOf(LoadExporter("", {}, {"exporters.otlp.timeout=7"})),
            "--set: exporters::otlp::timeout: \"7\" has no unit; write a duration such as 300ms, 10s or 1h30m\n");
}

TEST(ExpandTest, Forms) {
  const Environment environment = {
      {"H", "tempo"}, {"N", "4"}, {"EMPTY", ""}, {"NAME", "H"}, {"CONSUMERS", "{num_consumers: 3}"}};
  EXPECT_EQ(Exporter(LoadExporter("headers: {a: \"x-${env:H}-${H}\"}", environment)).headers.at("a"), "x-tempo-tempo");
  EXPECT_EQ(Exporter(LoadExporter("sending_queue: {num_consumers: \"${env:N}\"}", environment)).queue.num_consumers,
            4u);
  EXPECT_EQ(Exporter(LoadExporter("sending_queue: \"${CONSUMERS}\"", environment)).queue.num_consumers, 3u);
  EXPECT_EQ(Exporter(LoadExporter("headers: {a: \"${env:NO:-d:e}\"}", environment)).headers.at("a"), "d:e");
  EXPECT_EQ(Exporter(LoadExporter("headers: {a: \"${env:EMPTY:-d}\"}", environment)).headers.at("a"), "");
  EXPECT_EQ(Exporter(LoadExporter("headers: {a: \"${env:${env:NAME}}\"}", environment)).headers.at("a"), "tempo");
  EXPECT_EQ(Exporter(LoadExporter("headers: {a: \"${NO:-${env:H}}\"}", environment)).headers.at("a"), "tempo");
  EXPECT_EQ(Exporter(LoadExporter("headers: {a: \"$$${H}$$${H}\"}", environment)).headers.at("a"), "$tempo$tempo");
  EXPECT_EQ(Exporter(LoadExporter("headers: {a: \"$${H}\"}", environment)).headers.at("a"), "${H}");
}

TEST(ExpandTest, WholeValuesAreTypedAndKeepTheirText) {
  const Environment environment = {{"O", "0123"}, {"HASH", "pass #word"}};
  EXPECT_EQ(Exporter(LoadExporter("headers: {a: \"${O}\"}", environment)).headers.at("a"), "0123");
  EXPECT_EQ(Exporter(LoadExporter("sending_queue: {num_consumers: \"${O}\"}", environment)).queue.num_consumers, 83u);
  EXPECT_EQ(Exporter(LoadExporter("headers: {a: \"${HASH}\"}", environment)).headers.at("a"), "pass #word");
}

TEST(ExpandTest, UnsetIsEmptyWithAWarning) {
  const LoadResult result = LoadExporter("headers: {a: \"<${env:NO}>\"}");
  ASSERT_EQ(ProblemsOf(result), "");
  EXPECT_EQ(Exporter(result).headers.at("a"), "<>");
  EXPECT_EQ(WarningsOf(result),
            "env:FILE:2: exporters::otlp::headers::a: the environment variable \"NO\" is not set: taken as empty\n");
}

TEST(ExpandTest, Refused) {
  EXPECT_EQ(ProblemsOf(LoadExporter("headers: {a: \"${env:1X}\"}")),
            "2: exporters::otlp::headers::a: environment variable \"1X\" has an invalid name: must match "
            "^[a-zA-Z_][a-zA-Z0-9_]*$\n");
  EXPECT_EQ(ProblemsOf(LoadExporter("headers: {a: \"${vault:x}\"}")),
            "2: exporters::otlp::headers::a: scheme \"vault\" is not supported; allowed: env, file, yaml\n");
  EXPECT_THAT(ProblemsOf(LoadExporter("headers: {a: \"${file:/no/such}\"}")),
              HasSubstr("${file:/no/such} cannot be read: No such file or directory"));
  EXPECT_THAT(ProblemsOf(LoadExporter("headers: {a: \"${A}\"}", {{"A", "x${B}"}, {"B", "${A}y"}})),
              HasSubstr("too many recursive expansions"));
  EXPECT_THAT(ProblemsOf(LoadExporter("headers: {a: \"${A}\"}", {{"A", "${A}"}})),
              HasSubstr("too many recursive expansions"));
}

}  // namespace
}  // namespace tailrace::config
