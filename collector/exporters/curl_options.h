// What libcurl is told for every request of ours: TLS, proxy, limits; shared by the exporters and the token fetch.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "config/model.h"

typedef void CURL;

namespace tailrace {

// The certificate files can be read; at start.
[[nodiscard]] absl::Status CheckTlsFiles(const config::TlsClientConfig& tls);

// No redirects, HTTP and HTTPS only, no signals, our name. `tls` must live as long as the handle.
void SetCommonOptions(CURL* handle, const std::string& url, const config::TlsClientConfig& tls);
void SetProxy(CURL* handle, const std::string& proxy_url);

}  // namespace tailrace
