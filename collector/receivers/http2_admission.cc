// Http2Session's door: which requests are let in, by their credentials. Nothing of a body is looked at before.
#include <utility>

#include "collector/access/listener_access.h"
#include "collector/receivers/http2_session.h"
#include "collector/receivers/shard_receiver.h"

namespace tailrace {

bool Http2Session::Admit(Http2Stream& stream) {
  AuthVerdict verdict = port_.access->Judge(stream.head.credentials);
  if (verdict.outcome == AuthOutcome::kAllowed) return true;
  if (verdict.outcome == AuthOutcome::kPending) {
    stream.check = std::move(verdict.check);
    ++held_;
  } else {
    RefuseEntry(stream, verdict);
  }
  return false;
}

void Http2Session::RefuseEntry(Http2Stream& stream, const AuthVerdict& verdict) {
  if (stream.head.media == MediaType::kGrpc) return AnswerGrpcCall(stream, AnswerGrpcRefusal(verdict));
  AnswerHttpRequest(stream,
                    shard_.http.AnswerRefusal(stream.head, verdict, port_.access->authenticator()->challenge()));
}

std::shared_ptr<PendingCheck> Http2Session::awaited() const {
  if (held_ == 0) return nullptr;
  for (const std::unique_ptr<Http2Stream>& stream : open_) {
    if (stream->check != nullptr) return stream->check;
  }
  return nullptr;
}

void Http2Session::OnChecked() {
  // By index: an answer may end a stream, but none is ended before it is sent.
  for (size_t i = 0; i < open_.size() && !failed_; ++i) {
    Http2Stream& stream = *open_[i];
    if (stream.check == nullptr) continue;
    const AuthVerdict verdict = stream.check->verdict();
    if (verdict.outcome == AuthOutcome::kPending) continue;
    stream.check.reset();
    --held_;
    std::string held;
    held.swap(stream.held);
    if (stream.answered) continue;  // a time-out was faster
    port_.access->Judged(verdict);
    if (verdict.outcome != AuthOutcome::kAllowed) {
      RefuseEntry(stream, verdict);
      continue;
    }
    stream.since_ns = shard_.now_ns;
    OnAllowed(stream);
    if (!stream.answered && !held.empty()) TakeBody(stream, held);
    if (stream.client_done) OnRequestEnd(stream);
  }
}

}  // namespace tailrace
