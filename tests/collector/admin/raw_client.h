// RawClient: a blocking TCP client on loopback that sends just what a test writes, so that a test can also be slow,
// rude or wrong. Every read gives up after ten seconds. One thread.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace tailrace::testing {

class RawClient {
 public:
  explicit RawClient(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval timeout{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }

  // False where the other side has closed.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  // Reads until `end` has come, the other side closes or time is up; what was read.
  std::string ReadUntil(std::string_view end) {
    std::string text;
    while (text.find(end) == std::string::npos && Receive(text)) {
    }
    return text;
  }

  // Reads until the other side closes. closed() then says whether it did, or time was up.
  std::string ReadAll() {
    std::string text;
    while (Receive(text)) {
    }
    return text;
  }
  bool closed() const { return closed_; }

 private:
  bool Receive(std::string& text) {
    char bytes[4096];
    const ssize_t got = ::recv(socket_, bytes, sizeof(bytes), 0);
    if (got > 0) text.append(bytes, static_cast<size_t>(got));
    if (got == 0 || (got < 0 && errno == ECONNRESET)) closed_ = true;
    return got > 0;
  }

  const int socket_;
  bool connected_ = false;
  bool closed_ = false;
};

// One request on a connection of its own; the whole answer.
inline std::string Fetch(uint16_t port, std::string_view method, std::string_view target) {
  RawClient client(port);
  client.Send(std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  return client.ReadAll();
}

}  // namespace tailrace::testing
