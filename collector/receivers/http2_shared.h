// Http2Shared: what the HTTP/2 sessions of one shard share: nghttp2's options and callbacks, and the free list of
// streams.
//
// Ownership: single-writer, one a shard. Sessions are gone before it.
#pragma once

#include <memory>
#include <vector>

#include "collector/receivers/http2_stream.h"

struct nghttp2_option;
struct nghttp2_session_callbacks;

namespace tailrace {

class Http2Shared {
 public:
  Http2Shared();
  ~Http2Shared();
  Http2Shared(const Http2Shared&) = delete;
  Http2Shared& operator=(const Http2Shared&) = delete;

  const nghttp2_option* options() const { return options_; }
  const nghttp2_session_callbacks* callbacks() const { return callbacks_; }

  std::unique_ptr<Http2Stream> TakeStream();
  void GiveBack(std::unique_ptr<Http2Stream> stream);

 private:
  static constexpr size_t kFreeStreamsMax = 4096;

  nghttp2_option* options_ = nullptr;
  nghttp2_session_callbacks* callbacks_ = nullptr;
  std::vector<std::unique_ptr<Http2Stream>> free_streams_;
};

}  // namespace tailrace
