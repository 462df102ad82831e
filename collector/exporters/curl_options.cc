#include "collector/exporters/curl_options.h"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace tailrace {
namespace {

long VersionOf(const std::string& version) {
  if (version == "1.0") return CURL_SSLVERSION_TLSv1_0;
  if (version == "1.1") return CURL_SSLVERSION_TLSv1_1;
  if (version == "1.3") return CURL_SSLVERSION_TLSv1_3;
  return CURL_SSLVERSION_TLSv1_2;
}

long MaxVersionOf(const std::string& version) {
  if (version == "1.0") return CURL_SSLVERSION_MAX_TLSv1_0;
  if (version == "1.1") return CURL_SSLVERSION_MAX_TLSv1_1;
  if (version == "1.2") return CURL_SSLVERSION_MAX_TLSv1_2;
  return CURL_SSLVERSION_MAX_DEFAULT;
}

long ConnectionSeconds(const config::TlsClientConfig& tls) {
  constexpr long kSecondsMax = 120;
  if (tls.reload_interval.count() == 0) return kSecondsMax;
  return std::clamp<long>(std::chrono::ceil<std::chrono::seconds>(tls.reload_interval).count(), 1, kSecondsMax);
}

void SetBlob(CURL* handle, CURLoption option, const std::string& pem) {
  if (pem.empty()) return;
  curl_blob blob{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_NOCOPY};
  curl_easy_setopt(handle, option, &blob);
}

void SetPath(CURL* handle, CURLoption option, const std::string& path) {
  if (!path.empty()) curl_easy_setopt(handle, option, path.c_str());
}

}  // namespace

absl::Status CheckTlsFiles(const config::TlsClientConfig& tls) {
  const std::pair<const char*, const std::string&> files[] = {
      {"ca_file", tls.ca_file}, {"cert_file", tls.cert_file}, {"key_file", tls.key_file}};
  for (const auto& [key, path] : files) {
    if (!path.empty() && access(path.c_str(), R_OK) != 0) {
      return absl::NotFoundError(absl::StrCat("tls::", key, ": cannot read '", path, "': ", std::strerror(errno)));
    }
  }
  return absl::OkStatus();
}

void SetCommonOptions(CURL* handle, const std::string& url, const config::TlsClientConfig& tls) {
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "tailrace/" TAILRACE_VERSION);
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  // The backend's addresses are looked up again from time to time, also while it answers; and a new connection reads
  // the certificate files again, the authorities where they are older than the cache may be.
  curl_easy_setopt(handle, CURLOPT_MAXLIFETIME_CONN, ConnectionSeconds(tls));
  if (tls.reload_interval.count() > 0) curl_easy_setopt(handle, CURLOPT_CA_CACHE_TIMEOUT, ConnectionSeconds(tls));
  curl_easy_setopt(handle, CURLOPT_DNS_CACHE_TIMEOUT, 5L);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, VersionOf(tls.min_version) | MaxVersionOf(tls.max_version));
  if (tls.insecure_skip_verify) {
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  SetPath(handle, CURLOPT_CAINFO, tls.ca_file);
  SetBlob(handle, CURLOPT_CAINFO_BLOB, tls.ca_pem);
  // The host's authorities are trusted where no others are named, or where they are asked for.
  if ((!tls.ca_file.empty() || !tls.ca_pem.empty()) && !tls.include_system_ca_certs_pool) {
    curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
  }
  SetPath(handle, CURLOPT_SSLCERT, tls.cert_file);
  SetPath(handle, CURLOPT_SSLKEY, tls.key_file);
  SetBlob(handle, CURLOPT_SSLCERT_BLOB, tls.cert_pem);
  SetBlob(handle, CURLOPT_SSLKEY_BLOB, tls.key_pem);
}

void SetProxy(CURL* handle, const std::string& proxy_url) {
  if (!proxy_url.empty()) curl_easy_setopt(handle, CURLOPT_PROXY, proxy_url.c_str());
}

}  // namespace tailrace
