// The cases of bench_instructions (main.cc lists them): each is one step that a span takes on its way, alone.
//
// Every case does exactly the same whenever it is run: no clock, no threads, no random numbers, keys of hashes that are
// always the same. What it needs is made in its constructor. Single-writer.
#pragma once

#include <cstdint>
#include <memory>

namespace tailrace {

class Case {
 public:
  virtual ~Case() = default;
  // Does it once more; for how many spans.
  virtual uint64_t Turn() = 0;
};

// --- reading_cases.cc ---
std::unique_ptr<Case> MakeScan();
std::unique_ptr<Case> MakeScanOfPieces();
std::unique_ptr<Case> MakeScanWithBriefs();
std::unique_ptr<Case> MakeReadJson();

// --- counting_cases.cc ---
std::unique_ptr<Case> MakeCountBaselines();
std::unique_ptr<Case> MakeCountSpanMetrics();

// --- waiting_cases.cc ---
std::unique_ptr<Case> MakeJudge();
std::unique_ptr<Case> MakeReframe();

// --- arrive_case.cc ---
std::unique_ptr<Case> MakeArrive();
std::unique_ptr<Case> MakeArriveWithJournal();

}  // namespace tailrace
