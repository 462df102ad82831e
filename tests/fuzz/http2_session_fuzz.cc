// Any bytes as a client's side of an HTTP/2 connection behind its preface (session_rig.h), mostly frames
// (frame_mutator.h). What the session sends are frames; a stream gets one answer at most, and nothing after its end;
// what was taken is what was answered well, but for answers that a reset or the connection's end came before; and
// however the bytes are cut, all of it is the same.
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "collector/receivers/http2_session.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/session_rig.h"

namespace tailrace::testing {
namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr size_t kHeadBytes = 9;

struct Answer {
  std::string status;
  std::string grpc_status;
  std::string length;
  size_t body_bytes = 0;
  int header_blocks = 0;
  bool ended = false;
};

class AnswerReader {
 public:
  AnswerReader() { Require(nghttp2_hd_inflate_new(&inflater_) == 0, "memory"); }
  ~AnswerReader() { nghttp2_hd_inflate_del(inflater_); }
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  void Read(std::string_view rest) {
    while (!rest.empty()) {
      Require(rest.size() >= kHeadBytes, "a frame's head is whole");
      const size_t length = Number(rest, 3);
      const auto type = static_cast<uint8_t>(rest[3]);
      const auto flags = static_cast<uint8_t>(rest[4]);
      const size_t stream = Number(rest.substr(5), 4);
      Require(length <= 16384 && rest.size() >= kHeadBytes + length, "a frame is whole");
      OnFrame(type, flags, stream, rest.substr(kHeadBytes, length));
      rest.remove_prefix(kHeadBytes + length);
    }
  }
  const std::map<size_t, Answer>& answers() const { return answers_; }
  uint64_t resets() const { return resets_; }
  bool goaway() const { return goaway_; }
  static size_t Number(std::string_view bytes, size_t count) {
    size_t number = 0;
    for (size_t i = 0; i < count; ++i) number = number << 8 | static_cast<uint8_t>(bytes[i]);
    return number;
  }

 private:
  void OnFrame(uint8_t type, uint8_t flags, size_t stream, std::string_view payload) {
    const bool of_stream = type == NGHTTP2_DATA || type == NGHTTP2_HEADERS || type == NGHTTP2_RST_STREAM;
    if (!of_stream) {
      Require(
          type == NGHTTP2_SETTINGS || type == NGHTTP2_PING || type == NGHTTP2_GOAWAY || type == NGHTTP2_WINDOW_UPDATE,
          "no frame of another kind", std::to_string(type));
      goaway_ = goaway_ || type == NGHTTP2_GOAWAY;
      return;
    }
    Require(stream % 2 == 1, "an answer belongs to a stream of the client");
    Answer& answer = answers_[stream];
    if (type == NGHTTP2_RST_STREAM) {
      ++resets_;
      return;
    }
    Require(!answer.ended, "nothing follows the end of a stream", std::to_string(stream));
    answer.ended = (flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (type == NGHTTP2_DATA) {
      Require(answer.header_blocks == 1, "an answer begins with its header");
      answer.body_bytes += payload.size();
      return;
    }
    Require((flags & NGHTTP2_FLAG_END_HEADERS) != 0 && (flags & ~5) == 0, "a header block is one frame");
    ++answer.header_blocks;
    Require(answer.header_blocks == 1 || answer.ended, "one header and one trailer at most", std::to_string(stream));
    ReadBlock(payload, &answer);
  }

  void ReadBlock(std::string_view block, Answer* answer) {
    while (true) {
      nghttp2_nv field;
      int flags = 0;
      const ssize_t used = nghttp2_hd_inflate_hd2(inflater_, &field, &flags,
                                                  reinterpret_cast<const uint8_t*>(block.data()), block.size(), 1);
      Require(used >= 0, "a header block decodes");
      block.remove_prefix(static_cast<size_t>(used));
      if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
        const std::string name(reinterpret_cast<const char*>(field.name), field.namelen);
        const std::string value(reinterpret_cast<const char*>(field.value), field.valuelen);
        if (name == ":status") answer->status = value;
        if (name == "grpc-status") answer->grpc_status = value;
        if (name == "content-length") answer->length = value;
      }
      if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) break;
    }
    nghttp2_hd_inflate_end_headers(inflater_);
    Require(block.empty(), "and nothing is left of it");
  }

  nghttp2_hd_inflater* inflater_ = nullptr;
  std::map<size_t, Answer> answers_;
  uint64_t resets_ = 0;
  bool goaway_ = false;
};

// Calls `each` with type, flags and stream of every frame that is whole, or at least has its head.
template <typename Each>
void ForEachFrame(std::string_view bytes, bool whole, Each each) {
  while (bytes.size() >= kHeadBytes) {
    const size_t size = kHeadBytes + AnswerReader::Number(bytes, 3);
    if (whole && size > bytes.size()) return;
    each(static_cast<uint8_t>(bytes[3]), static_cast<uint8_t>(bytes[4]),
         AnswerReader::Number(bytes.substr(5), 4) & 0x7FFFFFFF);
    bytes.remove_prefix(std::min(bytes.size(), size));
  }
}

