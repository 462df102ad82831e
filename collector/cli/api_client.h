// ApiClient: requests to a running daemon's page, health or OTLP/HTTP endpoint. Errors come in words that say what to
// do.
//
// Single-writer. Every request has a time-out and a bound on its answer; a request under way can be given up. Neither
// proxies nor redirects are followed: the daemon is named by whoever calls, and the answer shall come from there.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace tailrace {

struct ApiTarget {
  std::string url;  // http://host:port, what stands behind is the caller's
  std::string ca_file;
  bool insecure = false;  // certificates are not checked
  std::string user;       // user:password
  std::string token;      // bearer
  std::chrono::milliseconds timeout{5000};
};

struct ApiAnswer {
  int status = 0;
  std::string version;  // X-Tailrace-Version; empty: none was sent
  std::string body;
};

// What may end a wait: descriptors, and what to ask when one of them is readable.
struct Interruption {
  std::vector<int> descriptors;
  std::function<bool()> asked;  // true: give up
};

class ApiClient {
 public:
  explicit ApiClient(ApiTarget target);
  ~ApiClient();
  ApiClient(const ApiClient&) = delete;
  ApiClient& operator=(const ApiClient&) = delete;

  // Any HTTP answer is an answer. Errors: Unavailable where there is none, in words; Cancelled when interrupted.
  // `path` begins with '/', or is empty: the target's URL as it is.
  absl::StatusOr<ApiAnswer> Get(const std::string& path, const Interruption& interruption = {});
  // The same with a body.
  absl::StatusOr<ApiAnswer> Post(const std::string& path, const std::string& content_type, const std::string& body,
                                 const Interruption& interruption = {});

  // The body of an answer with status 200; any other status is an error that says what the daemon said. NotFound for
  // 404.
  absl::StatusOr<std::string> GetJson(const std::string& path, const Interruption& interruption = {});

  // The version that the daemon said last; empty before.
  const std::string& version() const { return version_; }
  const ApiTarget& target() const { return target_; }

 private:
  struct Body;
  absl::StatusOr<ApiAnswer> Ask(const std::string& path, const Body* body, const Interruption& interruption);

  const ApiTarget target_;
  std::string version_;
  struct Handles;
  std::unique_ptr<Handles> handles_;
};

// For a place in a URL's path or query.
std::string UrlEscape(const std::string& text);

}  // namespace tailrace
