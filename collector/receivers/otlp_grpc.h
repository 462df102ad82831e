// gRPC's side of a request: what a call with this head and this message is answered. Knows statuses and the health
// service; knows nothing of HTTP/2 (http2_session.h carries the answer).
//
// Pure but for the intake that it is given; the shard's thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "collector/access/server_authenticator.h"
#include "collector/receivers/body_intake.h"
#include "collector/receivers/grpc_framing.h"
#include "collector/receivers/port.h"
#include "collector/receivers/request_head.h"
#include "collector/receivers/wire_answers.h"

namespace tailrace {

inline constexpr std::string_view kGrpcEncodingsAccepted = "identity,gzip,deflate,zstd";

struct GrpcAnswer {
  RpcCode code = RpcCode::kOk;
  std::string_view text;        // grpc-message; valid until the next answer is made
  uint32_t retry_after_ms = 0;  // not 0: RetryInfo goes into grpc-status-details-bin
  bool name_encodings = false;  // tell the client what grpc-encoding may be
};

// Not let in, with any outcome but kAllowed and kPending.
GrpcAnswer AnswerGrpcRefusal(const AuthVerdict& verdict);

// What can be said from the head alone: kOk where the message should be read.
GrpcAnswer CheckGrpcHead(const RequestHead& head, std::string* text);

// The message could not be read.
GrpcAnswer AnswerFramingError(FramingError error, BodyIntake& intake, Ingest& ingest, const Port& port);

// The call is complete. With kOk `*payload` gets the response message (without its prefix).
GrpcAnswer AnswerGrpc(const RequestHead& head, GrpcFraming& message, bool draining, BodyIntake& intake, Ingest& ingest,
                      const Port& port, std::string* payload);

}  // namespace tailrace
