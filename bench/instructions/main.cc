// bench_instructions: runs one case so many times, under callgrind; bench/instructions.py makes figures of it.
//
//   bench_instructions CASE TURNS    prints the number of spans
//   bench_instructions --list        prints the cases, one a line, with tabs: name, fewer and more turns, what is done
//   bench_instructions --built-with  prints compiler, C library and machine
//
// The instructions of two runs differ by those of the turns that one has more; so what comes before them cancels out.
// The smaller number is such that the case has reached its steady state by then.
#include <gnu/libc-version.h>

#include <charconv>
#include <cstdio>
#include <string_view>

#include "bench/instructions/cases.h"

namespace tailrace {
namespace {

struct Entry {
  std::string_view name;
  uint32_t fewer_turns;
  uint32_t more_turns;
  const char* what;
  std::unique_ptr<Case> (*make)();
};

constexpr Entry kCases[] = {
    {"scan", 20, 220, "the scan of a request: five whole traces of 20 spans", MakeScan},
    {"scan-pieces", 20, 220, "the scan of a request: 20 traces' pieces of one service, five spans each",
     MakeScanOfPieces},
    {"scan-briefs", 20, 220, "the first scan, and what counting needs of each span taken along", MakeScanWithBriefs},
    {"read-json", 5, 25, "a JSON request made protobuf", MakeReadJson},
    {"count-baselines", 20, 220, "a scanned request counted for the baselines", MakeCountBaselines},
    {"count-spanmetrics", 20, 220, "a scanned request counted by the `spanmetrics` connector", MakeCountSpanMetrics},
    {"arrive", 500, 700, "into the table, and at the deadline decided by three policies; 2 % kept", MakeArrive},
    {"arrive-journal", 500, 700, "the same, and every decision remembered with its spans", MakeArriveWithJournal},
    {"judge", 5, 25, "a waiting trace judged by ten policies that read attributes", MakeJudge},
    {"reframe", 50, 250, "a kept trace framed anew for the exporters", MakeReframe},
};

int List() {
  for (const Entry& entry : kCases) {
    std::printf("%s\t%u\t%u\t%s\n", entry.name.data(), entry.fewer_turns, entry.more_turns, entry.what);
  }
  return 0;
}

const char* Machine() {
#if defined(__x86_64__)
  return "x86_64";
#elif defined(__aarch64__)
  return "aarch64";
#else
  return "another machine";
#endif
}

const char* Compiler() {
#ifdef __clang__
  return "clang++";
#else
  return "g++";
#endif
}

int BuiltWith() {
  const std::string_view version = __VERSION__;  // clang's says its own name, too
  std::printf("%s %.*s, glibc %s, %s\n", Compiler(), static_cast<int>(version.size()), version.data(),
              gnu_get_libc_version(), Machine());
  return 0;
}

int Run(std::string_view name, std::string_view turns_text) {
  uint32_t turns = 0;
  const char* const end = turns_text.data() + turns_text.size();
  if (const auto read = std::from_chars(turns_text.data(), end, turns); read.ec != std::errc() || read.ptr != end) {
    return -1;
  }
  for (const Entry& entry : kCases) {
    if (entry.name != name) continue;
    const std::unique_ptr<Case> measured = entry.make();
    uint64_t spans = 0;
    for (uint32_t turn = 0; turn < turns; ++turn) spans += measured->Turn();
    std::printf("%llu\n", static_cast<unsigned long long>(spans));
    return 0;
  }
  return -1;
}

int Main(int argc, char** argv) {
  int code = -1;
  if (argc == 2 && std::string_view(argv[1]) == "--list") code = List();
  if (argc == 2 && std::string_view(argv[1]) == "--built-with") code = BuiltWith();
  if (argc == 3) code = Run(argv[1], argv[2]);
  if (code >= 0) return code;
  std::fprintf(stderr, "usage: bench_instructions CASE TURNS | --list | --built-with\n");
  return 2;
}

}  // namespace
}  // namespace tailrace

int main(int argc, char** argv) { return tailrace::Main(argc, argv); }
