// OTLP/HTTP's side of a request: what a request with this head and this body is answered, the same over HTTP/1.1 and
// HTTP/2. Statuses, content types and texts are those that clients of the OpenTelemetry Collector are used to.
//
// Ownership: single-writer, one a shard.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "collector/access/server_authenticator.h"
#include "collector/receivers/body_buffer.h"
#include "collector/receivers/body_intake.h"
#include "collector/receivers/port.h"
#include "collector/receivers/request_head.h"
#include "collector/receivers/wire_answers.h"

namespace tailrace {

struct HttpAnswer {
  uint16_t status = 0;  // 0: no answer yet, read the body
  std::string_view content_type;
  std::string_view body;       // valid until the next answer is made
  uint32_t retry_after_s = 0;  // not 0: Retry-After
  std::string_view challenge;  // not empty: WWW-Authenticate
};

std::string_view HttpReason(uint16_t status);

class OtlpHttp {
 public:
  OtlpHttp(BodyIntake& intake, Ingest& ingest) : intake_(intake), ingest_(ingest) {}

  // Not let in, with any outcome but kAllowed and kPending.
  HttpAnswer AnswerRefusal(const RequestHead& head, const AuthVerdict& verdict, std::string_view challenge);
  // What can be said from the head alone; status 0 where the body should be read.
  HttpAnswer CheckHead(const RequestHead& head, const Port& port);
  // The body turned out too large, or no buffer was free.
  HttpAnswer AnswerBodyError(const RequestHead& head, BodyError error, const Port& port);
  HttpAnswer AnswerBody(const RequestHead& head, BufferRef body, const Port& port);

 private:
  HttpAnswer FromVerdict(const RequestHead& head, const Verdict& verdict);
  HttpAnswer Error(const RequestHead& head, uint16_t status, RpcCode code, std::string_view message,
                   uint32_t retry_after_ms = 0);

  BodyIntake& intake_;
  Ingest& ingest_;
  std::string body_;  // of the latest answer; reused
};

}  // namespace tailrace
