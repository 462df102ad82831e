#include "collector/cli/url_addresses.h"

#include <curl/curl.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/printable.h"

namespace tailrace {
namespace {

constexpr size_t kWordsShown = 200;

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string out = text;
  curl_free(text);
  return out;
}

// "[::1]" without its brackets, as the resolver takes it.
std::string WithoutBrackets(std::string host) {
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  return host;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> UrlsOfAddresses(const std::string& url) {
  if (absl::StartsWith(url, "https:")) return std::vector<std::string>{url};
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  if (parsed == nullptr || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    return absl::InvalidArgumentError(absl::StrCat(FitPrintable(url, kWordsShown), " is no URL"));
  }
  const std::string host = WithoutBrackets(Part(parsed.get(), CURLUPART_HOST));
  const addrinfo hints{.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(host.c_str(), nullptr, &hints, &found); code != 0) {
    return absl::UnavailableError(absl::StrCat(FitPrintable(host, kWordsShown), ": ", gai_strerror(code)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, freeaddrinfo);
  std::vector<std::string> urls;
  for (const addrinfo* each = list.get(); each != nullptr; each = each->ai_next) {
    char address[NI_MAXHOST];
    if (getnameinfo(each->ai_addr, each->ai_addrlen, address, sizeof(address), nullptr, 0, NI_NUMERICHOST) != 0)
      continue;
    const bool v6 = each->ai_family == AF_INET6;
    std::string made =
        absl::StrCat("http://", v6 ? "[" : "", address, v6 ? "]" : "", ":", Part(parsed.get(), CURLUPART_PORT));
    if (std::find(urls.begin(), urls.end(), made) == urls.end()) urls.push_back(std::move(made));
  }
  return urls;
}

}  // namespace tailrace
