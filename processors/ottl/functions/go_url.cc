#include "processors/ottl/functions/go_url.h"

#include <arpa/inet.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tailrace::ottl {
namespace {

enum class Part : uint8_t { kPath, kUser, kHost, kZone, kFragment };

bool IsHex(char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); }
int HexOf(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c))
             ? c - '0'
             : absl::ascii_tolower(static_cast<unsigned char>(c)) - 'a' + 10;
}

bool ShouldEscape(char c, Part part) {
  if (absl::ascii_isalnum(static_cast<unsigned char>(c))) return false;
  constexpr std::string_view kInHost = "!$&'()*+,;=:[]<>\"";
  const bool host = part == Part::kHost || part == Part::kZone;
  if (host && kInHost.find(c) != std::string_view::npos) return false;
  if (std::string_view("-_.~").find(c) != std::string_view::npos) return false;
  if (std::string_view("$&+,/:;=?@").find(c) != std::string_view::npos) {
    switch (part) {
      case Part::kPath:
        return c == '?';
      case Part::kUser:
        return c == '@' || c == '/' || c == '?' || c == ':';
      case Part::kFragment:
        return false;
      default:
        return true;
    }
  }
  return part != Part::kFragment || std::string_view("!()*").find(c) == std::string_view::npos;
}

std::string Escape(std::string_view text, Part part) {
  std::string escaped;
  for (const char c : text) {
    if (ShouldEscape(c, part)) {
      absl::StrAppendFormat(&escaped, "%%%02X", static_cast<unsigned char>(c));
    } else {
      escaped.push_back(c);
    }
  }
  return escaped;
}

absl::Status BadEscape(std::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat("invalid URL escape \"", std::string(text.substr(0, 3)), "\""));
}

absl::StatusOr<std::string> Unescape(std::string_view text, Part part) {
  std::string plain;
  plain.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '%') {
      const std::string_view escape = text.substr(at, 3);
      if (escape.size() < 3 || !IsHex(escape[1]) || !IsHex(escape[2])) return BadEscape(escape);
      const char byte = static_cast<char>(HexOf(escape[1]) << 4 | HexOf(escape[2]));
      // In a host only bytes beyond ASCII may be escaped; in a zone what would be escaped again, too.
      const bool ascii = static_cast<unsigned char>(byte) < 0x80;
      if (part == Part::kHost && ascii && escape != "%25") return BadEscape(escape);
      if (part == Part::kZone && escape != "%25" && byte != ' ' && ShouldEscape(byte, Part::kHost)) {
        return BadEscape(escape);
      }
      plain.push_back(byte);
      at += 2;
      continue;
    }
    const bool host = part == Part::kHost || part == Part::kZone;
    if (host && static_cast<unsigned char>(c) < 0x80 && ShouldEscape(c, part)) {
      return absl::InvalidArgumentError("invalid character in host name");
    }
    plain.push_back(c);
  }
  return plain;
}

// The text before the first `separator`, and what follows it.
std::string_view CutAt(std::string_view* rest, char separator) {
  const size_t at = rest->find(separator);
  const std::string_view before = rest->substr(0, at);
  rest->remove_prefix(at == std::string_view::npos ? rest->size() : at + 1);
  return before;
}

