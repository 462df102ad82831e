// A receiver's session without its socket: bytes go in as a connection would feed them, in pieces, with time that
// passes and credentials that are checked between them; what it answers and what it hands over is kept and can be
// judged.
//
// An input of a session target is: a byte of options, a byte n, n mod 16 bytes that say how the rest is cut, the rest.
//
// Single thread. One receiver for all inputs, as a shard has one for all connections.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collector/access/listener_access.h"
#include "collector/receivers/port.h"
#include "collector/receivers/session.h"
#include "collector/receivers/shard_receiver.h"
#include "tests/support/manual_clock.h"

namespace tailrace::testing {

struct SessionInput {
  bool small_limits = false;    // bodies of 1 kB, 4 streams
  bool small_pool = false;      // room for few bodies
  bool overloaded = false;      // the shard refuses everything
  bool access = false;          // credentials are asked for
  bool collect_at_end = false;  // the client reads nothing before it has sent all
  std::string_view steps;       // how it is cut, and what happens in between
  std::string_view bytes;       // what the client sends

  static SessionInput Read(std::string_view input);
};

// What a session did in all.
struct SessionOutcome {
  std::string output;
  std::vector<std::string> bodies;  // taken, as they were handed over
  uint64_t taken = 0;
  uint64_t refused = 0;
  uint64_t failed = 0;
  uint64_t busy = 0;  // credentials that could not be checked
  bool broken = false;
  bool finished = false;

  uint64_t judged() const { return taken + refused + failed; }
  bool operator==(const SessionOutcome&) const = default;
  std::string Text() const;  // for whoever looks for the difference
};

class SessionRig {
 public:
  using MakeSession = std::function<std::unique_ptr<Session>(ShardReceiver&, const Port&)>;

  SessionRig();
  ~SessionRig();

  // Runs a session over the input and aborts where it holds memory that it should not. `whole`: all bytes at once,
  // whatever the steps say.
  SessionOutcome Run(const SessionInput& input, const MakeSession& make, bool whole = false);

 private:
  struct Impl;
  std::unique_ptr<Impl> roomy_;
  std::unique_ptr<Impl> scarce_;  // with room for few bodies
};

}  // namespace tailrace::testing
