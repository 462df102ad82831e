#include "collector/admin/url_text.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace tailrace::admin {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> FormDecode(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return PercentDecode(spaced);
}

}  // namespace

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = HexValue(text[i + 1]);
    const int low = HexValue(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return decoded;
}

absl::StatusOr<TextMap> ParseQuery(std::string_view query, const std::vector<std::string>& keys) {
  TextMap parameters;
  while (!query.empty()) {
    const std::string_view piece = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(piece.size() + 1, query.size()));
    if (piece.empty()) continue;
    const size_t equals = std::min(piece.find('='), piece.size());
    std::optional<std::string> key = FormDecode(piece.substr(0, equals));
    std::optional<std::string> value = FormDecode(piece.substr(std::min(equals + 1, piece.size())));
    if (!key.has_value() || !value.has_value()) {
      return absl::InvalidArgumentError("the query has a % that two hexadecimal digits do not follow");
    }
    if (std::find(keys.begin(), keys.end(), *key) == keys.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("unknown parameter '", key->substr(0, 80), "'; ",
                       keys.empty() ? std::string("there are none here") : "there are: " + absl::StrJoin(keys, ", ")));
    }
    if (!parameters.emplace(*std::move(key), *std::move(value)).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("the parameter in '", std::string(piece.substr(0, 80)), "' comes twice"));
    }
  }
  return parameters;
}

}  // namespace tailrace::admin
