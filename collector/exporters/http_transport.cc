#include "collector/exporters/http_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "collector/exporters/authenticator.h"
#include "collector/exporters/curl_options.h"
#include "collector/exporters/http_status.h"
#include "collector/exporters/payload_packing.h"
#include "proto/json_writer.h"

namespace tailrace {
namespace {

// What is read of an answer; ours are a few bytes.
constexpr size_t kBodyBytesMax = 64 << 10;
constexpr size_t kHeaderBytesMax = 64 << 10;
constexpr long kConnectTimeoutMs = 5000;

// One request on its way.
struct Request {
  uint64_t tag = 0;
  std::shared_ptr<const std::string> payload;
  std::string packed;  // what is sent, where it is not the payload
  curl_slist* headers = nullptr;
  CURL* handle = nullptr;
  std::string body;
  size_t header_bytes = 0;
  std::string content_type;
  std::string retry_after;
  bool cut_off = false;  // the answer was longer than we read

  ~Request() {
    curl_easy_cleanup(handle);
    curl_slist_free_all(headers);
  }
};

size_t ReadBody(char* data, size_t, size_t size, void* user) {
  auto* request = static_cast<Request*>(user);
  const size_t room = kBodyBytesMax - request->body.size();
  request->body.append(data, std::min(size, room));
  request->cut_off |= size > room;
  return size > room ? 0 : size;  // 0 ends the request
}

size_t ReadHeader(char* data, size_t, size_t size, void* user) {
  auto* request = static_cast<Request*>(user);
  request->header_bytes += size;
  if (request->header_bytes > kHeaderBytesMax) return 0;
  const absl::string_view line(data, size);
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos) return size;
  const auto value = [&] { return std::string(absl::StripAsciiWhitespace(line.substr(colon + 1))); };
  if (absl::EqualsIgnoreCase(line.substr(0, colon), "content-type")) request->content_type = value();
  if (absl::EqualsIgnoreCase(line.substr(0, colon), "retry-after")) request->retry_after = value();
  return size;
}

class HttpTransport final : public BackendTransport {
 public:
  HttpTransport(const config::OtlpHttpExporterConfig& config, const Clock& clock)
      : config_(config), clock_(clock), multi_(curl_multi_init()) {
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS,
                      static_cast<long>(std::max(config.queue.num_consumers, 1u)));
  }

  ~HttpTransport() override {
    CancelAll();
    curl_multi_cleanup(multi_);
  }

  absl::Status Start() override {
    if (multi_ == nullptr) return absl::InternalError("libcurl cannot be used");
    for (const auto& [name, value] : config_.headers) {
      if (name.empty() || name.find_first_of(" :\r\n") != std::string::npos ||
          value.find_first_of("\r\n") != std::string::npos) {
        return absl::InvalidArgumentError(absl::StrCat("headers: '", name, "' cannot be sent"));
      }
    }
    auto authenticator = MakeAuthenticator(config_.auth);
    if (!authenticator.ok()) return authenticator.status();
    authenticator_ = *std::move(authenticator);
    return CheckTlsFiles(config_.tls);
  }

  void Send(uint64_t tag, const ExportBatch& batch) override {
    auto request = std::make_unique<Request>();
    request->tag = tag;
    request->payload = batch.payload;
    SendResult failed{.outcome = SendResult::Outcome::kRetry};
    if (!Prepare(request.get(), &failed)) {
      unsent_.push_back({tag, std::move(failed)});
      return;
    }
    CURL* const handle = request->handle;
    curl_multi_add_handle(multi_, handle);
    requests_.emplace(handle, std::move(request));
  }

