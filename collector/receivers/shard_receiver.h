// ShardReceiver: what all connections of one shard share: the way to the shard, the scratch memory and the free lists.
//
// Ownership: single-writer, one a shard, owned by Connections; sessions hold a reference and are gone before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "collector/receivers/body_intake.h"
#include "collector/receivers/http2_shared.h"
#include "collector/receivers/otlp_http.h"
#include "collector/receivers/unfinished_bodies.h"
#include "collector/shard/ingest.h"

namespace tailrace {

struct ShardReceiver {
  ShardReceiver(Ingest& ingest_in, const Clock& clock_in)
      : ingest(ingest_in), clock(clock_in), intake(ingest_in), http(intake, ingest_in) {}

  ConnectionStats& stats() { return ingest.connections(); }

  Ingest& ingest;
  const Clock& clock;
  BodyIntake intake;
  OtlpHttp http;
  int64_t now_ns = 0;  // taken once for each event
  UnfinishedBodies bodies{ingest.buffers(), now_ns, ingest.connections().bodies_given_up};
  Http2Shared http2;
  // One read's bytes, of whichever connection is being read; and what is to be sent in one write. Large, so that a busy
  // connection's requests are taken many at a time; shared, so that an idle connection costs nothing of it.
  static constexpr size_t kReadBytes = size_t{512} << 10;
  std::unique_ptr<char[]> read_buffer = std::make_unique_for_overwrite<char[]>(kReadBytes);
  std::string output;
  std::string records;  // the same under TLS
  // What TLS makes of a read; made when the first connection with TLS comes.
  static constexpr size_t kPlainBytes = size_t{128} << 10;
  std::unique_ptr<char[]> plain_buffer;
  std::string text;  // of the answer being made; reused
  bool draining = false;
};

}  // namespace tailrace
