// The limit that everything is measured against: the daemon's own connections on one thread, with an Ingest that throws
// every body away. What it reaches is what sockets, HTTP/2 and gRPC cost; what the daemon reaches of it is the rest.
//
//   bench_bare_server --port N     prints the port when it listens; at SIGTERM or SIGINT the requests and bytes
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/buffer.h"
#include "base/clock.h"
#include "collector/receivers/connections.h"
#include "collector/receivers/listener.h"
#include "collector/shard/ingest.h"

namespace {

class ThrowAway final : public tailrace::Ingest {
 public:
  tailrace::IngestResult Take(const tailrace::BufferRef& request, uint32_t /*receiver*/,
                              tailrace::Transport /*transport*/, uint8_t /*hops*/) override {
    ++requests;
    bytes += request->size();
    return {};
  }
  tailrace::BufferPool& buffers() override { return buffers_; }
  void CountRefused(uint32_t /*receiver*/, tailrace::Transport /*transport*/) override { ++refused; }
  void CountFailed(uint32_t /*receiver*/, tailrace::Transport /*transport*/) override { ++failed; }
  tailrace::ConnectionStats& connections() override { return stats; }

  uint64_t requests = 0, bytes = 0, refused = 0, failed = 0;
  tailrace::ConnectionStats stats;

 private:
  tailrace::BufferPool buffers_{size_t{1} << 30};
};

}  // namespace

int main(int argc, char** argv) {
  int port = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--port") == 0) port = std::atoi(argv[i + 1]);
  }
  boost::asio::io_context io(1);
  const tailrace::SystemClock clock;
  ThrowAway ingest;
  const tailrace::Port limits;
  tailrace::Connections connections(io, ingest, clock);
  auto listener = tailrace::Listener::Open(io, "127.0.0.1", static_cast<uint16_t>(port),
                                           [&](int fd) { connections.Adopt(fd, limits); });
  if (!listener.ok()) {
    std::fprintf(stderr, "%s\n", listener.status().ToString().c_str());
    return 1;
  }
  std::printf("listening on %s\n", (*listener)->address().c_str());
  std::fflush(stdout);
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code& /*error*/, int /*signal*/) { io.stop(); });
  io.run();
  std::printf("requests %llu bytes %llu refused %llu failed %llu wire_in %llu wire_out %llu\n",
              static_cast<unsigned long long>(ingest.requests), static_cast<unsigned long long>(ingest.bytes),
              static_cast<unsigned long long>(ingest.refused), static_cast<unsigned long long>(ingest.failed),
              static_cast<unsigned long long>(ingest.stats.wire_bytes_in),
              static_cast<unsigned long long>(ingest.stats.wire_bytes_out));
  return 0;
}
