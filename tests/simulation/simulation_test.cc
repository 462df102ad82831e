// Shards against the reference, seed by seed. --seeds=N runs N of them, --first=S begins with S; --verbose tells
// everything that happens.
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "tests/simulation/seed_watch.h"
#include "tests/simulation/simulation.h"
#include "tests/support/read_flag.h"

namespace tailrace::simulation {
namespace {

uint64_t seeds = SIMULATION_SEEDS;
uint64_t first_seed = 1;
bool verbose = false;

// Empty where all is well.
std::string RunSeed(uint64_t seed, Reached* reached) {
  SeedWatch::Begin(seed);
  Story story(verbose, verbose);
  Simulation simulation(seed, &story);
  simulation.Run();
  SeedWatch::End();
  if (!story.failed()) {
    *reached = simulation.reached();
    return "";
  }
  // Once more, with the pen out.
  Story told(true);
  Simulation again(seed, &told);
  again.Run();
  if (told.problem() != story.problem()) return story.problem() + " (but not a second time: not deterministic)";
  return told.Tale();
}

TEST(Simulation, ShardsDoAsTheReferenceDoes) {
  for (uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    Reached reached;
    const std::string tale = RunSeed(seed, &reached);
    if (!tale.empty()) FAIL() << "seed " << seed << ", " << tale << "  --first=" << seed << " --seeds=1 repeats it";
  }
}

// A simulation that never comes to the hard places proves nothing.
TEST(Simulation, SchedulesReachWhatTheyAreFor) {
  Reached sum;
  for (uint64_t seed = 1; seed <= 600; ++seed) {
    Reached reached;
    ASSERT_EQ(RunSeed(seed, &reached), "") << "seed " << seed;
    sum.steps += reached.steps;
    for (size_t i = 0; i < kEarlyReasons; ++i) sum.early_traces[i] += reached.early_traces[i];
    sum.late_spans += reached.late_spans;
    sum.too_large_traces += reached.too_large_traces;
    sum.table_full_spans += reached.table_full_spans;
    sum.refused_requests += reached.refused_requests;
    sum.refused_for_rings += reached.refused_for_rings;
    sum.cut_turns += reached.cut_turns;
    sum.malformed_requests += reached.malformed_requests;
    sum.rejected_spans += reached.rejected_spans;
    sum.shutdown_spans += reached.shutdown_spans;
    sum.queue_full_spans += reached.queue_full_spans;
    sum.left_in_rings += reached.left_in_rings;
    sum.kept_spans += reached.kept_spans;
    sum.dropped_traces += reached.dropped_traces;
  }
  EXPECT_GT(sum.steps, 20'000u);
  for (size_t i = 0; i < kEarlyReasons; ++i) EXPECT_GT(sum.early_traces[i], 100u) << kEarlyReasonNames[i];
  EXPECT_GT(sum.late_spans, 5'000u);
  EXPECT_GT(sum.too_large_traces, 100u);
  EXPECT_GT(sum.table_full_spans, 100u);
  EXPECT_GT(sum.refused_requests, 100u);
  EXPECT_GT(sum.refused_for_rings, 20u);
  EXPECT_GT(sum.cut_turns, 10u);
  EXPECT_GT(sum.malformed_requests, 50u);
  EXPECT_GT(sum.rejected_spans, 100u);
  EXPECT_GT(sum.shutdown_spans, 100u);
  EXPECT_GT(sum.queue_full_spans, 100u);
  EXPECT_GT(sum.left_in_rings, 2u);
  EXPECT_GT(sum.kept_spans, 20'000u);
  EXPECT_GT(sum.dropped_traces, 500u);
}

}  // namespace
}  // namespace tailrace::simulation

int main(int argc, char** argv) {
  using namespace tailrace::simulation;
  using tailrace::testing::ReadFlag;
  ::testing::InitGoogleTest(&argc, argv);
  SeedWatch::Install();
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--verbose") {
      verbose = true;
    } else if (!ReadFlag(argv[i], "--seeds=", &seeds) && !ReadFlag(argv[i], "--first=", &first_seed)) {
      std::cerr << argv[i] << ": unknown; known are --seeds=N, --first=S and --verbose\n";
      return 2;
    }
  }
  return RUN_ALL_TESTS();
}
