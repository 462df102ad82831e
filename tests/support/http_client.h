// HttpClient: a raw TCP client that can also speak a little HTTP/1.1, so that a test decides every byte and every
// pause. Blocking with a deadline; one thread.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

namespace tailrace::testing {

struct HttpResponse {
  int status = 0;                             // 0: the connection ended before a whole answer
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;
};

class HttpClient {
 public:
  explicit HttpClient(uint16_t port, int receive_buffer_bytes = 0) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (receive_buffer_bytes > 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof(receive_buffer_bytes));
    }
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~HttpClient() { Close(); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  bool connected() const { return connected_; }
  int fd() const { return fd_; }

  // False: the peer is gone (or does not read for 20 s).
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  // What arrives next, or nothing at the end.
  std::string Receive() {
    char buffer[16384];
    const ssize_t size = ::recv(fd_, buffer, sizeof(buffer), 0);
    ended_ = size <= 0;
    return size > 0 ? std::string(buffer, static_cast<size_t>(size)) : std::string();
  }
  // Everything until the peer ends the connection.
  std::string ReceiveAll() {
    std::string all = std::move(received_);
    received_.clear();
    for (std::string piece = Receive(); !piece.empty(); piece = Receive()) all += piece;
    return all;
  }
  // True where the peer ended the connection and nothing more was received.
  bool Ended() { return ReceiveAll().empty() && ended_; }

  // The next response. `with_body`: false for an answer to HEAD.
  HttpResponse ReadResponse(bool with_body = true) {
    HttpResponse response;
    size_t head_end;
    while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) {
      const std::string piece = Receive();
      if (piece.empty()) return response;
      received_ += piece;
    }
    ParseHead(std::string_view(received_).substr(0, head_end + 2), &response);
    received_.erase(0, head_end + 4);
    const auto length = response.fields.find("content-length");
    const size_t bytes =
        with_body && length != response.fields.end() ? std::strtoul(length->second.c_str(), nullptr, 10) : 0;
    while (received_.size() < bytes) {
      const std::string piece = Receive();
      if (piece.empty()) return {};
      received_ += piece;
    }
    response.body = received_.substr(0, bytes);
    received_.erase(0, bytes);
    return response;
  }

  void ShutdownWrite() { ::shutdown(fd_, SHUT_WR); }
  void Close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  static void ParseHead(std::string_view head, HttpResponse* response) {
    response->status = std::atoi(std::string(head.substr(9, 3)).c_str());
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.empty()) {
      const std::string_view line = head.substr(0, head.find("\r\n"));
      head.remove_prefix(line.size() + 2);
      const size_t colon = line.find(": ");
      if (colon == std::string_view::npos) continue;
      std::string name(line.substr(0, colon));
      for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
      response->fields[name] = line.substr(colon + 2);
    }
  }

  int fd_ = -1;
  bool connected_ = false;
  bool ended_ = false;
  std::string received_;
};

// A whole HTTP/1.1 request. `fields`: complete lines without their CRLF, one a line ("A: b\r\nC: d").
inline std::string Http1Request(std::string_view method, std::string_view path, std::string_view fields,
                                std::string_view body) {
  std::string request(method);
  request.append(" ").append(path).append(" HTTP/1.1\r\nHost: test\r\n");
  if (!fields.empty()) request.append(fields).append("\r\n");
  if (!body.empty() || method == "POST" || method == "PUT") {
    request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  }
  return request.append("\r\n").append(body);
}

}  // namespace tailrace::testing
