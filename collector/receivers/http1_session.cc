#include "collector/receivers/http1_session.h"

#include <optional>
#include <utility>

#include "collector/receivers/http1_parser.h"
#include "collector/receivers/shard_receiver.h"
#include "collector/receivers/text.h"

namespace tailrace {
namespace {

namespace http = boost::beast::http;

// The rest of a refused request's body is read and passed over up to here; beyond it the connection goes instead.
constexpr uint64_t kPassedOverMax = uint64_t{1} << 20;
// "0", CR LF, CR LF: what begins with a 0 in a chunked body is at least as long, so to wait for it never waits in vain.
// Beast, shown the first line alone of a body that is empty, takes for granted that it is next shown all five.
constexpr size_t kLastChunkBytes = 5;
constexpr size_t kOutputBytesKept = size_t{64} << 10;

}  // namespace

struct Http1Session::ParserSlot {
  std::optional<Http1Parser> parser;
};

Http1Session::Http1Session(ShardReceiver& shard, const Port& port)
    : shard_(shard),
      port_(port),
      parser_(std::make_unique<ParserSlot>()),
      chunks_(port.limits.overhead_frames_max),
      since_ns_(shard.now_ns) {}

Http1Session::~Http1Session() = default;

void Http1Session::OnBytes(std::string_view bytes) {
  if (closing_) return;
  if (pending_.empty()) {
    bytes.remove_prefix(Parse(bytes));
    if (!closing_) pending_.assign(bytes);
  } else {
    pending_.append(bytes);
    const size_t used = Parse(pending_);
    pending_.erase(0, used);
  }
  // Beast bounds a header; this bounds the line before a chunk too.
  const bool is_header = !closing_ && check_ == nullptr;
  if (is_header && pending_.size() > kHeaderListBytesMax)
    RefuseBytes(431, "header too large", &shard_.stats().closed_by_limit);
  if (closing_) std::string().swap(pending_);
}

// Returns how many bytes are done with. Fewer than all: a header goes on in what comes next (or the connection ends).
size_t Http1Session::Parse(std::string_view bytes) {
  const size_t all = bytes.size();
  while (!bytes.empty() && !closing_ && check_ == nullptr) {
    std::optional<Http1Parser>& parser = parser_->parser;
    if (!parser) {
      // An empty line before a request is passed over (RFC 9112, 2.2).
      if (bytes[0] == '\r' || bytes[0] == '\n') {
        bytes.remove_prefix(1);
        continue;
      }
      StartRequest();
    }
    if (head_complete_ && parser->chunked() && bytes[0] == '0' && bytes.size() < kLastChunkBytes) break;
    boost::beast::error_code error;
    parser->ClearBodyPiece();
    bytes.remove_prefix(parser->put(boost::asio::buffer(bytes.data(), bytes.size()), error));
    if (!parser->body_piece().empty()) OnBodyPiece(parser->body_piece());
    if (error == http::error::need_more) break;
    if (error == http::error::header_limit) {
      RefuseBytes(431, "header too large", &shard_.stats().closed_by_limit);
    } else if (error && chunks_.spent()) {
      RefuseBytes(400, "too many small chunks", &shard_.stats().closed_by_limit);
    } else if (error) {
      RefuseBytes(400, "400 Bad Request", &shard_.stats().closed_by_error);
    } else if (!head_complete_ && parser->is_header_done()) {
      OnHead();
    }
    if (!closing_ && check_ == nullptr && parser->is_done()) OnRequestEnd();
  }
  return all - bytes.size();
}

void Http1Session::StartRequest() {
  head_.Reset();
  head_complete_ = false;
  answered_ = false;
  since_ns_ = shard_.now_ns;
  parser_->parser.emplace(head_, port_.limits.traces_url_path, port_.access, chunks_);
}

void Http1Session::OnHead() {
  head_complete_ = true;
  since_ns_ = shard_.now_ns;
  if (port_.access == nullptr) return OnAllowed();
  AuthVerdict verdict = port_.access->Judge(head_.credentials);
  if (verdict.outcome == AuthOutcome::kAllowed) return OnAllowed();
  if (verdict.outcome != AuthOutcome::kPending) return Refuse(verdict);
  check_ = std::move(verdict.check);
}

void Http1Session::OnChecked() {
  if (check_ == nullptr || closing_) return;
  const AuthVerdict verdict = port_.access->Judged(check_->verdict());
  if (verdict.outcome == AuthOutcome::kPending) return;
  check_.reset();
  verdict.outcome == AuthOutcome::kAllowed ? OnAllowed() : Refuse(verdict);
  if (!closing_ && parser_->parser->is_done()) OnRequestEnd();
  std::string held;
  held.swap(pending_);
  OnBytes(held);
}

void Http1Session::Refuse(const AuthVerdict& verdict) {
  AnswerHead(shard_.http.AnswerRefusal(head_, verdict, port_.access->authenticator()->challenge()));
}

void Http1Session::AnswerHead(const HttpAnswer& answer) {
  // A client that waits for '100 Continue' may or may not send its body now: only a new connection is sure.
  const bool unknown_rest = parser_->parser->expects_continue() || parser_->parser->chunked();
  const uint64_t rest = head_.content_length == kNoContentLength ? 0 : head_.content_length;
  unknown_rest || rest > kPassedOverMax ? AnswerAndClose(answer) : Answer(answer);
}

void Http1Session::OnAllowed() {
  const Http1Parser& parser = *parser_->parser;
  since_ns_ = shard_.now_ns;
  const HttpAnswer answer = shard_.http.CheckHead(head_, port_);
  if (answer.status != 0) return AnswerHead(answer);
  body_.Start(head_.content_length == kNoContentLength ? 0 : head_.content_length, port_.limits.body_bytes_max);
  if (parser.expects_continue()) output_.append("HTTP/1.1 100 Continue\r\n\r\n");
}

void Http1Session::OnBodyPiece(std::string_view bytes) {
  if (answered_) return;
  chunks_.EarnBody(bytes.size());
  const BodyError error = body_.Append(shard_.bodies, bytes);
  if (error != BodyError::kNone) AnswerAndClose(shard_.http.AnswerBodyError(head_, error, port_));
}

void Http1Session::OnRequestEnd() {
  chunks_.EarnRequest();
  if (!answered_ && body_.lost()) Answer(shard_.http.AnswerBodyError(head_, BodyError::kNoBuffer, port_));
  if (!answered_) Answer(shard_.http.AnswerBody(head_, body_.Take(), port_));
  if (!parser_->parser->keep_alive()) closing_ = true;
  parser_->parser.reset();
  since_ns_ = shard_.now_ns;
}

void Http1Session::Answer(const HttpAnswer& answer) {
  answered_ = true;
  check_.reset();
  body_.Reset();
  const bool complete = parser_->parser.has_value() && parser_->parser->is_header_done();
  const bool keep_alive = !closing_ && !shard_.draining && complete && parser_->parser->keep_alive();
  closing_ = closing_ || shard_.draining;
  AppendAll(&output_, "HTTP/1.1 ", answer.status, " ", HttpReason(answer.status),
            "\r\nContent-Type: ", answer.content_type, "\r\nContent-Length: ", answer.body.size(), "\r\n");
  if (answer.retry_after_s > 0) AppendAll(&output_, "Retry-After: ", answer.retry_after_s, "\r\n");
  if (answer.status == 405) output_.append("Allow: POST\r\n");
  if (!answer.challenge.empty()) AppendAll(&output_, "WWW-Authenticate: ", answer.challenge, "\r\n");
  if (!keep_alive) output_.append("Connection: close\r\n");
  output_.append("\r\n");
  if (!head_.answer_without_body) output_.append(answer.body);
}

void Http1Session::AnswerAndClose(const HttpAnswer& answer) {
  closing_ = true;
  Answer(answer);
}

// What came is no HTTP request.
void Http1Session::RefuseBytes(uint16_t status, std::string_view text, uint64_t* counter) {
  ++*counter;
  if (head_complete_ && !answered_) shard_.ingest.CountFailed(port_.receiver, Transport::kHttp);
  if (answered_) {
    closing_ = true;  // the answer is out; the broken rest of the body gets none
    return;
  }
  AnswerAndClose({.status = status, .content_type = "text/plain; charset=utf-8", .body = text});
}

void Http1Session::Collect(std::string* out, size_t /*bytes_max*/) {
  out->append(output_);
  output_.clear();
  if (output_.capacity() > kOutputBytesKept) output_.shrink_to_fit();
}

void Http1Session::OnTick(int64_t now_ns) {
  if (closing_) return;
  const config::ListenerConfig& limits = port_.limits;
  if (!parser_->parser.has_value()) {
    if (!TimedOut(now_ns, since_ns_, limits.idle_timeout)) return;
    ++shard_.stats().closed_by_limit;
    closing_ = true;
  } else if (TimedOut(now_ns, since_ns_, head_complete_ ? limits.body_timeout : limits.header_timeout)) {
    RefuseBytes(408, "408 Request Timeout", &shard_.stats().closed_by_limit);
    std::string().swap(pending_);
  }
}

void Http1Session::Drain() {
  if (!parser_->parser.has_value()) closing_ = true;
}

}  // namespace tailrace
