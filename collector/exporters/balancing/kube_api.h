// KubeApi: one GET at a time to a Kubernetes API server, with the service account's token and authority. The token is
// read anew for each request: the cluster renews it.
//
// One thread calls Get(); any may call Cancel().
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tailrace {

class KubeApi {
 public:
  // False ends the request.
  using OnBytes = std::function<bool(std::string_view bytes)>;

  virtual ~KubeApi() = default;
  // The account's files are there, where the server is asked over TLS.
  [[nodiscard]] virtual absl::Status Check() const = 0;
  // The HTTP status. What comes is given to `on_bytes` where the status is 200. Cancelled after Cancel(), Aborted where
  // `on_bytes` ended it, Unavailable for what the connection did.
  virtual absl::StatusOr<long> Get(const std::string& path, std::chrono::milliseconds timeout,
                                   const OnBytes& on_bytes) = 0;
  // Any thread: the Get() under way, and any after it, ends at once.
  virtual void Cancel() = 0;
  // The account's own namespace; "default" where it does not say.
  virtual std::string Namespace() const = 0;
};

// `server`: its URL. `account_dir`: with the files token, ca.crt and namespace.
std::unique_ptr<KubeApi> MakeKubeApi(const std::string& server, const std::string& account_dir);

}  // namespace tailrace
