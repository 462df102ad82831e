// BodyIntake: from a complete body to the shard, the same for gRPC and OTLP/HTTP: inflate, turn JSON into protobuf,
// Take(). What comes back is a verdict that otlp_grpc.h and otlp_http.h put into their protocol's words.
//
// Ownership: single-writer, one a shard.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/inflate.h"
#include "collector/receivers/port.h"
#include "collector/shard/ingest.h"
#include "proto/json_reader.h"

namespace tailrace {

enum class VerdictCode : uint8_t {
  kOk,          // taken; rejected_spans were refused one by one
  kMalformed,   // no OTLP, or its compression is broken: a retry cannot help
  kTooLarge,    // over a size limit: a retry cannot help
  kOverloaded,  // no room: a retry may help
  kLoop,        // the spans go round between routers: a retry cannot help
};

struct Verdict {
  VerdictCode code = VerdictCode::kOk;
  uint32_t rejected_spans = 0;
  uint32_t retry_after_ms = 0;  // with kOverloaded
  std::string_view message;     // valid until the next call of the intake
};

class BodyIntake {
 public:
  explicit BodyIntake(Ingest& ingest) : ingest_(ingest) {}

  // A complete body; an empty reference is an empty body. Counts what failed before Take(). `hops`: see Ingest.
  Verdict Take(BufferRef body, Encoding encoding, bool json, const Port& port, Transport transport, uint8_t hops);

  // The same refusals where the body is not even read to its end. They count too.
  Verdict RefuseTooLarge(const Port& port, Transport transport);
  Verdict RefuseForWantOfBuffers(const Port& port, Transport transport);

  // Replaces `*body` by what it inflates to, within the port's limit. kOk: done.
  Verdict Inflate(Encoding encoding, const Port& port, Transport transport, BufferRef* body);

 private:
  Verdict ConvertJson(const Port& port, Transport transport, BufferRef* body);

  Ingest& ingest_;
  Inflater inflater_;
  JsonReader json_;
  std::string message_;
};

}  // namespace tailrace
