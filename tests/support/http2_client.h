// Http2Client: an HTTP/2 client on nghttp2 over a raw socket, for what no library would send: any header fields, bodies
// in any pieces, the connection's bytes one by one. Blocking with a deadline; one thread. Link PkgConfig::NGHTTP2.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/http_client.h"

namespace tailrace::testing {

using Fields = std::vector<std::pair<std::string, std::string>>;

class Http2Client {
 public:
  struct Response {
    std::map<std::string, std::string> fields;  // header and trailer fields
    std::string body;
    bool closed = false;
    uint32_t error = 0;  // of RST_STREAM
    // 0: none.
    int status() const { return fields.contains(":status") ? std::stoi(fields.at(":status")) : 0; }
    // -1: none.
    int grpc_status() const { return fields.contains("grpc-status") ? std::stoi(fields.at("grpc-status")) : -1; }
  };

  explicit Http2Client(uint16_t port) : socket_(port) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, OnData);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnClose);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, OnFrame);
    nghttp2_session_client_new(&session_, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
  }
  ~Http2Client() { nghttp2_session_del(session_); }
  Http2Client(const Http2Client&) = delete;
  Http2Client& operator=(const Http2Client&) = delete;

  // Sends every byte in a packet of its own.
  void SendByteByByte() { byte_by_byte_ = true; }

  // `end`: false leaves the request open behind `body`. Returns the stream.
  int32_t Submit(const Fields& fields, std::string body, bool end = true) {
    std::vector<nghttp2_nv> list;
    for (const auto& [name, value] : fields) {
      list.push_back({reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
                      reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(), 0});
    }
    Body& pending = bodies_.emplace_back(Body{std::move(body), 0, end});
    bodies_by_stream_[nghttp2_session_get_next_stream_id(session_)] = &pending;
    nghttp2_data_provider provider{{.ptr = &pending}, ReadBody};
    return nghttp2_submit_request(session_, nullptr, list.data(), list.size(), &provider, nullptr);
  }

  // Ends a request that was left open.
  void End(int32_t stream) {
    bodies_by_stream_[stream]->end = true;
    nghttp2_session_resume_data(session_, stream);
  }

  // False: the connection ended.
  bool Flush() {
    const uint8_t* data = nullptr;
    for (ssize_t size; (size = nghttp2_session_mem_send(session_, &data)) > 0;) {
      const std::string_view bytes(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
      const size_t piece = byte_by_byte_ ? 1 : bytes.size();
      for (size_t at = 0; at < bytes.size(); at += piece) {
        if (!socket_.Send(bytes.substr(at, piece))) return false;
      }
    }
    return true;
  }
  // Bytes that the library would not send.
  bool SendRaw(std::string_view bytes) { return Flush() && socket_.Send(bytes); }
  // Sends and receives once. False: the connection ended.
  bool Step() {
    Flush();
    const std::string bytes = socket_.Receive();
    if (bytes.empty()) return false;
    return nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()) >= 0;
  }
  // Until the stream's answer is complete (or reset), or the connection ended.
  Response Wait(int32_t stream) {
    while (!responses_[stream].closed && Step()) {
    }
    return responses_[stream];
  }
  Response Call(const Fields& fields, std::string body) { return Wait(Submit(fields, std::move(body))); }
  bool goaway() const { return goaway_; }
  HttpClient& socket() { return socket_; }

 private:
  struct Body {
    std::string bytes;
    size_t at;
    bool end;
  };

  static ssize_t ReadBody(nghttp2_session*, int32_t, uint8_t* out, size_t size, uint32_t* flags,
                          nghttp2_data_source* source, void*) {
    Body& body = *static_cast<Body*>(source->ptr);
    const size_t bytes = body.bytes.copy(reinterpret_cast<char*>(out), size, body.at);
    body.at += bytes;
    if (body.at == body.bytes.size()) {
      if (!body.end && bytes == 0) return NGHTTP2_ERR_DEFERRED;
      if (body.end) *flags |= NGHTTP2_DATA_FLAG_EOF;
    }
    return static_cast<ssize_t>(bytes);
  }
  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
                      const uint8_t* value, size_t value_size, uint8_t, void* self) {
    static_cast<Http2Client*>(self)
        ->responses_[frame->hd.stream_id]
        .fields[std::string(reinterpret_cast<const char*>(name), name_size)] =
        std::string(reinterpret_cast<const char*>(value), value_size);
    return 0;
  }
  static int OnData(nghttp2_session*, uint8_t, int32_t stream, const uint8_t* data, size_t size, void* self) {
    static_cast<Http2Client*>(self)->responses_[stream].body.append(reinterpret_cast<const char*>(data), size);
    return 0;
  }
  static int OnClose(nghttp2_session*, int32_t stream, uint32_t error, void* self) {
    Response& response = static_cast<Http2Client*>(self)->responses_[stream];
    response.closed = true;
    response.error = error;
    return 0;
  }
  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    auto* client = static_cast<Http2Client*>(self);
    if (frame->hd.type == NGHTTP2_GOAWAY) client->goaway_ = true;
    // An answer may be complete while the request is still open.
    const bool answer = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (answer && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
      client->responses_[frame->hd.stream_id].closed = true;
    return 0;
  }

  HttpClient socket_;
  nghttp2_session* session_ = nullptr;
  bool byte_by_byte_ = false;
  bool goaway_ = false;
  std::deque<Body> bodies_;
  std::map<int32_t, Body*> bodies_by_stream_;
  std::map<int32_t, Response> responses_;
};

inline Fields GrpcFields(std::string path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
                         std::string content_type = "application/grpc") {
  return {{":method", "POST"},
          {":scheme", "http"},
          {":path", std::move(path)},
          {":authority", "test"},
          {"content-type", std::move(content_type)},
          {"te", "trailers"}};
}
inline Fields HttpFields(std::string method, std::string path) {
  return {{":method", std::move(method)}, {":scheme", "http"}, {":path", std::move(path)}, {":authority", "test"}};
}
// The message in its gRPC frame.
inline std::string GrpcFrame(std::string_view message, char flag = 0) {
  std::string frame{flag};
  for (int shift = 24; shift >= 0; shift -= 8) frame.push_back(static_cast<char>(message.size() >> shift));
  return frame.append(message);
}

}  // namespace tailrace::testing
