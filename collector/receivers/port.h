// Port: one listening address of one receiver, as the connections that came in on it see it. Immutable; the caller of
// Connections::Adopt keeps it alive for as long as the connections live.
#pragma once

#include <cstdint>

#include "config/model.h"

namespace tailrace {

class ListenerAccess;

struct Port {
  uint32_t receiver = 0;  // index of the receiver in the configuration
  config::ListenerConfig limits;
  ListenerAccess* access = nullptr;  // who may talk to it; null: anybody, in plain text
};

// A time-out of 0 is none.
inline bool TimedOut(int64_t now_ns, int64_t since_ns, config::Duration timeout) {
  return timeout.count() > 0 && now_ns - since_ns >= timeout.count();
}

}  // namespace tailrace
