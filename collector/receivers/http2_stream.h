// Http2Stream: one request on an HTTP/2 connection, from its first header field until its answer is sent. A plain
// record that Http2Session fills; taken from and given back to the shard's free list, so that a request costs no
// allocation of ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "collector/receivers/body_buffer.h"
#include "collector/receivers/grpc_framing.h"
#include "collector/receivers/request_head.h"

namespace tailrace {

class PendingCheck;

struct Http2Stream {
  int32_t id = 0;
  uint32_t index = 0;  // in the session's list of open streams
  bool head_complete = false;
  bool answered = false;        // an answer was submitted; what still comes is passed over
  bool client_done = false;     // the client's END_STREAM was seen
  bool answer_is_grpc = false;  // trailers follow the answer's bytes
  int64_t since_ns = 0;         // when its head began, then when its body did
  RequestHead head;
  GrpcFraming message;                  // of a gRPC call
  BodyBuffer body;                      // of any other request
  std::shared_ptr<PendingCheck> check;  // its credentials are being checked; meanwhile its body waits in `held`
  std::string held;
  std::string answer;  // the answer's DATA
  size_t answer_sent = 0;
  bool answer_complete = false;  // all of the answer went out, END_STREAM too
  size_t passed_over = 0;        // bytes that came after the answer was made

  void Reset() {
    head_complete = answered = client_done = answer_is_grpc = false;
    head.Reset();
    message.Reset();
    body.Reset();
    check.reset();
    std::string().swap(held);
    answer.clear();
    answer_sent = 0;
    answer_complete = false;
    passed_over = 0;
  }
};

}  // namespace tailrace
