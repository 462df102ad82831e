#include "tests/fuzz/http1_reading.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "collector/receivers/text.h"

namespace tailrace::testing {
namespace {

using End = Http1Reading::End;

bool IsTokenChar(char c) {
  const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return alnum || (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool IsToken(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenChar); }

bool IsVisible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool IsDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Takes a line that ends with CR LF. False: there is none yet.
bool TakeLine(std::string_view* rest, std::string_view* line) {
  const size_t end = rest->find("\r\n");
  if (end == std::string_view::npos) return false;
  *line = rest->substr(0, end);
  rest->remove_prefix(end + 2);
  return true;
}

// How a request's body is framed, from its header lines.
struct Framing {
  int lengths = 0;
  int codings = 0;
  bool length_good = true;
  bool coding_good = true;
  bool connection = false;
  std::string length;
};

// False: this line is beyond this reader.
bool ReadField(std::string_view line, Framing* framing) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = Trimmed(line.substr(colon + 1));
  if (std::any_of(value.begin(), value.end(), [](char c) { return static_cast<uint8_t>(c) < ' ' || c == '\x7f'; })) {
    return false;
  }
  if (EqualsIgnoreCase(name, "content-length")) {
    if (value.find(',') != std::string_view::npos) return false;
    if (value.size() > 1 && value[0] == '0') return false;  // 0 and 00 may count as the same
    framing->length_good &= IsDigits(value) && (framing->lengths == 0 || framing->length == value);
    framing->length = value;
    ++framing->lengths;
  } else if (EqualsIgnoreCase(name, "transfer-encoding")) {
    framing->coding_good &= EqualsIgnoreCase(value, "chunked");
    ++framing->codings;
  } else if (EqualsIgnoreCase(name, "connection") || EqualsIgnoreCase(name, "proxy-connection") ||
             EqualsIgnoreCase(name, "upgrade") || EqualsIgnoreCase(name, "expect")) {
    framing->connection = true;  // may end the connection, or be answered early
  }
  return true;
}

enum class Body { kComplete, kUnfinished, kUnsure };

Body ReadChunks(std::string_view* rest, std::string* body) {
  while (true) {
    std::string_view line;
    if (!TakeLine(rest, &line)) return Body::kUnfinished;
    uint32_t size = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
    if (error != std::errc() || end != line.data() + line.size() || line.size() > 7) return Body::kUnsure;
    if (size == 0) {
      if (!TakeLine(rest, &line)) return Body::kUnfinished;
      return line.empty() ? Body::kComplete : Body::kUnsure;  // no trailers here
    }
    if (rest->size() < size_t{size} + 2) return Body::kUnfinished;
    if (rest->substr(size, 2) != "\r\n") return Body::kUnsure;
    body->append(rest->substr(0, size));
    rest->remove_prefix(size + 2);
  }
}

}  // namespace

Http1Reading ReadHttp1(std::string_view rest) {
  Http1Reading reading;
  const auto ended = [&reading](End end) {
    reading.end = end;
    return reading;
  };
  while (true) {
    while (!rest.empty() && (rest[0] == '\r' || rest[0] == '\n')) rest.remove_prefix(1);
    std::string_view line;
    if (!TakeLine(&rest, &line)) return ended(End::kBytes);
    Http1Reading::Request request;
    const size_t space = line.find(' ');
    const size_t last = line.rfind(' ');
    if (space == last || !IsToken(line.substr(0, space)) || line.substr(last + 1) != "HTTP/1.1" || last == space + 1 ||
        !IsVisible(line.substr(space + 1, last - space - 1))) {
      return ended(End::kUnsure);
    }
    request.method = line.substr(0, space);
    request.target = line.substr(space + 1, last - space - 1);
    Framing framing;
    while (true) {
      if (!TakeLine(&rest, &line)) return ended(End::kBytes);
      if (line.empty()) break;
      if (!ReadField(line, &framing)) return ended(End::kUnsure);
    }
    const bool both = framing.lengths > 0 && framing.codings > 0;
    if (both || framing.codings > 1 || !framing.length_good || !framing.coding_good) return ended(End::kFaulty);
    if (framing.codings > 0) {
      const Body body = ReadChunks(&rest, &request.body);
      if (body != Body::kComplete) return ended(body == Body::kUnfinished ? End::kBytes : End::kUnsure);
    } else if (framing.lengths > 0) {
      uint64_t size = 0;
      const std::string& text = framing.length;
      if (std::from_chars(text.data(), text.data() + text.size(), size).ec != std::errc()) return ended(End::kFaulty);
      if (size > rest.size()) return ended(End::kBytes);
      request.body.assign(rest.substr(0, size));
      rest.remove_prefix(size);
    }
    reading.requests.push_back(std::move(request));
    if (framing.connection) return ended(End::kUnsure);
  }
}

}  // namespace tailrace::testing