bool Holds(std::string_view bytes, uint8_t wanted) {
  bool found = false;
  ForEachFrame(bytes, /*whole=*/false, [&](uint8_t type, uint8_t, size_t) { found = found || type == wanted; });
  return found;
}

// Where nobody ended a stream or the connection early, each request that is complete has its answer.
void CheckNoneIsForgotten(const SessionInput& input, const AnswerReader& reader) {
  size_t newest = 0;
  std::set<size_t> begun;
  ForEachFrame(input.bytes, /*whole=*/true, [&](uint8_t type, uint8_t flags, size_t stream) {
    constexpr uint8_t kWhole = NGHTTP2_FLAG_END_STREAM | NGHTTP2_FLAG_END_HEADERS;
    if (type == NGHTTP2_HEADERS && stream > newest) {
      newest = stream;
      begun.insert(stream);
    }
    const bool ends = (type == NGHTTP2_DATA && (flags & NGHTTP2_FLAG_END_STREAM) != 0) ||
                      (type == NGHTTP2_HEADERS && (flags & kWhole) == kWhole);
    if (!ends || begun.count(stream) == 0) return;
    const auto answer = reader.answers().find(stream);
    Require(answer != reader.answers().end() && answer->second.header_blocks > 0, "a request is answered",
            std::to_string(stream));
  });
}

void Check(const SessionInput& input, const SessionOutcome& outcome) {
  AnswerReader reader;
  reader.Read(outcome.output);
  uint64_t good = 0, all = 0, cut = 0;
  for (const auto& [stream, answer] : reader.answers()) {
    if (answer.header_blocks == 0) continue;
    ++all;
    constexpr std::string_view kStatuses[] = {"200", "400", "401", "404", "405", "413", "415", "431", "503"};
    Require(std::find(std::begin(kStatuses), std::end(kStatuses), answer.status) != std::end(kStatuses),
            "a known status", answer.status);
    if (!answer.ended) ++cut;
    const bool grpc = answer.length.empty();
    if (answer.ended && grpc) {
      Require(answer.status == "200" && !answer.grpc_status.empty(), "a call ends with its status");
    } else if (answer.ended && answer.body_bytes != 0) {
      Require(std::to_string(answer.body_bytes) == answer.length, "a body is as long as was said");
    }
    // An answer without its end may have been any.
    if (answer.status == "200" && (!grpc || answer.grpc_status == "0" || !answer.ended)) ++good;
  }
  const bool lost = outcome.broken || reader.resets() > 0 || Holds(input.bytes, NGHTTP2_RST_STREAM);
  // Health checks are answered too, and not taken; answers may be lost with the stream.
  if (!lost) Require(good >= outcome.taken, "what is taken is answered well", std::to_string(outcome.taken));
  if (!lost && cut == 0) Require(all >= outcome.judged(), "whatever is counted is answered");
  if (!lost && !reader.goaway() && !Holds(input.bytes, NGHTTP2_GOAWAY)) CheckNoneIsForgotten(input, reader);
}

}  // namespace
}  // namespace tailrace::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace;           // NOLINT
  using namespace tailrace::testing;  // NOLINT
  static SessionRig rig;
  const SessionInput input = SessionInput::Read(AsText(data, size));
  const auto make = [](ShardReceiver& shard, const Port& port) {
    auto session = std::make_unique<Http2Session>(shard, port);
    session->OnBytes(kPreface);
    return session;
  };
  const SessionOutcome pieces = rig.Run(input, make);
  Check(input, pieces);
  const bool only_cut =
      std::all_of(input.steps.begin(), input.steps.end(), [](char step) { return static_cast<uint8_t>(step) < 0xF0; });
  // What is answered while more is to come depends on when it is asked for; a check of credentials holds the rest up;
  // and a client that has said goodbye may be listened to no longer than the bytes that came with it.
  if (!only_cut || !input.collect_at_end || input.access || input.small_pool || Holds(input.bytes, NGHTTP2_GOAWAY))
    return 0;
  const SessionOutcome whole = rig.Run(input, make, /*whole=*/true);
  // How far a connection that is cut got with its answers is nobody's promise.
  const bool both_broken = whole.broken && pieces.broken && whole.bodies == pieces.bodies;
  // nghttp2 counts CONTINUATION frames by the reads that their heads come in, and cuts at eight.
  if (pieces.broken && Holds(input.bytes, NGHTTP2_CONTINUATION)) return 0;
  Require(both_broken || whole == pieces, "the same however it is cut",
          whole.Text() + "\n--- in pieces:\n" + pieces.Text());
  return 0;
}
