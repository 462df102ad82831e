#include "collector/cli/interrupts.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <utility>

namespace tailrace {

Interrupts::Interrupts(bool keys) : keys_(keys) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGWINCH}) sigaddset(&set, signal);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  signals_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  // A reader that goes away is noticed where we write.
  signal(SIGPIPE, SIG_IGN);
}

Interrupts::~Interrupts() { close(signals_); }

Interruption Interrupts::ForRequest() {
  Interruption interruption{.descriptors = {signals_}, .asked = [this] {
                              Look();
                              return stop_asked_;
                            }};
  if (keys_) interruption.descriptors.push_back(STDIN_FILENO);
  return interruption;
}

void Interrupts::Wait(std::chrono::milliseconds timeout) {
  pollfd descriptors[] = {{signals_, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  poll(descriptors, keys_ ? 2 : 1, static_cast<int>(timeout.count()));
  Look();
}

bool Interrupts::TakeResized() { return std::exchange(resized_, false); }

void Interrupts::Look() {
  ReadSignals();
  if (keys_) ReadKeys();
}

void Interrupts::ReadSignals() {
  signalfd_siginfo info;
  while (read(signals_, &info, sizeof(info)) == sizeof(info)) {
    (info.ssi_signo == SIGWINCH ? resized_ : stop_asked_) = true;
  }
}

void Interrupts::ReadKeys() {
  pollfd descriptor{STDIN_FILENO, POLLIN, 0};
  if (poll(&descriptor, 1, 0) <= 0) return;
  char keys[64];
  const ssize_t size = read(STDIN_FILENO, keys, sizeof(keys));
  // A terminal that was closed sends nothing more.
  if (size <= 0) stop_asked_ = true;
  for (ssize_t i = 0; i < size; ++i) stop_asked_ |= keys[i] == 'q' || keys[i] == 'Q';
}

}  // namespace tailrace
