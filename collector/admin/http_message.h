// What an AdminServer is asked and what it answers, and what a route of it is. Values.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tailrace {

using TextMap = std::map<std::string, std::string, std::less<>>;

struct AdminRequest {
  std::string path;    // without the query, as it came
  std::string query;   // what follows '?', as it came; may be empty
  TextMap values;      // what stands for each {name} of the route's path: decoded, never empty
  TextMap parameters;  // of the query, where the route names its own: decoded, may be empty

  std::string if_none_match;
  std::string accept;
  std::string accept_encoding;
  std::string body;  // where the route takes POST; else empty

  // Null where the query does not have it.
  const std::string* Parameter(std::string_view name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? nullptr : &found->second;
  }
};

class AdminWork;

struct AdminResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // go before the server's own of the same name
  std::shared_ptr<AdminWork> work;  // not null: the answer is what this comes to, and nothing else here counts
};

// An answer that takes its time, while the server answers others.
class AdminWork {
 public:
  virtual ~AdminWork() = default;

  // On the server's thread, about ten times a second until it gives the answer. Where the client hangs up or the
  // server stops, the work is destroyed instead.
  virtual std::optional<AdminResponse> Step() = 0;
};

// Called on the server's thread, one at a time. What it throws is answered with 500.
using AdminHandler = std::function<AdminResponse(const AdminRequest&)>;

struct AdminRoute {
  // "/api/v1/why/{id}": {name} stands for one segment. One that ends in '/' answers everything below it, too. A path
  // without names goes before one with names, both before one that ends in '/', a longer one before a shorter one.
  std::string path;
  AdminHandler handler;
  // The query's keys that it takes, each at most once; any other is answered with 400. None given: it reads
  // AdminRequest::query itself.
  std::optional<std::vector<std::string>> parameters = std::nullopt;
  // It makes shards work: only a few such requests may wait at a time, one more is answered with 429.
  bool is_costly = false;
  // It takes POST beside GET and HEAD, and reads the body.
  bool takes_post = false;
};

// {"error": sentence}, as every answer below /api/ that is none.
AdminResponse JsonError(unsigned status, std::string_view sentence);
// 200 with this JSON text.
AdminResponse JsonAnswer(std::string text);

}  // namespace tailrace
