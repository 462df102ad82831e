#include "tests/collector/receivers/receiver_server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <stdexcept>
#include <thread>

#include "collector/receivers/connections.h"
#include "collector/receivers/listener.h"
#include "proto/request_scanner.h"

namespace tailrace::testing {

IngestResult RecordingIngest::Take(const BufferRef& request, uint32_t receiver, Transport transport, uint8_t /*hops*/) {
  last_receiver = receiver;
  last_transport = static_cast<int>(transport);
  if (overloaded) {
    ++refused;
    return {.code = IngestCode::kOverloaded, .retry_after_ms = 1500, .message = "no room"};
  }
  if (too_large) {
    ++failed;
    return {.code = IngestCode::kTooLarge, .message = "too many runs"};
  }
  ScannedRequest scanned;
  if (ScanRequest(request->view(), &scanned) != ScanError{}) {
    ++failed;
    return {.code = IngestCode::kMalformed, .message = "not an ExportTraceServiceRequest"};
  }
  ++taken;
  const std::lock_guard lock(mutex_);
  if (keep_bodies) bodies_.emplace_back(request->view());
  return {.code = IngestCode::kOk,
          .accepted_spans = scanned.span_count,
          .rejected_spans = scanned.rejected_spans,
          .message = scanned.rejected_spans > 0 ? "spans with a bad id" : ""};
}

void RecordingIngest::CountRefused(uint32_t /*receiver*/, Transport /*transport*/) { ++refused; }
void RecordingIngest::CountFailed(uint32_t /*receiver*/, Transport /*transport*/) { ++failed; }

std::vector<std::string> RecordingIngest::bodies() {
  const std::lock_guard lock(mutex_);
  return bodies_;
}

size_t RecordingIngest::body_count() {
  const std::lock_guard lock(mutex_);
  return bodies_.size();
}

struct ReceiverServer::Loop {
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::unique_ptr<Connections> connections;
  std::unique_ptr<Listener> listener;
  std::thread thread;
};

ReceiverServer::ReceiverServer(config::ListenerConfig limits, size_t buffer_bytes)
    : ingest_(buffer_bytes), port_{.receiver = 7, .limits = limits}, loop_(std::make_unique<Loop>()) {
  loop_->connections = std::make_unique<Connections>(loop_->io, ingest_, clock_);
  auto access = access_->Add("test", port_.limits, /*http2=*/true);
  if (!access.ok()) throw std::runtime_error(access.status().ToString());
  port_.access = *access;
  auto listener = Listener::Open(loop_->io, "127.0.0.1", 0, [this](int fd) { loop_->connections->Adopt(fd, port_); });
  if (!listener.ok()) throw std::runtime_error(listener.status().ToString());
  loop_->listener = std::move(*listener);
  loop_->thread = std::thread([this] { loop_->io.run(); });
}

ReceiverServer::~ReceiverServer() {
  Run([this] {
    loop_->listener.reset();
    loop_->connections.reset();
  });
  access_.reset();  // its thread posts to the loop
  loop_->work.reset();
  loop_->io.stop();
  loop_->thread.join();
}

void ReceiverServer::Run(const std::function<void()>& action) {
  std::promise<void> done;
  boost::asio::post(loop_->io, [&] {
    action();
    done.set_value();
  });
  done.get_future().wait();
}

uint16_t ReceiverServer::port() const { return loop_->listener->port(); }

ConnectionStats ReceiverServer::stats() {
  ConnectionStats stats;
  Run([&] { stats = ingest_.connections(); });
  return stats;
}

size_t ReceiverServer::connections() {
  size_t count = 0;
  Run([&] { count = loop_->connections->size(); });
  return count;
}

size_t ReceiverServer::buffer_bytes_in_use() {
  size_t bytes = 0;
  Run([&] { bytes = ingest_.buffers().bytes_in_use(); });
  return bytes;
}

void ReceiverServer::Drain() {
  Run([this] { loop_->connections->Drain(); });
}

}  // namespace tailrace::testing
