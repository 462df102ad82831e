#include "tests/simulation/seed_watch.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <initializer_list>

namespace tailrace::simulation {
namespace {

constexpr unsigned kHangsAfterS = 30;
// Made before each seed: a signal handler may do no more than write it.
char message[96];
volatile int message_size = 0;

void Report(int signal) {
  const auto written = write(STDERR_FILENO, message, static_cast<size_t>(message_size));
  static_cast<void>(written);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

void SeedWatch::Install() {
  std::signal(SIGALRM, Report);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) std::signal(signal, Report);
#endif
}

void SeedWatch::Begin(uint64_t seed) {
  message_size = std::snprintf(message, sizeof(message), "\nseed %llu, it crashes, or hangs for %u s\n",
                               static_cast<unsigned long long>(seed), kHangsAfterS);
  alarm(kHangsAfterS);
}

void SeedWatch::End() { alarm(0); }

}  // namespace tailrace::simulation
