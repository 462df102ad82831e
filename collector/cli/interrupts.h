// Interrupts: what ends or wakes a verb that goes on by itself: Ctrl-C and its like, a terminal that was resized, keys.
// From its construction on these signals are taken from the descriptor and have no other effect, so make it before any
// thread. Single-writer.
#pragma once

#include <chrono>
#include <vector>

#include "collector/cli/api_client.h"

namespace tailrace {

class Interrupts {
 public:
  // `keys`: q on standard input asks to stop, too.
  explicit Interrupts(bool keys);
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  // For a request: it is given up when a stop is asked for.
  Interruption ForRequest();
  // Until something comes or the time is over.
  void Wait(std::chrono::milliseconds timeout);

  bool stop_asked() const { return stop_asked_; }
  // The terminal has another size since it was last asked.
  bool TakeResized();

 private:
  void Look();
  void ReadSignals();
  void ReadKeys();

  int signals_ = -1;
  bool keys_;
  bool stop_asked_ = false;
  bool resized_ = false;
};

}  // namespace tailrace
