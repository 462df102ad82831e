// Http1Session: OTLP/HTTP over HTTP/1.1 on one connection: keep-alive, pipelining, chunked bodies, Expect:
// 100-continue. Requests are answered in the order in which they came, each before the next one is looked at.
//
// Ownership: single-writer, owned by its connection.
//
// Invariant: pending_ holds at most a header list's bytes: the unfinished header (or chunk header) and of a chunked
// body at most four bytes. While credentials are being checked it holds what was read with them, and nothing more is
// read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "collector/receivers/body_buffer.h"
#include "collector/receivers/frame_budget.h"
#include "collector/receivers/otlp_http.h"
#include "collector/receivers/port.h"
#include "collector/receivers/request_head.h"
#include "collector/receivers/session.h"

namespace tailrace {

struct ShardReceiver;

class Http1Session final : public Session {
 public:
  Http1Session(ShardReceiver& shard, const Port& port);
  ~Http1Session() override;

  void OnBytes(std::string_view bytes) override;
  void Collect(std::string* out, size_t bytes_max) override;
  void OnTick(int64_t now_ns) override;
  void Drain() override;
  bool finished() const override { return closing_ && output_.empty(); }
  std::shared_ptr<PendingCheck> awaited() const override { return check_; }
  void OnChecked() override;

 private:
  struct ParserSlot;

  size_t Parse(std::string_view bytes);
  void StartRequest();
  void OnHead();
  void OnAllowed();
  void Refuse(const AuthVerdict& verdict);
  void AnswerHead(const HttpAnswer& answer);
  void OnBodyPiece(std::string_view bytes);
  void OnRequestEnd();
  void Answer(const HttpAnswer& answer);
  void AnswerAndClose(const HttpAnswer& answer);
  void RefuseBytes(uint16_t status, std::string_view text, uint64_t* counter);

  ShardReceiver& shard_;
  const Port& port_;
  std::unique_ptr<ParserSlot> parser_;
  RequestHead head_;
  BodyBuffer body_;
  FrameBudget chunks_;
  std::string pending_;  // received, not parsed: a header that is not complete
  std::string output_;
  std::shared_ptr<PendingCheck> check_;  // the present request waits for it
  int64_t since_ns_;                     // when the present head, body or pause began
  bool head_complete_ = false;
  bool answered_ = false;  // the present request is; its body is passed over
  bool closing_ = false;   // nothing more is read; close when output_ is sent
};

}  // namespace tailrace