bool ValidPort(std::string_view port) {
  if (port.empty()) return true;
  return port[0] == ':' && std::all_of(port.begin() + 1, port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

absl::StatusOr<std::string> ParseIpLiteral(std::string_view host) {
  const size_t close = host.rfind(']');
  if (close == std::string_view::npos) return absl::InvalidArgumentError("missing ']' in host");
  if (!ValidPort(host.substr(close + 1))) return absl::InvalidArgumentError("invalid port after host");
  const std::string_view name = host.substr(1, close - 1);
  const size_t zone_at = name.find("%25");
  auto address = Unescape(name.substr(0, zone_at), Part::kHost);
  if (!address.ok()) return address.status();
  std::string zone;
  if (zone_at != std::string_view::npos) {
    auto unescaped = Unescape(name.substr(zone_at), Part::kZone);
    if (!unescaped.ok()) return unescaped.status();
    zone = *std::move(unescaped);
    if (zone.size() == 1) return absl::InvalidArgumentError("invalid host: a zone is empty");
  }
  in6_addr parsed;
  if (inet_pton(AF_INET6, address->c_str(), &parsed) != 1) {
    return absl::InvalidArgumentError("invalid host: not an IPv6 address");
  }
  return absl::StrCat("[", *address, zone, "]", std::string(host.substr(close + 1)));
}

absl::StatusOr<std::string> ParseHost(std::string_view scheme, std::string_view host) {
  const size_t bracket = host.rfind('[');
  if (bracket != std::string_view::npos && bracket > 0) return absl::InvalidArgumentError("invalid IP-literal");
  if (bracket == 0) return ParseIpLiteral(host);
  const bool strict = scheme == "http" || scheme == "https";
  const size_t colon = strict ? host.find(':') : host.rfind(':');
  if (colon != std::string_view::npos && !ValidPort(host.substr(colon))) {
    return absl::InvalidArgumentError("invalid port after host");
  }
  return Unescape(host, Part::kHost);
}

absl::Status ParseAuthority(std::string_view authority, GoUrl* url) {
  const size_t at = authority.rfind('@');
  auto host = ParseHost(url->scheme, at == std::string_view::npos ? authority : authority.substr(at + 1));
  if (!host.ok()) return host.status();
  url->host = *std::move(host);
  if (at == std::string_view::npos) return absl::OkStatus();
  std::string_view info = authority.substr(0, at);
  const bool valid = std::all_of(info.begin(), info.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("-._:~!$&'()*+,;=%@").find(c) != std::string_view::npos;
  });
  if (!valid) return absl::InvalidArgumentError("invalid userinfo");
  const bool has_password = info.find(':') != std::string_view::npos;
  auto name = Unescape(CutAt(&info, ':'), Part::kUser);
  if (!name.ok()) return name.status();
  url->user = GoUrl::User{*std::move(name), {}};
  if (!has_password) return absl::OkStatus();
  auto password = Unescape(info, Part::kUser);
  if (!password.ok()) return password.status();
  url->user->password = *std::move(password);
  return absl::OkStatus();
}

// Empty where there is none; an error where the text begins with the colon.
absl::StatusOr<std::string> TakeScheme(std::string_view* rest) {
  for (size_t i = 0; i < rest->size(); ++i) {
    const char c = (*rest)[i];
    if (absl::ascii_isalpha(static_cast<unsigned char>(c))) continue;
    if (absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '+' || c == '-' || c == '.') {
      if (i == 0) return std::string();
      continue;
    }
    if (c != ':') return std::string();
    if (i == 0) return absl::InvalidArgumentError("missing protocol scheme");
    std::string scheme = absl::AsciiStrToLower({rest->data(), i});
    rest->remove_prefix(i + 1);
    return scheme;
  }
  return std::string();
}

// A part that may be written otherwise than it would be escaped: then `raw` keeps how it was.
absl::Status SetEscaped(std::string_view text, Part part, std::string* plain, std::string* raw) {
  auto unescaped = Unescape(text, part);
  if (!unescaped.ok()) return unescaped.status();
  *plain = *std::move(unescaped);
  if (Escape(*plain, part) != text) *raw = text;
  return absl::OkStatus();
}

std::string Escaped(const std::string& plain, const std::string& raw, Part part) {
  const bool valid = std::all_of(raw.begin(), raw.end(), [part](char c) {
    return std::string_view("!$&'()*+,;=:@[]%").find(c) != std::string_view::npos || !ShouldEscape(c, part);
  });
  if (!raw.empty() && valid) return raw;
  if (part == Part::kPath && plain == "*") return plain;
  return Escape(plain, part);
}

}  // namespace