  void Poll(int64_t until_ns, std::vector<TransportAnswer>* answers) override {
    std::move(unsent_.begin(), unsent_.end(), std::back_inserter(*answers));
    unsent_.clear();
    int running = 0;
    curl_multi_perform(multi_, &running);
    Collect(answers);
    if (!answers->empty()) return;
    int timeout_ms = std::numeric_limits<int>::max();
    if (until_ns != std::numeric_limits<int64_t>::max()) {
      const int64_t left_ms = (until_ns - clock_.MonotonicNs() + 999'999) / 1'000'000;
      timeout_ms = static_cast<int>(std::clamp<int64_t>(left_ms, 0, timeout_ms));
    }
    curl_multi_poll(multi_, nullptr, 0, timeout_ms, nullptr);
    curl_multi_perform(multi_, &running);
    Collect(answers);
  }

  void Wake() override { curl_multi_wakeup(multi_); }

  void CancelAll() override {
    for (auto& [handle, request] : requests_) {
      curl_multi_remove_handle(multi_, handle);
      SendResult cancelled{.outcome = SendResult::Outcome::kRetry};
      cancelled.error = "cancelled";
      unsent_.push_back({request->tag, std::move(cancelled)});
    }
    requests_.clear();
  }

 private:
  // False: it cannot be sent now.
  bool Prepare(Request* request, SendResult* failed) {
    std::string_view body = *request->payload;
    const bool json = config_.encoding == config::OtlpEncoding::kJson;
    if (json) {
      if (!WriteOtlpJson(body, &request->packed)) {
        failed->outcome = SendResult::Outcome::kBadData;
        failed->error = "cannot be written as JSON";
        return false;
      }
      body = request->packed;
    }
    const bool pack = config_.compression == "gzip" || config_.compression == "zstd";
    if (pack) {
      std::string packed = Pack(body, config_.compression);
      if (packed.empty()) {
        failed->error = "cannot be compressed: out of memory";
        return false;
      }
      request->packed = std::move(packed);
      body = request->packed;
      AddHeader(request, "Content-Encoding: " + config_.compression);
    }
    AddHeader(request, json ? "Content-Type: application/json" : "Content-Type: application/x-protobuf");
    AddHeader(request, "Expect:");  // no waiting for 100 Continue
    for (const auto& [name, value] : config_.headers) AddHeader(request, name + (value.empty() ? ";" : ": " + value));
    if (authenticator_ != nullptr) {
      const absl::StatusOr<AuthHeader> header = authenticator_->Header();
      if (!header.ok()) {
        failed->error = std::string(header.status().message());
        return false;
      }
      AddHeader(request, absl::StrCat(header->name, ": ", header->value));
    }
    request->handle = curl_easy_init();
    if (request->handle == nullptr) return false;
    SetOptions(request, body);
    return true;
  }

  static void AddHeader(Request* request, const std::string& line) {
    request->headers = curl_slist_append(request->headers, line.c_str());
  }

  void SetOptions(Request* request, std::string_view body) {
    CURL* const handle = request->handle;
    SetCommonOptions(handle, config_.url, config_.tls);
    SetProxy(handle, config_.proxy_url);
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, request->headers);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS,
                     static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(config_.timeout).count()));
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, ReadBody);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, request);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, ReadHeader);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, request);
  }

  void Collect(std::vector<TransportAnswer>* answers) {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      CURL* const handle = message->easy_handle;
      curl_multi_remove_handle(multi_, handle);
      const auto node = requests_.extract(handle);
      if (!node.empty()) answers->push_back({node.mapped()->tag, ResultOf(*node.mapped(), code)});
    }
  }

  SendResult ResultOf(const Request& request, CURLcode code) {
    long status = 0;
    curl_easy_getinfo(request.handle, CURLINFO_RESPONSE_CODE, &status);
    // An answer of which we read the beginning is an answer; one that broke off within its first bytes is none.
    if (code != CURLE_OK && !(request.cut_off && status >= 200)) {
      SendResult result{.outcome = SendResult::Outcome::kRetry};
      result.error = curl_easy_strerror(code);
      if (code == CURLE_URL_MALFORMAT) result.outcome = SendResult::Outcome::kDropped;
      return result;
    }
    if (authenticator_ != nullptr && (status == 401 || status == 403)) authenticator_->Refused();
    return ReadHttpAnswer({static_cast<int>(status), request.content_type, request.retry_after, request.body},
                          clock_.WallNs() / 1'000'000'000);
  }

  const config::OtlpHttpExporterConfig config_;
  const Clock& clock_;
  std::unique_ptr<Authenticator> authenticator_;  // immutable from Start() on
  CURLM* const multi_;                            // the loop's thread; curl_multi_wakeup() from any

  // Single-writer: the loop's thread.
  std::unordered_map<CURL*, std::unique_ptr<Request>> requests_;
  std::vector<TransportAnswer> unsent_;
};

}  // namespace

std::unique_ptr<BackendTransport> MakeHttpTransport(const config::OtlpHttpExporterConfig& config, const Clock& clock) {
  return std::make_unique<HttpTransport>(config, clock);
}

}  // namespace tailrace
