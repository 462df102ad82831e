#include "collector/exporters/balancing/kube_api.h"

#include <curl/curl.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "collector/exporters/curl_options.h"

namespace tailrace {
namespace {

constexpr long kConnectMs = 5000;
constexpr size_t kSecretBytesMax = 64 << 10;

absl::StatusOr<std::string> ReadSmallFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read '", path, "': ", std::strerror(errno)));
  std::string text(kSecretBytesMax, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  absl::StripAsciiWhitespace(&text);
  return text;
}

// One GET on its way.
struct Request {
  CURL* handle = curl_easy_init();
  curl_slist* headers = nullptr;
  const KubeApi::OnBytes* on_bytes = nullptr;
  bool ended = false;

  ~Request() {
    curl_easy_cleanup(handle);
    curl_slist_free_all(headers);
  }
};

size_t OnBody(char* data, size_t, size_t size, void* user) {
  auto* request = static_cast<Request*>(user);
  long status = 0;
  curl_easy_getinfo(request->handle, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200 || (*request->on_bytes)(std::string_view(data, size))) return size;
  request->ended = true;
  return 0;
}

class CurlKubeApi final : public KubeApi {
 public:
  CurlKubeApi(const std::string& server, const std::string& account_dir)
      : server_(absl::StripSuffix(server, "/")), account_dir_(account_dir), multi_(curl_multi_init()) {
    if (absl::StartsWith(server_, "https://")) tls_.ca_file = account_dir_ + "/ca.crt";
  }
  ~CurlKubeApi() override { curl_multi_cleanup(multi_); }

  absl::Status Check() const override {
    if (tls_.ca_file.empty()) return absl::OkStatus();
    if (absl::Status status = ReadSmallFile(account_dir_ + "/token").status(); !status.ok()) return status;
    return CheckTlsFiles(tls_);
  }

  absl::StatusOr<long> Get(const std::string& path, std::chrono::milliseconds timeout,
                           const OnBytes& on_bytes) override {
    Request request;
    request.on_bytes = &on_bytes;
    SetCommonOptions(request.handle, server_ + path, tls_);
    curl_easy_setopt(request.handle, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
    curl_easy_setopt(request.handle, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    curl_easy_setopt(request.handle, CURLOPT_WRITEFUNCTION, OnBody);
    curl_easy_setopt(request.handle, CURLOPT_WRITEDATA, &request);
    request.headers = curl_slist_append(nullptr, "Accept: application/json");
    if (auto token = ReadSmallFile(account_dir_ + "/token"); token.ok()) {
      request.headers = curl_slist_append(request.headers, absl::StrCat("Authorization: Bearer ", *token).c_str());
    }
    curl_easy_setopt(request.handle, CURLOPT_HTTPHEADER, request.headers);
    curl_multi_add_handle(multi_, request.handle);
    const CURLcode code = Perform();
    curl_multi_remove_handle(multi_, request.handle);
    // Pairs with the release in Cancel().
    if (cancelled_.load(std::memory_order_acquire)) return absl::CancelledError("stopped");
    if (request.ended) return absl::AbortedError("enough");
    if (code != CURLE_OK) return absl::UnavailableError(absl::StrCat("the API server: ", curl_easy_strerror(code)));
    long status = 0;
    curl_easy_getinfo(request.handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
  }

  void Cancel() override {
    cancelled_.store(true, std::memory_order_release);
    curl_multi_wakeup(multi_);
  }

  std::string Namespace() const override {
    const auto text = ReadSmallFile(account_dir_ + "/namespace");
    return text.ok() && !text->empty() ? *text : "default";
  }

 private:
  // Until the one request is done, or Cancel().
  CURLcode Perform() {
    constexpr int kPollMs = 1000;
    int running = 1;
    while (running > 0 && !cancelled_.load(std::memory_order_acquire)) {
      if (curl_multi_perform(multi_, &running) != CURLM_OK) return CURLE_FAILED_INIT;
      if (running > 0) curl_multi_poll(multi_, nullptr, 0, kPollMs, nullptr);
    }
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_, &left);
    return message == nullptr ? CURLE_OK : message->data.result;
  }

  const std::string server_;
  const std::string account_dir_;
  config::TlsClientConfig tls_;
  CURLM* const multi_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace

std::unique_ptr<KubeApi> MakeKubeApi(const std::string& server, const std::string& account_dir) {
  return std::make_unique<CurlKubeApi>(server, account_dir);
}

}  // namespace tailrace
