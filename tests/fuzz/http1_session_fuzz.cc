// Any bytes as an HTTP/1.1 connection (session_rig.h). However they are cut, the session answers the same; every answer
// is whole and of a known status; what is handed over is what was answered with 200; and a request whose end two
// programs might see in different places is never taken (http1_reading.h).
#include <algorithm>
#include <array>
#include <charconv>

#include "collector/receivers/http1_session.h"
#include "collector/receivers/otlp_http.h"
#include "collector/receivers/text.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/http1_reading.h"
#include "tests/fuzz/session_rig.h"

namespace tailrace::testing {
namespace {

struct Answers {
  uint64_t all = 0;
  std::array<uint64_t, 600> of{};
};

bool Take(std::string_view* rest, std::string_view start) {
  if (rest->substr(0, start.size()) != start) return false;
  rest->remove_prefix(start.size());
  return true;
}

std::string_view TakeLine(std::string_view* rest) {
  const size_t end = rest->find("\r\n");
  Require(end != std::string_view::npos, "a line of an answer has its end", *rest);
  const std::string_view line = rest->substr(0, end);
  Require(line.find_first_of("\r\n") == std::string_view::npos, "no line break in a field", line);
  rest->remove_prefix(end + 2);
  return line;
}

uint64_t Number(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  Require(error == std::errc() && end == text.data() + text.size(), "a number", text);
  return number;
}

Answers ReadAnswers(std::string_view rest, bool any_head) {
  Answers answers;
  bool last = false;
  while (!rest.empty()) {
    const std::string_view all = rest;
    Require(!last, "nothing follows an answer that closes", rest);
    Require(Take(&rest, "HTTP/1.1 "), "an answer begins with its status line", rest);
    std::string_view status_line = TakeLine(&rest);
    if (status_line == "100 Continue") {
      Require(TakeLine(&rest).empty(), "100 has no fields");
      continue;
    }
    const uint64_t status = Number(status_line.substr(0, 3));
    const std::string_view reason = HttpReason(static_cast<uint16_t>(status));
    Require(reason != "Error" && status_line.substr(3) == " " + std::string(reason), "a known status", status_line);
    uint64_t length = UINT64_MAX;
    bool typed = false, later = false;
    for (std::string_view line = TakeLine(&rest); !line.empty(); line = TakeLine(&rest)) {
      if (Take(&line, "Content-Length: ")) length = Number(line);
      typed = typed || Take(&line, "Content-Type: ");
      later = later || Take(&line, "Retry-After: ");
      last = last || line == "Connection: close";
    }
    Require(length != UINT64_MAX && typed, "an answer says what its body is", all);
    Require(later == (status == 503), "503 and no other says when to come again", all);
    const bool next = rest.empty() || rest.substr(0, 9) == "HTTP/1.1 ";
    if (!(any_head && next)) {
      Require(rest.size() >= length, "an answer's body is whole", all);
      rest.remove_prefix(length);
    }
    ++answers.all;
    ++answers.of[status];
  }
  return answers;
}

// In any case of letters.
bool HoldsName(std::string_view bytes, std::string_view name) {
  const auto same = [](char a, char b) { return LowerCase(a) == b; };
  return std::search(bytes.begin(), bytes.end(), name.begin(), name.end(), same) != bytes.end();
}

void Check(const SessionInput& input, const SessionOutcome& outcome) {
  const Answers answers = ReadAnswers(outcome.output, input.bytes.find("HEAD") != std::string_view::npos);
  Require(answers.of[200] == outcome.taken, "what is taken is answered with 200, and nothing else");
  Require(answers.of[503] == outcome.refused + outcome.busy, "what is refused is answered with 503");
  Require(outcome.judged() <= answers.all, "whatever is counted is answered");

  const Http1Reading reading = ReadHttp1(input.bytes);
  if (reading.end == Http1Reading::End::kUnsure) return;
  const auto posted = std::count_if(reading.requests.begin(), reading.requests.end(), [](const auto& request) {
    return request.method == "POST" && request.target.substr(0, 10) == "/v1/traces";
  });
  Require(outcome.taken <= static_cast<uint64_t>(posted), "no more is taken than was sent");
  Require(outcome.finished || answers.all >= reading.requests.size() || input.access, "no request is forgotten");
  if (!HoldsName(input.bytes, "content-encoding") && !HoldsName(input.bytes, "json")) {
    // Bodies are handed over as they are.
    auto request = reading.requests.begin();
    for (const std::string& body : outcome.bodies) {
      request = std::find_if(request, reading.requests.end(), [&body](const auto& one) { return one.body == body; });
      Require(request != reading.requests.end(), "what is taken is the body of a request", body);
      ++request;
    }
  }
  // One more may be answered before its end is there, or because it is faulty.
  Require(answers.all <= reading.requests.size() + 1, "a request is answered once");
  if (reading.end == Http1Reading::End::kFaulty && answers.all > reading.requests.size()) {
    Require(outcome.finished, "behind a faulty request the connection ends");
  }
}

// One thing may depend on where the bytes are cut: what is wrong in a header or a chunk's line that has not ended is
// seen at once or when it ends. So `late` may still wait where `early` has refused.
bool SameButLate(const SessionOutcome& early, const SessionOutcome& late) {
  if (late.finished || !early.finished || early.bodies != late.bodies || early.taken != late.taken) return false;
  if (early.refused != late.refused || early.failed > late.failed + 1) return false;
  if (early.output.compare(0, late.output.size(), late.output) != 0) return false;
  const std::string refusal = early.output.substr(late.output.size(), 12);
  return refusal == "HTTP/1.1 400" || refusal == "HTTP/1.1 431" || refusal.empty();
}

}  // namespace
}  // namespace tailrace::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace;           // NOLINT
  using namespace tailrace::testing;  // NOLINT
  static SessionRig rig;
  const SessionInput input = SessionInput::Read(AsText(data, size));
  const auto make = [](ShardReceiver& shard, const Port& port) { return std::make_unique<Http1Session>(shard, port); };
  const SessionOutcome pieces = rig.Run(input, make);
  Check(input, pieces);
  const bool only_cut = std::all_of(input.steps.begin(), input.steps.end(), [&](char step) {
    return static_cast<uint8_t>(step) < 0xF0 && !(input.access && (step & 1) != 0);
  });
  // A body that grows needs more buffers than one that comes whole.
  if (!only_cut || input.small_pool) return 0;
  const SessionOutcome whole = rig.Run(input, make, /*whole=*/true);
  Require(whole == pieces || SameButLate(whole, pieces) || SameButLate(pieces, whole), "the same however it is cut",
          whole.Text() + "\n--- in pieces:\n" + pieces.Text());
  return 0;
}
