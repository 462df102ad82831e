// A URL whose host is a name, as URLs of all the addresses that the name has: a headless Service of Kubernetes stands
// for all of its pods. Asks the system's resolver, and waits for it. Any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace tailrace {

// In the resolver's order, each once. A URL with https stays as it is: certificates are for names. Unavailable, in
// words, where the name has no address; InvalidArgument where the text is no URL.
absl::StatusOr<std::vector<std::string>> UrlsOfAddresses(const std::string& url);

}  // namespace tailrace
