// SpanStorage: what it takes to read the spans of a chain. References; all outlive it.
#pragma once

#include "collector/shard/block_pool.h"
#include "collector/shard/header_store.h"
#include "collector/shard/span_chain.h"
#include "collector/shard/span_codec.h"

namespace tailrace {

struct SpanStorage {
  const BlockPool& pool;
  const HeaderStore& headers;
  SpanCodec* codec = nullptr;  // null: nothing is packed

  SpanChainReader Reader(const SpanChain& chain) const { return {pool, chain, codec}; }
};

}  // namespace tailrace