absl::StatusOr<GoUrl> GoUrl::Parse(std::string_view text) {
  GoUrl url;
  std::string_view fragment = text;
  std::string_view rest = CutAt(&fragment, '#');
  for (const char c : rest) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) {
      return absl::InvalidArgumentError("invalid control character in URL");
    }
  }
  if (rest == "*") {
    url.path = "*";
  } else {
    auto scheme = TakeScheme(&rest);
    if (!scheme.ok()) return scheme.status();
    url.scheme = *std::move(scheme);
    if (rest.ends_with('?') && std::count(rest.begin(), rest.end(), '?') == 1) {
      url.lone_question_mark = true;
      rest.remove_suffix(1);
    } else {
      std::string_view query = rest;
      rest = CutAt(&query, '?');
      url.query = query;
    }
    const bool opaque = !rest.starts_with('/') && !url.scheme.empty();
    if (opaque) {
      url.opaque = rest;
    } else {
      if (!rest.starts_with('/') && rest.substr(0, rest.find('/')).find(':') != std::string_view::npos) {
        return absl::InvalidArgumentError("first path segment in URL cannot contain colon");
      }
      if ((!url.scheme.empty() || !rest.starts_with("///")) && rest.starts_with("//")) {
        std::string_view authority = rest.substr(2);
        const size_t slash = authority.find('/');
        rest = slash == std::string_view::npos ? std::string_view() : authority.substr(slash);
        if (absl::Status status = ParseAuthority(authority.substr(0, slash), &url); !status.ok()) return status;
      } else if (!url.scheme.empty() && rest.starts_with('/')) {
        url.no_authority = true;
      }
      if (absl::Status status = SetEscaped(rest, Part::kPath, &url.path, &url.raw_path); !status.ok()) return status;
    }
  }
  if (!fragment.empty()) {
    absl::Status status = SetEscaped(fragment, Part::kFragment, &url.fragment, &url.raw_fragment);
    if (!status.ok()) return status;
  }
  return url;
}

absl::StatusOr<std::string> GoUrl::UnescapeQuery(std::string_view text) { return Unescape(text, Part::kPath); }

std::string GoUrl::Hostname() const {
  if (host.starts_with('[')) return host.substr(1, host.rfind(']') - 1);
  const size_t colon = host.rfind(':');
  return host.substr(0, colon);
}

std::string GoUrl::Port() const {
  const size_t colon = host.rfind(':');
  if (colon == std::string::npos || (host.starts_with('[') && colon < host.rfind(']'))) return {};
  return host.substr(colon + 1);
}

std::string GoUrl::UserInfo() const {
  std::string text = Escape(user->name, Part::kUser);
  if (user->password.has_value()) absl::StrAppend(&text, ":", Escape(*user->password, Part::kUser));
  return text;
}

std::string GoUrl::Text() const {
  std::string text = scheme.empty() ? "" : scheme + ":";
  if (!opaque.empty()) {
    text += opaque;
  } else {
    const std::string written = Escaped(path, raw_path, Part::kPath);
    if (!scheme.empty() || !host.empty() || user.has_value()) {
      const bool nothing = no_authority && host.empty() && !user.has_value();
      if (!nothing && (!host.empty() || !path.empty() || user.has_value())) text += "//";
      if (user.has_value()) absl::StrAppend(&text, UserInfo(), "@");
      if (!host.empty()) text += Escape(host, Part::kHost);
    }
    if (!written.empty() && written[0] != '/' && !host.empty()) text.push_back('/');
    if (text.empty() && written.substr(0, written.find('/')).find(':') != std::string::npos) text += "./";
    text += written;
  }
  if (lone_question_mark || !query.empty()) absl::StrAppend(&text, "?", query);
  if (!fragment.empty()) absl::StrAppend(&text, "#", Escaped(fragment, raw_fragment, Part::kFragment));
  return text;
}

}  // namespace tailrace::ottl
