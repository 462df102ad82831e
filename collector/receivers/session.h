// Session: the protocol of one connection, without its socket. The connection feeds it what arrived and collects what
// is to be sent; the session never blocks, never reads a clock and never closes anything by itself.
//
// Ownership: single-writer, owned by its connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tailrace {

class PendingCheck;

class Session {
 public:
  virtual ~Session() = default;

  // Takes all of `bytes`; they are not needed after the call.
  virtual void OnBytes(std::string_view bytes) = 0;
  // Appends what is ready to be sent, until `out` holds `bytes_max` bytes or a little more.
  virtual void Collect(std::string* out, size_t bytes_max) = 0;
  // Looks at the time-outs. What passed one is ended (and counted); finished() then may turn true.
  virtual void OnTick(int64_t now_ns) = 0;
  // Answers what is in, takes no new request.
  virtual void Drain() = 0;
  // Nothing is to be read any more: close when everything collected is sent.
  virtual bool finished() const = 0;
  // Beyond answering: close at once.
  virtual bool broken() const { return false; }

  // Credentials that are being checked and that something waits for; else null. The connection reads nothing meanwhile,
  // and calls OnChecked() when the check is over.
  virtual std::shared_ptr<PendingCheck> awaited() const = 0;
  virtual void OnChecked() = 0;
};

}  // namespace tailrace
