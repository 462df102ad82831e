#include "config/did_you_mean.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace tailrace::config {
namespace {

// Levenshtein's distance, or anything above `limit` where it is above. Words longer than any key are far from
// everything.
size_t EditDistance(absl::string_view a, absl::string_view b, size_t limit) {
  constexpr size_t kLongest = 64;
  const size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (a.size() > kLongest || b.size() > kLongest || difference > limit) return limit + 1;
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t swap = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, swap});
    }
    if (*std::min_element(row.begin(), row.end()) > limit) return limit + 1;
  }
  return row.back();
}

}  // namespace

std::string DidYouMean(absl::string_view word, const std::vector<std::string>& candidates) {
  const std::string lower = absl::AsciiStrToLower(word);
  size_t nearest = std::min<size_t>(lower.size() / 3 + 1, 5);  // a third of the letters may be wrong, and one more
  const std::string* best = nullptr;
  constexpr size_t kCandidatesMax = 100;
  for (size_t i = 0; i < candidates.size() && i < kCandidatesMax; ++i) {
    const std::string& candidate = candidates[i];
    const size_t distance = EditDistance(lower, absl::AsciiStrToLower(candidate), nearest);
    if (candidate.size() > distance && (distance < nearest || (best == nullptr && distance == nearest))) {
      nearest = distance;
      best = &candidate;
    }
  }
  return best == nullptr ? std::string() : absl::StrCat("; did you mean \"", *best, "\"?");
}

}  // namespace tailrace::config
