// HTTP/1.1, keep-alive, one request at a time.
#include <strings.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "collector/load/client_connection.h"
#include "collector/load/output_queue.h"

namespace tailrace {
namespace {

constexpr size_t kAnswerMax = 1 << 20;

// One answer's head, as far as it matters.
struct AnswerHead {
  int status = 0;
  size_t body_bytes = 0;
  bool chunked = false;
  bool close = false;
};

bool Same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

template <typename Number>
bool ReadNumber(std::string_view text, Number* result) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *result);
  return error == std::errc() && end == text.data() + text.size();
}

// `head` without the empty line. False where it is not HTTP.
bool ParseHead(std::string_view head, AnswerHead* result) {
  if (head.size() < 12 || head.substr(0, 7) != "HTTP/1.") return false;
  if (!ReadNumber(head.substr(9, 3), &result->status)) return false;
  while (!head.empty()) {
    const size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(head.size(), end + 2));
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, colon);
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
    if (Same(name, "content-length") && !ReadNumber(value, &result->body_bytes)) return false;
    if (Same(name, "transfer-encoding")) result->chunked = Same(value, "chunked");
    if (Same(name, "connection")) result->close = Same(value, "close");
  }
  return true;
}

// Bytes of a chunked body from its first to its last, 0 where it is not all there yet.
size_t ChunkedBytes(std::string_view text) {
  for (size_t at = 0;;) {
    const size_t line = text.find("\r\n", at);
    if (line == std::string_view::npos) return 0;
    size_t size = 0;
    std::from_chars(text.data() + at, text.data() + line, size, 16);
    if (size > kAnswerMax) return 0;
    at = line + 2 + size + 2;
    if (at > text.size()) return 0;
    if (size == 0) return at;
  }
}

class Http1Client final : public ClientConnection {
 public:
  Http1Client(int fd, const LoadOptions& options, Traffic* traffic) : fd_(fd), traffic_(traffic), output_(traffic) {
    head_ =
        absl::StrCat("POST ", options.path, " HTTP/1.1\r\nHost: ", options.host, ":", options.port,
                     "\r\nContent-Type: application/x-protobuf\r\nUser-Agent: tailrace-load/" TAILRACE_VERSION "\r\n");
    if (options.compression == LoadCompression::kGzip) head_ += "Content-Encoding: gzip\r\n";
    if (options.compression == LoadCompression::kZstd) head_ += "Content-Encoding: zstd\r\n";
  }

  bool Pump(Now now) override {
    if (!request_) {
      request_ = traffic_->Next(now.monotonic_ns, now.wall_ns);
      if (request_) {
        output_.Push({}, head_, nullptr);
        output_.Push(absl::StrCat("Content-Length: ", request_->body->body().size(), "\r\n\r\n"),
                     request_->body->body(), &*request_);
      }
    }
    return output_.Flush(fd_) || Fail(std::string("write: ") + std::strerror(errno));
  }

  bool OnReadable(Now now) override {
    char buffer[16 << 10];
    const ssize_t got = recv(fd_, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (got == 0) return Fail("the server closed the connection");
    if (got < 0) return errno == EAGAIN || errno == EINTR ? true : Fail(std::string("read: ") + std::strerror(errno));
    input_.append(buffer, static_cast<size_t>(got));
    if (input_.size() > kAnswerMax) return Fail("an answer above the size limit");
    const size_t head_bytes = input_.find("\r\n\r\n");
    if (head_bytes == std::string::npos) return true;
    AnswerHead head;
    if (!ParseHead(std::string_view(input_).substr(0, head_bytes), &head)) return Fail("not an HTTP/1.1 server");
    greeted_ = true;
    std::string_view body = std::string_view(input_).substr(head_bytes + 4);
    if (head.chunked) {
      head.body_bytes = ChunkedBytes(body);
      if (head.body_bytes == 0) return true;
    }
    if (body.size() < head.body_bytes) return true;
    body = body.substr(0, head.body_bytes);
    return OnAnswer(head, head.chunked ? std::string_view() : body, now);
  }

  void Abandon(Now now) override {
    output_.Clear();
    if (request_) traffic_->Done(*request_, SendOutcome::kLost, 0, now.monotonic_ns);
    request_.reset();
  }
  bool wants_to_write() const override { return !output_.empty(); }
  size_t in_flight() const override { return request_ ? 1 : 0; }
  int64_t oldest_taken_ns() const override { return request_ ? request_->taken_ns : INT64_MAX; }
  bool greeted() const override { return greeted_; }

 private:
  bool OnAnswer(const AnswerHead& head, std::string_view body, Now now) {
    const bool early = !output_.empty();  // answered before all was sent: what follows on the connection is not certain
    if (early) output_.Clear();
    if (request_) {
      const SendOutcome outcome = head.status == 200                         ? SendOutcome::kAcknowledged
                                  : head.status == 503 || head.status == 429 ? SendOutcome::kRefused
                                                                             : SendOutcome::kFailed;
      const OutgoingRequest request = *request_;
      request_.reset();
      traffic_->Done(request, outcome, outcome == SendOutcome::kAcknowledged ? RejectedSpans(body) : 0,
                     now.monotonic_ns);
    }
    input_.clear();
    return head.close || early ? Fail("the server closes the connection") : true;
  }

  const int fd_;
  Traffic* const traffic_;
  std::string head_;
  OutputQueue output_;
  std::optional<OutgoingRequest> request_;
  std::string input_;
  bool greeted_ = false;
};

}  // namespace

std::unique_ptr<ClientConnection> MakeHttp1Client(int fd, const LoadOptions& options, Traffic* traffic) {
  return std::make_unique<Http1Client>(fd, options, traffic);
}

}  // namespace tailrace
