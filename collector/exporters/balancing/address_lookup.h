// AddressLookup: the addresses of a name, as the system finds them (/etc/hosts, DNS, whatever nsswitch.conf says).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "config/model_basics.h"

namespace tailrace {

class AddressLookup {
 public:
  virtual ~AddressLookup() = default;
  // One at a time. IPv4 and IPv6 as text, in any order, one at least; an error where there is none, or not within
  // `timeout`.
  virtual absl::StatusOr<std::vector<std::string>> Find(const std::string& hostname, config::Duration timeout) = 0;
  // Any thread: a Find() under way, and any after it, ends at once.
  virtual void Cancel() = 0;
};

std::unique_ptr<AddressLookup> MakeSystemLookup();

}  // namespace tailrace
