// Story: what happened, in words, for whoever has to find out why a seed failed; and the first thing that went wrong.
// Nothing is written down in a first run: a seed that fails is run again with the pen out.
#pragma once

#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace tailrace::simulation {

class Story {
 public:
  static constexpr int64_t kNoTrace = -1;

  explicit Story(bool written, bool aloud = false) : written_(written), aloud_(aloud) {}

  bool written() const { return written_; }
  bool failed() const { return !problem_.empty(); }
  const std::string& problem() const { return problem_; }
  uint64_t step() const { return step_; }

  void NextStep() { ++step_; }
  // What it costs to make the words is spent by the caller: ask written() first.
  void Tell(int64_t trace, std::string what) {
    if (aloud_) std::cout << "  step " << step_ << ": " << what << "\n";
    lines_.push_back({step_, trace, std::move(what)});
  }
  // The first problem counts; later ones follow from it.
  void Fail(std::string problem, int64_t trace = kNoTrace) {
    if (failed()) return;
    problem_ = "step " + std::to_string(step_) + ": " + std::move(problem);
    trace_ = trace;
  }

  // The problem, and what led to it: the trace's own history, or the last steps where the problem is of no one trace.
  std::string Tale() const {
    std::string tale = problem_ + "\n";
    size_t from = 0;
    if (trace_ == kNoTrace && lines_.size() > kLastLines) from = lines_.size() - kLastLines;
    for (size_t i = from; i < lines_.size(); ++i) {
      if (trace_ != kNoTrace && lines_[i].trace != trace_) continue;
      tale += "    step " + std::to_string(lines_[i].step) + ": " + lines_[i].what + "\n";
    }
    return tale;
  }

 private:
  static constexpr size_t kLastLines = 25;
  struct Line {
    uint64_t step;
    int64_t trace;
    std::string what;
  };

  bool written_;
  bool aloud_;
  uint64_t step_ = 0;
  std::vector<Line> lines_;
  std::string problem_;
  int64_t trace_ = kNoTrace;
};

}  // namespace tailrace::simulation
