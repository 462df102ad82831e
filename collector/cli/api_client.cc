#include "collector/cli/api_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/printable.h"
#include "collector/cli/read_answers.h"
#include "collector/exporters/curl_options.h"

namespace tailrace {
namespace {

// The largest answer is one trace whole.
constexpr size_t kBodyBytesMax = 64 << 20;
constexpr size_t kWordsShown = 200;
constexpr int kPollMs = 1000;

struct Answer {
  ApiAnswer answer;
  bool cut_off = false;
};

size_t ReadBody(char* data, size_t, size_t size, void* user) {
  auto* answer = static_cast<Answer*>(user);
  answer->cut_off = answer->answer.body.size() + size > kBodyBytesMax;
  if (answer->cut_off) return 0;
  answer->answer.body.append(data, size);
  return size;
}

size_t ReadHeader(char* data, size_t, size_t size, void* user) {
  constexpr absl::string_view kVersion = "x-tailrace-version:";
  const absl::string_view line(data, size);
  if (absl::StartsWithIgnoreCase(line, kVersion)) {
    static_cast<Answer*>(user)->answer.version = std::string(absl::StripAsciiWhitespace(line.substr(kVersion.size())));
  }
  return size;
}

config::TlsClientConfig TlsOf(const ApiTarget& target) {
  config::TlsClientConfig tls;
  tls.ca_file = target.ca_file;
  tls.insecure_skip_verify = target.insecure;
  return tls;
}

std::string WithoutSlash(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

// Why there was no answer, and what to do about it.
std::string WordsFor(CURLcode code, long unix_error, const ApiTarget& target) {
  const std::string at = absl::StrCat("cannot reach ", FitPrintable(target.url, kWordsShown), ": ");
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return absl::StrCat(at, unix_error != 0 ? std::strerror(static_cast<int>(unix_error)) : "no connection",
                          ". Does Tailrace run there, with this endpoint turned on (service::tailrace::page, "
                          "health_check)? Name another one with --url");
    case CURLE_COULDNT_RESOLVE_HOST:
      return at + "no such host";
    case CURLE_OPERATION_TIMEDOUT:
      return absl::StrCat(at, "no answer within ", target.timeout.count(), " ms (--timeout)");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return absl::StrCat(at, curl_easy_strerror(code),
                          ". Name its authority with --ca-file, or take it as it is with "
                          "--insecure");
    case CURLE_GOT_NOTHING:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_HTTP2:
      return absl::StrCat(at, "what listens there does not answer HTTP. With TLS, begin --url with https://");
    default:
      return at + curl_easy_strerror(code);
  }
}

}  // namespace

struct ApiClient::Body {
  std::string content_type;
  const std::string& bytes;
};

struct ApiClient::Handles {
  CURLM* multi = curl_multi_init();
  CURL* easy = curl_easy_init();
  curl_slist* fields = nullptr;
  config::TlsClientConfig tls;
  ~Handles() {
    curl_slist_free_all(fields);
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }

  void Prepare(const ApiTarget& target, const std::string& url, Answer* answer) {
    curl_easy_reset(easy);
    SetCommonOptions(easy, url, tls);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(target.timeout.count()));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ReadBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, ReadHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, answer);
    if (!target.user.empty()) {
      curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
      curl_easy_setopt(easy, CURLOPT_USERPWD, target.user.c_str());
    } else if (!target.token.empty()) {
      curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
      curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, target.token.c_str());
    }
  }

  void AddBody(const Body& body) {
    curl_slist_free_all(fields);
    fields = curl_slist_append(nullptr, absl::StrCat("Content-Type: ", body.content_type).c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.bytes.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.bytes.data());
  }

  // Until the request is over or given up; false: given up.
  bool Run(const Interruption& interruption, CURLcode* code) {
    std::vector<curl_waitfd> others;
    for (const int fd : interruption.descriptors)
      others.push_back({.fd = fd, .events = CURL_WAIT_POLLIN, .revents = 0});
    for (int running = 1;;) {
      curl_multi_perform(multi, &running);
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        *code = message->data.result;
        return true;
      }
      curl_multi_poll(multi, others.data(), static_cast<unsigned>(others.size()), kPollMs, nullptr);
      if (interruption.asked && interruption.asked()) return false;
    }
  }
};

ApiClient::ApiClient(ApiTarget target) : target_(std::move(target)), handles_(std::make_unique<Handles>()) {
  handles_->tls = TlsOf(target_);
}

ApiClient::~ApiClient() = default;

absl::StatusOr<ApiAnswer> ApiClient::Get(const std::string& path, const Interruption& interruption) {
  return Ask(path, nullptr, interruption);
}

absl::StatusOr<ApiAnswer> ApiClient::Post(const std::string& path, const std::string& content_type,
                                          const std::string& body, const Interruption& interruption) {
  const Body posted{content_type, body};
  return Ask(path, &posted, interruption);
}

absl::StatusOr<ApiAnswer> ApiClient::Ask(const std::string& path, const Body* body, const Interruption& interruption) {
  if (handles_->multi == nullptr || handles_->easy == nullptr) return absl::InternalError("libcurl cannot be used");
  if (absl::Status status = CheckTlsFiles(handles_->tls); !status.ok()) {
    return absl::UnavailableError(absl::StrCat("--ca-file: cannot read ", target_.ca_file));
  }
  Answer answer;
  handles_->Prepare(target_, path.empty() ? target_.url : WithoutSlash(target_.url) + path, &answer);
  if (body != nullptr) handles_->AddBody(*body);
  curl_multi_add_handle(handles_->multi, handles_->easy);
  CURLcode code = CURLE_OK;
  const bool over = handles_->Run(interruption, &code);
  curl_multi_remove_handle(handles_->multi, handles_->easy);
  if (!over) return absl::CancelledError("interrupted");
  long status = 0;
  long unix_error = 0;
  curl_easy_getinfo(handles_->easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handles_->easy, CURLINFO_OS_ERRNO, &unix_error);
  if (answer.cut_off) return absl::UnavailableError(absl::StrCat(target_.url, ": the answer is too large"));
  if (code != CURLE_OK) return absl::UnavailableError(WordsFor(code, unix_error, target_));
  answer.answer.status = static_cast<int>(status);
  version_ = answer.answer.version;
  return std::move(answer.answer);
}

absl::StatusOr<std::string> ApiClient::GetJson(const std::string& path, const Interruption& interruption) {
  absl::StatusOr<ApiAnswer> answer = Get(path, interruption);
  if (!answer.ok()) return answer.status();
  if (answer->status == 200) return std::move(answer->body);
  std::string words = absl::StrCat(target_.url, " answered ", answer->status);
  if (answer->status == 401 || answer->status == 403) {
    absl::StrAppend(&words, ": credentials are needed (--user NAME:PASSWORD, --token or TAILRACE_TOKEN), or others");
  } else if (answer->version.empty()) {
    absl::StrAppend(&words, ": is this the page's endpoint of Tailrace (service::tailrace::page)?");
  } else if (const std::string said = ReadError(answer->body); !said.empty()) {
    absl::StrAppend(&words, ": ", FitPrintable(said, kWordsShown));
  }
  return answer->status == 404 && !answer->version.empty() ? absl::NotFoundError(words) : absl::UnavailableError(words);
}

std::string UrlEscape(const std::string& text) {
  char* escaped = curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size()));
  std::string out = escaped == nullptr ? "" : escaped;
  curl_free(escaped);
  return out;
}

}  // namespace tailrace
