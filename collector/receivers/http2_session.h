// Http2Session: HTTP/2 on one connection, gRPC and OTLP/HTTP both. Framing, HPACK, flow control and the guards against
// the known attacks (rapid reset, CONTINUATION, SETTINGS and PING floods) are nghttp2's; this class keeps a record for
// each open stream and turns complete requests into answers.
//
// Ownership: single-writer, owned by its connection.
//
// Invariants:
//  1. open_ holds exactly the streams between on_begin_headers and on_stream_close; nghttp2's user data points into it.
//  2. A stream that is answered holds no body.
//  3. At most limits.streams_max streams are open.
//  4. What a client sends beside requests is paid from frames_; DATA for streams that are gone is bounded by what
//     their windows were.
//  5. While a stream's credentials are being checked the connection reads nothing, so what is held is one read's bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collector/receivers/frame_budget.h"
#include "collector/receivers/http2_stream.h"
#include "collector/receivers/otlp_grpc.h"
#include "collector/receivers/otlp_http.h"
#include "collector/receivers/port.h"
#include "collector/receivers/session.h"

struct nghttp2_session;

namespace tailrace {

struct ShardReceiver;

class Http2Session final : public Session {
 public:
  Http2Session(ShardReceiver& shard, const Port& port);
  ~Http2Session() override;

  void OnBytes(std::string_view bytes) override;
  void Collect(std::string* out, size_t bytes_max) override;
  void OnTick(int64_t now_ns) override;
  void Drain() override;
  bool finished() const override;
  bool broken() const override { return failed_; }
  std::shared_ptr<PendingCheck> awaited() const override;
  void OnChecked() override;

  // What nghttp2's callbacks call (http2_shared.cc).
  // Of every frame but those that nghttp2 passes over; `size` with its head. False: it is one too many.
  bool OnFrameBegin(size_t size);
  Http2Stream* OnBeginHeaders(int32_t stream_id);
  // False: the header list is so far over its limit that the connection is to be cut.
  bool OnHeader(Http2Stream& stream, std::string_view name, std::string_view value);
  void OnHeadComplete(Http2Stream& stream);
  void OnData(Http2Stream& stream, std::string_view bytes);
  void OnRequestEnd(Http2Stream& stream);
  void OnAnswerSent(Http2Stream& stream);
  void OnStreamClose(Http2Stream& stream);
  void OnResetSent(uint32_t error_code);
  void OnGoawaySent(uint32_t error_code);
  void SubmitTrailers(const Http2Stream& stream);

 private:
  // Credentials (http2_admission.cc). False: refused, or to be waited for.
  bool Admit(Http2Stream& stream);
  void RefuseEntry(Http2Stream& stream, const AuthVerdict& verdict);
  void OnAllowed(Http2Stream& stream);
  void TakeBody(Http2Stream& stream, std::string_view bytes);
  void AnswerGrpcCall(Http2Stream& stream, const GrpcAnswer& answer);
  void AnswerHttpRequest(Http2Stream& stream, const HttpAnswer& answer);
  void StopClient(const Http2Stream& stream);
  void Fail(uint64_t* counter);

  ShardReceiver& shard_;
  const Port& port_;
  nghttp2_session* session_ = nullptr;
  std::vector<std::unique_ptr<Http2Stream>> open_;
  FrameBudget frames_;
  // What came and belongs to no frame that nghttp2 told of: DATA for streams that are gone (less what is
  // still to come of the present frame); and how much of it a client may send that knows no better.
  int64_t passed_over_bytes_ = 0;
  int64_t passed_over_bytes_max_;
  int64_t last_activity_ns_;  // a stream began or ended
  uint32_t held_ = 0;         // streams that wait for a check of their credentials; some may have been answered since
  bool failed_ = false;       // cut at once, nothing more can be read or sent
  bool leaving_ = false;      // GOAWAY is submitted
  bool counted_ = false;      // why it ends is in the statistics already
};

}  // namespace tailrace
