// Http1Parser: Boost.Beast's HTTP/1.1 request parser, wired to RequestHead and to a body sink instead of to containers,
// so that a request allocates nothing. One object parses one request after another.
//
// Ownership: single-writer, part of one Http1Session. Included by http1_*.cc only: Beast is a heavy header.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <string_view>

#include "collector/access/listener_access.h"
#include "collector/receivers/frame_budget.h"
#include "collector/receivers/request_head.h"
#include "collector/receivers/text.h"

namespace tailrace {

class Http1Parser final : public boost::beast::http::basic_parser<true> {
 public:
  using string_view = boost::beast::string_view;
  using error_code = boost::beast::error_code;
  using field = boost::beast::http::field;

  // All outlive the parser; `access` may be null. Each chunk is paid from `chunks`.
  Http1Parser(RequestHead& head, std::string_view path, const ListenerAccess* access, FrameBudget& chunks)
      : head_(head), path_(path), access_(access), chunks_(chunks) {
    header_limit(kHeaderListBytesMax);
    body_limit(boost::none);  // the body's limits are the session's
    eager(false);             // stop behind the header, so that it can be judged before the body is read
  }

  bool expects_continue() const { return expects_continue_; }
  // The body bytes of the latest put(), within what was put.
  std::string_view body_piece() const { return body_piece_; }
  void ClearBodyPiece() { body_piece_ = {}; }

 private:
  static std::string_view View(string_view text) { return {text.data(), text.size()}; }

  void on_request_impl(boost::beast::http::verb /*verb*/, string_view method, string_view target, int version,
                       error_code& /*error*/) override {
    version_ = version;
    head_.OnMethod(View(method));
    head_.OnPath(View(target), path_);
  }
  void on_response_impl(int /*code*/, string_view /*reason*/, int /*version*/, error_code& /*error*/) override {}
  void on_field_impl(field name, string_view text, string_view value, error_code& error) override {
    if (is_header_done()) return;  // a trailer's: the request was judged by its header
    // Beast takes a body with other codings for none at all, and would read what follows as the next request; HTTP/1.0
    // knows no codings (RFC 9112, 6.1 and 6.3).
    if (name == field::transfer_encoding && (version_ < 11 || !EqualsIgnoreCase(View(value), "chunked"))) {
      error = boost::beast::http::error::bad_transfer_encoding;
      return;
    }
    if (access_ != nullptr && access_->IsCredential(View(text))) head_.credentials.Add(View(value));
    if (name == field::content_type) head_.OnContentType(View(value));
    if (name == field::content_encoding) head_.OnContentEncoding(View(value));
    if (name == field::unknown && EqualsIgnoreCase(View(text), kHopsField)) head_.OnHops(View(value));
    if (name == field::expect) expects_continue_ = boost::beast::iequals(value, "100-continue");
  }
  void on_header_impl(error_code& /*error*/) override {
    if (const auto length = content_length()) head_.content_length = *length;
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/, error_code& /*error*/) override {}
  std::size_t on_body_impl(string_view body, error_code& /*error*/) override {
    body_piece_ = View(body);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t /*size*/, string_view extensions, error_code& error) override {
    if (!chunks_.Spend(extensions.size())) error = boost::beast::http::error::bad_chunk;
  }
  std::size_t on_chunk_body_impl(std::uint64_t /*left*/, string_view body, error_code& /*error*/) override {
    body_piece_ = View(body);
    return body.size();
  }
  void on_finish_impl(error_code& /*error*/) override {}

  RequestHead& head_;
  std::string_view path_;
  const ListenerAccess* access_;
  FrameBudget& chunks_;
  int version_ = 0;  // 11: HTTP/1.1
  bool expects_continue_ = false;
  std::string_view body_piece_;
};

}  // namespace tailrace
