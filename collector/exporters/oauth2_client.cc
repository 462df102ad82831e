#include "collector/exporters/oauth2_client.h"

#include <curl/curl.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/thread_name.h"
#include "collector/exporters/curl_options.h"
#include "collector/exporters/watched_file.h"

namespace tailrace {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr size_t kAnswerBytesMax = 64 << 10;
constexpr auto kTimeout = std::chrono::seconds(30);
constexpr auto kPauseMin = std::chrono::seconds(1);
constexpr auto kPauseMax = std::chrono::seconds(30);
// Of a token that says nothing about its end.
constexpr auto kLifetime = std::chrono::hours(1);

size_t ReadAnswer(char* data, size_t, size_t size, void* user) {
  auto* answer = static_cast<std::string*>(user);
  if (answer->size() + size > kAnswerBytesMax) return 0;
  answer->append(data, size);
  return size;
}

struct Token {
  std::string text;
  SteadyClock::time_point renew;
};

class OAuth2Client final : public Authenticator {
 public:
  explicit OAuth2Client(const config::OAuth2Config& config)
      : config_(config), id_file_(config.client_id_file), secret_file_(config.client_secret_file) {
    thread_ = std::thread([this] { Run(); });
  }

  ~OAuth2Client() override {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  absl::StatusOr<AuthHeader> Header() override {
    std::lock_guard lock(mutex_);
    if (token_.text.empty()) {
      return absl::UnavailableError(absl::StrCat("oauth2client: no token yet", error_.empty() ? "" : ": ", error_));
    }
    return AuthHeader{"authorization", absl::StrCat("Bearer ", token_.text)};
  }

  void Refused() override {
    {
      std::lock_guard lock(mutex_);
      refused_ = true;
    }
    wake_.notify_one();
  }

 private:
  void Run() {
    NameThisThread("oauth2");
    auto pause = std::chrono::duration_cast<SteadyClock::duration>(kPauseMin);
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      absl::StatusOr<Token> token = Fetch();
      lock.lock();
      if (token.ok()) {
        token_ = *std::move(token);
        error_.clear();
        refused_ = false;
        pause = kPauseMin;
        wake_.wait_until(lock, token_.renew, [this] { return stopping_ || refused_; });
        // A backend that refuses a fresh token shall not make us fetch without end.
        if (refused_) wake_.wait_for(lock, kPauseMin, [this] { return stopping_; });
        continue;
      }
      error_ = std::string(token.status().message());
      wake_.wait_for(lock, pause, [this] { return stopping_; });
      pause = std::min<SteadyClock::duration>(pause * 2, kPauseMax);
    }
  }

  absl::StatusOr<std::string> Form() {
    std::string form = "grant_type=client_credentials";
    const auto add = [&form](const char* key, const std::string& value) {
      char* escaped = curl_easy_escape(nullptr, value.data(), static_cast<int>(value.size()));
      absl::StrAppend(&form, "&", key, "=", escaped);
      curl_free(escaped);
    };
    auto id = config_.client_id_file.empty() ? absl::StatusOr<std::string>(config_.client_id) : id_file_.Get();
    if (!id.ok()) return id.status();
    auto secret =
        config_.client_secret_file.empty() ? absl::StatusOr<std::string>(config_.client_secret) : secret_file_.Get();
    if (!secret.ok()) return secret.status();
    add("client_id", *id);
    add("client_secret", *secret);
    if (!config_.scopes.empty()) add("scope", absl::StrJoin(config_.scopes, " "));
    return form;
  }

  absl::StatusOr<Token> Fetch() {
    absl::StatusOr<std::string> form = Form();
    if (!form.ok()) return form.status();
    std::string answer;
    CURL* const handle = curl_easy_init();
    SetCommonOptions(handle, config_.token_url, config_.tls);
    const auto timeout = config_.timeout.count() > 0 ? config_.timeout : config::Duration(kTimeout);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS,
                     static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(timeout).count()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, form->data());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(form->size()));
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, ReadAnswer);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
    const CURLcode code = curl_easy_perform(handle);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(handle);
    if (code != CURLE_OK) return absl::UnavailableError(curl_easy_strerror(code));
    if (status != 200) return absl::UnavailableError(absl::StrCat("the token URL answered HTTP ", status));
    return ReadToken(answer);
  }

  absl::StatusOr<Token> ReadToken(const std::string& answer) const {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    std::string_view text;
    if (parser.parse(answer).get(root) != simdjson::SUCCESS || root["access_token"].get(text) != simdjson::SUCCESS ||
        text.empty()) {
      return absl::UnavailableError("the token URL's answer holds no access_token");
    }
    int64_t seconds = 0;
    SteadyClock::duration lifetime = kLifetime;
    if (root["expires_in"].get(seconds) == simdjson::SUCCESS) {
      lifetime = std::chrono::seconds(std::clamp<int64_t>(seconds, 0, 365 * 24 * 3600));
    }
    // A token that lives shorter than the buffer is renewed at half its time.
    const SteadyClock::duration buffer = std::min<SteadyClock::duration>(config_.expiry_buffer, lifetime / 2);
    return Token{std::string(text), SteadyClock::now() + std::max<SteadyClock::duration>(lifetime - buffer, kPauseMin)};
  }

  const config::OAuth2Config config_;
  WatchedFile id_file_;
  WatchedFile secret_file_;

  std::mutex mutex_;
  std::condition_variable wake_;
  Token token_;           // guarded by mutex_
  std::string error_;     // guarded by mutex_
  bool refused_ = false;  // guarded by mutex_
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Authenticator>> MakeOAuth2Client(const config::OAuth2Config& config) {
  if (absl::Status status = CheckTlsFiles(config.tls); !status.ok()) return status;
  return std::make_unique<OAuth2Client>(config);
}

}  // namespace tailrace
