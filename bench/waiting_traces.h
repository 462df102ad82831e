// WaitingTraces: traces as a shard holds them: in blocks, each in pieces of one service that came interleaved with
// those of others. For micro-benchmarks of what is done with them.
//
// Single-writer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "collector/shard/block_pool.h"
#include "collector/shard/header_store.h"
#include "collector/shard/span_chain.h"
#include "collector/shard/stored_spans.h"

namespace tailrace {

class WaitingTraces {
 public:
  static constexpr uint32_t kSpansPerTrace = 20;

  explicit WaitingTraces(uint32_t traces);

  ChainSpans Reader() const { return ChainSpans(storage()); }
  const SpanChain& operator[](size_t at) const { return chains_[at]; }
  uint32_t size() const { return static_cast<uint32_t>(chains_.size()); }
  SpanStorage storage() const { return {pool_, headers_}; }

 private:
  BlockPool pool_;
  HeaderStore headers_;
  std::vector<SpanChain> chains_;
};

}  // namespace tailrace
