// ExpectedOutput: what one pipeline on one shard has decided to keep and not handed on yet, by the reference; every
// batch that is handed on is held against it, byte for byte.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "collector/exporters/exporter.h"
#include "tests/simulation/payload.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/story.h"
#include "tests/simulation/traffic.h"

namespace tailrace::simulation {

// A span with the header that it came under.
struct HeldSpan {
  const MadeSpan* span;
  const MadeHeader* header;
};

class ExpectedOutput {
 public:
  // What record_policy adds to the scopes.
  struct Stamps {
    std::string_view policy;  // empty: none
    bool cached = false;
  };

  ExpectedOutput(const PlannedPipeline& plan, Story* story, const Traffic& traffic)
      : limits_(plan.sampler.batch),
        timeout_ns_(plan.pipeline.batch.timeout.count()),
        story_(story),
        traffic_(traffic) {}

  // A decided trace, or some spans that go at once (late ones, or of a pipeline that does not sample).
  void Keep(uint32_t trace, const std::vector<HeldSpan>& spans, const Stamps& stamps, int64_t now_ns, bool decided);
  // A batch left.
  void Check(const ExportBatch& batch);

  uint64_t open_spans() const { return open_spans_; }
  // When the oldest span must have left; INT64_MAX: there is none.
  int64_t DueNs() const { return open_spans_ == 0 ? INT64_MAX : groups_.front().since_ns + timeout_ns_; }

 private:
  // What was kept together.
  struct Group {
    uint64_t number;
    uint32_t trace;
    int64_t since_ns;
    uint64_t left;  // spans
    bool whole;     // fits a batch, so it must not be torn
    bool decided;   // counts as a trace
  };
  struct Open {
    const MadeSpan* span;
    const MadeHeader* header;
    std::string scope;  // with its stamps
    uint64_t group;
  };

  Group& GroupOf(uint64_t number) { return groups_[number - groups_.front().number]; }
  // The group of the span; 0: it should not be here.
  uint64_t Match(const SentSpan& sent, const SentHeader& header);
  void CheckGroups(const ExportBatch& batch, std::map<uint64_t, uint64_t>* sent_of, uint64_t last_group);

  const KeptBatch::Limits limits_;
  const int64_t timeout_ns_;
  Story* const story_;
  const Traffic& traffic_;
  std::map<uint32_t, std::vector<Open>> open_;  // by trace, each in the order of arrival
  std::deque<Group> groups_;
  uint64_t next_group_ = 1;
  uint64_t open_spans_ = 0;
  SentSpans sent_;  // scratch
};

}  // namespace tailrace::simulation
