#include "collector/exporters/balancing/address_lookup.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tailrace {
namespace {

using Addresses = absl::StatusOr<std::vector<std::string>>;

// As Go prints it: an IPv4 address in IPv6's clothes is an IPv4 address.
std::string TextOf(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address->sa_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text, sizeof(text));
  } else if (address->sa_family == AF_INET6) {
    const in6_addr& ip = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&ip)) {
      inet_ntop(AF_INET, &ip.s6_addr[12], text, sizeof(text));
    } else {
      inet_ntop(AF_INET6, &ip, text, sizeof(text));
    }
  }
  return text;
}

Addresses AskSystem(const std::string& hostname) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(hostname.c_str(), nullptr, &hints, &found); error != 0) {
    return absl::NotFoundError(absl::StrCat(hostname, ": ", gai_strerror(error)));
  }
  std::vector<std::string> addresses;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    if (std::string text = TextOf(at->ai_addr); !text.empty()) addresses.push_back(std::move(text));
  }
  freeaddrinfo(found);
  if (addresses.empty()) return absl::NotFoundError(absl::StrCat(hostname, ": no address"));
  return addresses;
}

// The system's function cannot be told when to give up. It runs on a thread of its own; one that is late is left to end
// by itself, and its answer is the next question's.
class SystemLookup final : public AddressLookup {
 public:
  Addresses Find(const std::string& hostname, config::Duration timeout) override {
    std::unique_lock lock(state_->mutex);
    if (!state_->asking && !state_->cancelled) {
      state_->asking = true;
      state_->answer.reset();
      std::thread([state = state_, hostname] {
        Addresses answer = AskSystem(hostname);
        std::lock_guard answered(state->mutex);
        state->answer = std::move(answer);
        state->asking = false;
        state->changed.notify_all();
      }).detach();
    }
    const bool in_time = state_->changed.wait_for(lock, timeout, [this] { return !state_->asking || state_->cancelled; });
    if (state_->cancelled) return absl::CancelledError("stopped");
    if (!in_time) return absl::DeadlineExceededError(absl::StrCat(hostname, ": no answer within the timeout"));
    return *std::move(state_->answer);
  }

  void Cancel() override {
    std::lock_guard lock(state_->mutex);
    state_->cancelled = true;
    state_->changed.notify_all();
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    bool asking = false;               // guarded by mutex
    bool cancelled = false;            // guarded by mutex
    std::optional<Addresses> answer;   // guarded by mutex
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();  // also of the thread that is late
};

}  // namespace

std::unique_ptr<AddressLookup> MakeSystemLookup() { return std::make_unique<SystemLookup>(); }

}  // namespace tailrace
