#include "collector/load/output_queue.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace tailrace {

void OutputQueue::Push(std::string_view header, std::string_view body, const OutgoingRequest* last_of) {
  Piece& piece = pieces_.emplace_back();
  if (!header.empty()) std::memcpy(piece.header, header.data(), header.size());
  piece.header_size = header.size();
  piece.body = body;
  piece.ends_request = last_of != nullptr;
  if (last_of != nullptr) piece.request = *last_of;
  bytes_ += header.size() + body.size();
}

bool OutputQueue::Flush(int fd) {
  while (!pieces_.empty()) {
    std::array<iovec, 64> parts;
    size_t count = 0, total = 0, skip = first_written_;
    for (auto piece = pieces_.begin(); piece != pieces_.end() && count + 2 <= parts.size(); ++piece) {
      for (std::string_view bytes : {std::string_view(piece->header, piece->header_size), piece->body}) {
        const size_t skipped = std::min(skip, bytes.size());
        skip -= skipped;
        if (skipped == bytes.size()) continue;
        parts[count++] = {const_cast<char*>(bytes.data()) + skipped, bytes.size() - skipped};
        total += bytes.size() - skipped;
      }
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t written = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    Consume(static_cast<size_t>(written));
    if (static_cast<size_t>(written) < total) return true;
  }
  return true;
}

void OutputQueue::Consume(size_t bytes) {
  bytes_ -= bytes;
  first_written_ += bytes;
  while (!pieces_.empty()) {
    const Piece& piece = pieces_.front();
    const size_t size = piece.header_size + piece.body.size();
    if (first_written_ < size) return;
    first_written_ -= size;
    if (piece.ends_request) traffic_->Written(piece.request);
    pieces_.pop_front();
  }
}

void OutputQueue::Clear() {
  for (const Piece& piece : pieces_) {
    if (piece.ends_request) traffic_->Written(piece.request);
  }
  pieces_.clear();
  bytes_ = first_written_ = 0;
}

}  // namespace tailrace
