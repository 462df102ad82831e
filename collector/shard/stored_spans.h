// The spans of one trace for the policies that read them: out of its chain of blocks (ChainSpans), or of the request
// that is being taken in (RunSpans, for sampling_strategy span-ingest).
//
// Single-writer; scratch memory is kept from trace to trace.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collector/shard/runs_view.h"
#include "collector/shard/span_storage.h"
#include "processors/spans/stored_span.h"

namespace tailrace {

// Spans that stand one behind the other with their tags and lengths, as in SpanRun::bytes.
class PackedSpans {
 public:
  void Set(std::string_view bytes) {
    at_ = bytes.data();
    end_ = at_ + bytes.size();
  }
  // False at the end.
  bool Next(std::string_view* span);

 private:
  const char* at_ = nullptr;
  const char* end_ = nullptr;
};

class ChainSpans final : public TraceSpans {
 public:
  explicit ChainSpans(const SpanStorage& storage) : storage_(storage) {}

  // The trace that follows; its chain must stay as it is meanwhile.
  void Set(const SpanChain* chain) { chain_ = chain; }

  void Rewind() override;
  bool Next(StoredSpan* span) override;

 private:
  // The next span of the segment, which runs over the end of a block, in one piece. Empty: there is none.
  std::string_view Join();

  const SpanStorage storage_;
  const SpanChain* chain_ = nullptr;
  std::optional<SpanChainReader> reader_;
  SpanSegment segment_;
  uint32_t left_ = 0;       // bytes of the segment that the reader still has
  std::string_view piece_;  // bytes of the segment that lie together and were not handed out yet
  std::string joined_;      // a span that runs over the end of a block
};

class RunSpans final : public TraceSpans {
 public:
  void Begin(const RunsView* view) {
    view_ = view;
    runs_.clear();
  }
  void Add(const SpanRun* run) { runs_.push_back(run); }

  void Rewind() override;
  bool Next(StoredSpan* span) override;

 private:
  const RunsView* view_ = nullptr;
  std::vector<const SpanRun*> runs_;
  size_t at_ = 0;  // the run behind the present one
  PackedSpans spans_;
};

}  // namespace tailrace
