// OutputQueue: what a client connection still has to write, as pieces that are not copied: small headers inside the
// piece, bodies where they lie. Written with one sendmsg for many requests.
//
// Single-writer: belongs to its connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string_view>

#include "collector/load/traffic.h"

namespace tailrace {

class OutputQueue {
 public:
  explicit OutputQueue(Traffic* traffic) : traffic_(traffic) {}

  // `header` (at most kHeaderMax bytes) is copied, `body` is not. `last_of` (may be null): Traffic::Written is told of
  // it when the piece is out.
  static constexpr size_t kHeaderMax = 64;
  void Push(std::string_view header, std::string_view body, const OutgoingRequest* last_of);

  // Writes what the socket takes. False: the connection is broken.
  [[nodiscard]] bool Flush(int fd);
  // The connection is gone: bodies are free again.
  void Clear();

  bool empty() const { return pieces_.empty(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Piece {
    char header[kHeaderMax];
    size_t header_size;
    std::string_view body;
    bool ends_request;
    OutgoingRequest request;
  };
  void Consume(size_t bytes);

  Traffic* traffic_;
  std::deque<Piece> pieces_;
  size_t first_written_ = 0;  // of the first piece
  size_t bytes_ = 0;
};

}  // namespace tailrace
