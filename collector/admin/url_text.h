// The text of a URL's query and path segments. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/admin/http_message.h"

namespace tailrace::admin {

// %XX to the byte it stands for. Nothing where a % has no two hexadecimal digits behind it.
std::optional<std::string> PercentDecode(std::string_view text);

// `a=1&b=x+y`: as browsers write a form, '+' for a space. A key that is not one of `keys` or comes twice is an error,
// in words for the client; so is a % as above.
absl::StatusOr<TextMap> ParseQuery(std::string_view query, const std::vector<std::string>& keys);

}  // namespace tailrace::admin
