// ScriptedBackend: a real gRPC server on the loopback that takes TraceService/Export and answers as a test tells it,
// one answer after the other in the order in which requests arrive; beyond the script it answers OK.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tailrace::testing {

struct Answer {
  int code = 0;  // gRPC status
  std::string message;
  std::string details;   // grpc-status-details-bin
  std::string response;  // ExportTraceServiceResponse
  bool hang = false;     // never answers; the client's deadline or the end of the test ends it
};

// A google.rpc.Status with a RetryInfo.
std::string RetryInfoDetails(int code, std::chrono::nanoseconds delay);
Answer Ok();
Answer Failing(int code, std::optional<std::chrono::nanoseconds> retry_after = {});
Answer PartialSuccess(int64_t rejected, const std::string& message);
Answer Hang();

struct BackendRequest {
  std::string method;
  std::string payload;
  std::multimap<std::string, std::string> metadata;
};

struct BackendTls {
  std::string key_pem;
  std::string cert_pem;
};

class ScriptedBackend {
 public:
  // `port` 0: any free one.
  explicit ScriptedBackend(std::vector<Answer> script = {}, int port = 0, std::optional<BackendTls> tls = {});
  ~ScriptedBackend();

  int port() const;
  std::string endpoint() const;
  std::vector<BackendRequest> requests() const;

 private:
  class Service;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tailrace::testing
