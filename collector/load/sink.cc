#include "collector/load/sink.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "collector/load/sink_ingest.h"
#include "collector/receivers/connections.h"
#include "collector/receivers/listener.h"

namespace tailrace {
namespace {

namespace asio = boost::asio;
constexpr size_t kReportRequestMax = 16 << 10;

absl::Status SplitAddress(const std::string& address, std::string* host, uint16_t* port) {
  const size_t colon = address.rfind(':');
  const char* end = address.data() + address.size();
  if (colon != std::string::npos) {
    const auto [at, error] = std::from_chars(address.data() + colon + 1, end, *port);
    *host = address.substr(0, colon);
    if (error == std::errc() && at == end && colon + 1 < address.size()) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("'", address, "' is no address: give host:port"));
}

// One GET of the report, answered and closed. Owns itself through its handlers.
struct ReportAnswer : std::enable_shared_from_this<ReportAnswer> {
  ReportAnswer(asio::io_context& io, int fd) : socket(io) {
    boost::system::error_code ignored;
    socket.assign(asio::ip::tcp::v4(), fd, ignored);
  }
  void Begin(std::function<std::string()> report) {
    auto self = shared_from_this();
    asio::async_read_until(
        socket, asio::dynamic_buffer(request, kReportRequestMax), "\r\n\r\n",
        [self, report](const boost::system::error_code& error, size_t) {
          if (error) return;
          const bool found = self->request.rfind("GET /report ", 0) == 0;
          const std::string body = found ? report() : "{\"error\": \"only GET /report is here\"}\n";
          self->answer =
              absl::StrCat("HTTP/1.1 ", found ? "200 OK" : "404 Not Found",
                           "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ", body.size(),
                           "\r\n\r\n", body);
          asio::async_write(self->socket, asio::buffer(self->answer),
                            [self](const boost::system::error_code&, size_t) {});
        });
  }

  asio::ip::tcp::socket socket;
  std::string request;
  std::string answer;
};

}  // namespace

class Sink::Impl {
 public:
  explicit Impl(const SinkOptions& options)
      : options_(options),
        ingest_(options.traces_max, options.delay_ms, options.fail_share),
        connections_(io_, ingest_, clock_),
        signals_(io_),
        progress_(io_) {}

  absl::Status Start() {
    for (const std::string& address : options_.listen) {
      if (absl::Status status = Open(address, [this](int fd) { connections_.Adopt(fd, port_); }); !status.ok())
        return status;
    }
    if (options_.report.empty()) return absl::OkStatus();
    return Open(options_.report,
                [this](int fd) { std::make_shared<ReportAnswer>(io_, fd)->Begin([this] { return ReportJson(); }); });
  }

  std::vector<uint16_t> ports() const {
    std::vector<uint16_t> ports;
    for (const auto& listener : listeners_) ports.push_back(listener->port());
    return ports;
  }

  void Run(bool signals) {
    if (signals) {
      signals_.add(SIGTERM);
      signals_.add(SIGINT);
      signals_.async_wait([this](const boost::system::error_code& error, int) {
        if (!error) io_.stop();
      });
    }
    if (options_.progress) Progress(0);
    const auto work = asio::make_work_guard(io_);
    io_.run();
  }

  void Stop() { io_.stop(); }
  CensusReport report() const { return ingest_.census().Report(); }
  std::string ReportJson() const;

 private:
  absl::Status Open(const std::string& address, Listener::OnAccept on_accept) {
    std::string host;
    uint16_t port = 0;
    if (absl::Status status = SplitAddress(address, &host, &port); !status.ok()) return status;
    absl::StatusOr<std::unique_ptr<Listener>> listener = Listener::Open(io_, host, port, std::move(on_accept));
    if (!listener.ok()) return listener.status();
    listeners_.push_back(*std::move(listener));
    return absl::OkStatus();
  }

  void Progress(uint64_t spans_before) {
    progress_.expires_after(std::chrono::seconds(1));
    progress_.async_wait([this, spans_before](const boost::system::error_code& error) {
      if (error) return;
      const uint64_t spans = ingest_.census().spans();
      std::fprintf(stderr, "%llu spans/s, %llu traces\n", static_cast<unsigned long long>(spans - spans_before),
                   static_cast<unsigned long long>(ingest_.census().traces()));
      Progress(spans);
    });
  }

  const SinkOptions options_;
  const Port port_;
  const SystemClock clock_;
  asio::io_context io_{1};
  SinkIngest ingest_;
  Connections connections_;
  asio::signal_set signals_;
  asio::steady_timer progress_;
  std::vector<std::unique_ptr<Listener>> listeners_;
};

std::string Sink::Impl::ReportJson() const {
  const CensusReport census = report();
  std::string classes;
  for (size_t i = 0; i < kTraceClasses; ++i) {
    const CensusReport::Class& c = census.classes[i];
    absl::StrAppend(&classes, i == 0 ? "" : ", ", "\"", kTraceClassNames[i], "\": {\"whole\": ", c.whole,
                    ", \"broken\": ", c.broken, ", \"doubled\": ", c.doubled, ", \"missing_spans\": ", c.missing_spans,
                    ", \"doubled_spans\": ", c.doubled_spans, "}");
  }
  return absl::StrCat("{\"requests\": ", ingest_.requests(), ", \"requests_refused\": ", ingest_.requests_refused(),
                      ", \"requests_failed\": ", ingest_.requests_failed(), ", \"body_bytes\": ", ingest_.body_bytes(),
                      ",\n \"spans\": ", census.spans, ", \"foreign_spans\": ", census.foreign_spans,
                      ", \"untracked_spans\": ", census.untracked_spans,
                      ", \"rejected_spans\": ", ingest_.rejected_spans(), ",\n \"traces\": {", classes, "}}\n");
}

Sink::Sink(const SinkOptions& options) : impl_(std::make_unique<Impl>(options)) {}
Sink::~Sink() = default;
absl::Status Sink::Start() { return impl_->Start(); }
std::vector<uint16_t> Sink::ports() const { return impl_->ports(); }
void Sink::Run(bool signals) { impl_->Run(signals); }
void Sink::Stop() { impl_->Stop(); }
std::string Sink::ReportJson() const { return impl_->ReportJson(); }
CensusReport Sink::report() const { return impl_->report(); }

}  // namespace tailrace
