// RequestHead: what a request's header fields say, read once into enums as they arrive; the same for HTTP/1.1 and
// HTTP/2.
//
// A value, part of one stream or HTTP/1.1 connection; reused from request to request without giving memory back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/hops.h"
#include "base/inflate.h"
#include "collector/access/credentials.h"

namespace tailrace {

enum class MediaType : uint8_t { kMissing, kProtobuf, kJson, kGrpc, kOther };
enum class Route : uint8_t { kUnknown, kHttpTraces, kGrpcExport, kGrpcHealthCheck };

inline constexpr uint64_t kNoContentLength = UINT64_MAX;
// All names and values and 32 bytes for each field, as HTTP/2 counts them.
inline constexpr size_t kHeaderListBytesMax = size_t{16} << 10;

struct RequestHead {
  Route route = Route::kUnknown;
  bool post = false;
  bool answer_without_body = false;  // HEAD
  MediaType media = MediaType::kMissing;
  Encoding content_encoding = Encoding::kIdentity;
  Encoding grpc_encoding = Encoding::kIdentity;
  uint64_t content_length = kNoContentLength;
  size_t list_bytes = 0;
  uint8_t hops = 0;                  // see base/hops.h
  std::string unsupported_encoding;  // its name, cut to some bytes; for the message
  Credentials credentials;           // where the listener asks for any

  void Reset();
  void OnMethod(std::string_view method) {
    post = method == "POST";
    answer_without_body = method == "HEAD";
  }
  void OnPath(std::string_view target, std::string_view traces_url_path);
  void OnContentType(std::string_view value);
  void OnContentEncoding(std::string_view value);
  void OnGrpcEncoding(std::string_view value);
  void OnContentLength(std::string_view value);
  // What is no number up to 255 counts as 255: more than any bound.
  void OnHops(std::string_view value);
  // A field with a lower-case name, pseudo fields too, as HTTP/2 has them. Other names are passed over.
  void OnField(std::string_view name, std::string_view value, std::string_view traces_url_path);
};

}  // namespace tailrace
