#include "collector/admin/http_routes.h"

#include <algorithm>
#include <exception>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/admin/url_text.h"

namespace tailrace::admin {
namespace {

bool HasNames(const AdminRoute& route) { return route.path.find('{') != std::string::npos; }
bool AnswersBelow(const AdminRoute& route) { return route.path.ends_with('/'); }

// Takes the next segment off the front of *rest: what stands before the first '/', which stays.
std::string_view TakeSegment(std::string_view* rest) {
  const std::string_view segment = rest->substr(0, rest->find('/'));
  rest->remove_prefix(segment.size());
  return segment;
}

// Whether `path` is what `pattern` says; *values gets what stands for its names, not decoded.
bool Matches(std::string_view pattern, std::string_view path, TextMap* values) {
  values->clear();
  while (!pattern.empty()) {
    if (path.empty() || path.front() != '/') return false;
    pattern.remove_prefix(1);
    path.remove_prefix(1);
    if (pattern.empty()) return true;  // it ended in '/'
    const std::string_view expected = TakeSegment(&pattern);
    const std::string_view found = TakeSegment(&path);
    if (expected.starts_with('{')) {
      if (found.empty()) return false;
      (*values)[std::string(expected.substr(1, expected.size() - 2))] = found;
    } else if (expected != found) {
      return false;
    }
  }
  return path.empty();
}

AdminResponse NotMade(std::string_view path, const std::exception& error) {
  return ErrorAnswer(path, 500, absl::StrCat("this page could not be made: ", error.what()));
}

}  // namespace

AdminResponse ErrorAnswer(std::string_view path, unsigned status, std::string_view sentence) {
  if (path.starts_with("/api/")) return JsonError(status, sentence);
  return {.status = status, .body = absl::StrCat(absl::string_view(sentence.data(), sentence.size()), "\n")};
}

void Routes::Add(AdminRoute route) {
  routes_.push_back(std::move(route));
  std::stable_sort(routes_.begin(), routes_.end(), [](const AdminRoute& a, const AdminRoute& b) {
    return std::tuple(AnswersBelow(a), HasNames(a), b.path.size()) < std::tuple(AnswersBelow(b), HasNames(b), a.path.size());
  });
}

const AdminRoute* Routes::Find(std::string_view method, AdminRequest* request, AdminResponse* error) const {
  const auto fail = [&](unsigned status, std::string_view sentence) {
    *error = ErrorAnswer(request->path, status, sentence);
    return nullptr;
  };
  const auto found = std::find_if(routes_.begin(), routes_.end(), [&](const AdminRoute& route) {
    return Matches(route.path, request->path, &request->values);
  });
  if (found == routes_.end()) return fail(404, "no such path");
  if (method != "GET" && method != "HEAD" && !(method == "POST" && found->takes_post)) {
    fail(405, found->takes_post ? "use GET, HEAD or POST" : "use GET or HEAD");
    error->headers = {{"Allow", found->takes_post ? "GET, HEAD, POST" : "GET, HEAD"}};
    return nullptr;
  }
  if (!found->takes_post) request->body.clear();
  for (auto& [name, value] : request->values) {
    std::optional<std::string> decoded = PercentDecode(value);
    if (!decoded.has_value()) return fail(400, "the path has a % that two hexadecimal digits do not follow");
    value = *std::move(decoded);
  }
  if (!found->parameters.has_value()) return &*found;
  absl::StatusOr<TextMap> parameters = ParseQuery(request->query, *found->parameters);
  if (!parameters.ok()) return fail(400, std::string(parameters.status().message()));
  request->parameters = *std::move(parameters);
  return &*found;
}

AdminResponse Routes::Answer(const AdminRoute& route, const AdminRequest& request) {
  try {
    return route.handler(request);
  } catch (const std::exception& error) {
    return NotMade(request.path, error);
  }
}

std::optional<AdminResponse> Routes::Step(AdminWork& work, std::string_view path) {
  try {
    return work.Step();
  } catch (const std::exception& error) {
    return NotMade(path, error);
  }
}

}  // namespace tailrace::admin
