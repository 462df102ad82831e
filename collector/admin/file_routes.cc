// The page's files over HTTP: packed where the client takes that, and sent only where the client has not got them yet.
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "collector/admin/http_routes.h"
#include "collector/admin/page_routes.h"

namespace tailrace {
namespace {

std::string TypeOf(std::string_view path) {
  static constexpr std::pair<std::string_view, const char*> kTypes[] = {
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},   {".svg", "image/svg+xml"},
      {".json", "application/json"},         {".png", "image/png"},
      {".ico", "image/vnd.microsoft.icon"},  {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
  };
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

// As bundlers name a file whose content its name stands for: "name-BqX3_a-1.js", eight letters.
bool IsNamedByContent(std::string_view path) {
  const size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || dot < 9 || path[dot - 9] != '-') return false;
  for (const char c : path.substr(dot - 8, 8)) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-') return false;
  }
  return true;
}

// Accept-Encoding: a list of codings, each with an optional weight; one of zero refuses it (RFC 9110, 12.5.3).
bool AcceptsGzip(const std::string& accept_encoding) {
  for (const absl::string_view one : absl::StrSplit(accept_encoding, ',')) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(one, absl::MaxSplits(';', 1));
    if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(parts.first), "gzip")) continue;
    absl::string_view weight = absl::StripAsciiWhitespace(parts.second);
    return !absl::ConsumePrefix(&weight, "q=") || weight.find_first_not_of("0.") != absl::string_view::npos;
  }
  return false;
}

// If-None-Match: a list of tags, or '*'; weak ones count as strong ones (RFC 9110, 13.1.2).
bool Has(const std::string& if_none_match, const std::string& tag) {
  for (absl::string_view one : absl::StrSplit(if_none_match, ',')) {
    one = absl::StripAsciiWhitespace(one);
    absl::ConsumePrefix(&one, "W/");
    if (one == "*" || one == tag) return true;
  }
  return false;
}

AdminResponse Answer(const PageFile& file, const AdminRequest& request) {
  const bool packed = AcceptsGzip(request.accept_encoding) && file.gzip.size() < file.bytes.size();
  const std::string tag =
      absl::StrCat("\"", absl::string_view(file.digest.data(), file.digest.size()), packed ? "-gzip\"" : "\"");
  AdminResponse answer{.content_type = TypeOf(file.path)};
  answer.headers = {{"ETag", tag},
                    {"Vary", "Accept-Encoding"},
                    {"Cache-Control", IsNamedByContent(file.path) ? "max-age=31536000, immutable" : "no-cache"}};
  if (Has(request.if_none_match, tag)) {
    answer.status = 304;
    return answer;
  }
  if (packed) answer.headers.emplace_back("Content-Encoding", "gzip");
  answer.body = packed ? file.gzip : file.bytes;
  return answer;
}

}  // namespace

std::vector<AdminRoute> FileRoutes(std::span<const PageFile> files) {
  std::vector<AdminRoute> routes;
  for (const PageFile& file : files) {
    AdminRoute& route = routes.emplace_back();
    route.path = file.path;
    route.handler = [&file](const AdminRequest& request) { return Answer(file, request); };
    if (file.path.starts_with("/api/")) route.parameters.emplace();  // takes none
    if (file.path != "/index.html") continue;
    routes.push_back({"/", [&file](const AdminRequest& request) {
                        // A path that ends in '/' gets what is below it, too.
                        return request.path == "/" ? Answer(file, request)
                                                   : admin::ErrorAnswer(request.path, 404, "no such path");
                      }});
  }
  return routes;
}

}  // namespace tailrace
