#include "processors/policies/pattern_list.h"

#include <re2/re2.h>

#include "absl/strings/str_cat.h"
#include "base/hash.h"

namespace tailrace {
namespace {

const char* GoWords(re2::RE2::ErrorCode code) {
  switch (code) {
    case re2::RE2::ErrorBadEscape:
      return "invalid escape sequence";
    case re2::RE2::ErrorBadCharClass:
      return "invalid character class";
    case re2::RE2::ErrorBadCharRange:
      return "invalid character class range";
    case re2::RE2::ErrorMissingBracket:
      return "missing closing ]";
    case re2::RE2::ErrorMissingParen:
      return "missing closing )";
    case re2::RE2::ErrorUnexpectedParen:
      return "unexpected )";
    case re2::RE2::ErrorTrailingBackslash:
      return "trailing backslash at end of expression";
    case re2::RE2::ErrorRepeatArgument:
      return "missing argument to repetition operator";
    case re2::RE2::ErrorRepeatSize:
      return "invalid repeat count";
    case re2::RE2::ErrorRepeatOp:
      return "invalid nested repetition operator";
    case re2::RE2::ErrorBadPerlOp:
      return "invalid or unsupported Perl syntax";
    case re2::RE2::ErrorBadUTF8:
      return "invalid UTF-8";
    case re2::RE2::ErrorBadNamedCapture:
      return "invalid named capture";
    case re2::RE2::ErrorPatternTooLarge:
      return "expression too large";
    default:
      return "internal error";
  }
}

// Bytes of the UTF-8 character at the front of `text`; 0: it is none.
size_t CharacterSize(std::string_view text) {
  const auto byte = [text](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : 0U; };
  const auto follows = [&byte](size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const uint32_t first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) > 0x9F;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool too_large = first == 0xF4 && byte(1) > 0x8F;
    return follows(1) && follows(2) && follows(3) && !overlong && !too_large ? 4 : 0;
  }
  return 0;
}

// Go reads each byte that is no UTF-8 as U+FFFD, which `.` matches; RE2 finds nothing across such a byte. True where
// there was one, with the text as Go reads it in `repaired`.
bool RepairUtf8(std::string_view text, std::string* repaired) {
  size_t valid = 0;
  while (valid < text.size()) {
    const size_t size = CharacterSize(text.substr(valid));
    if (size == 0) break;
    valid += size;
  }
  if (valid == text.size()) return false;
  repaired->assign(text.substr(0, valid));
  for (size_t i = valid; i < text.size();) {
    const size_t size = CharacterSize(text.substr(i));
    if (size == 0) {
      repaired->append("\xEF\xBF\xBD");
      ++i;
    } else {
      repaired->append(text.substr(i, size));
      i += size;
    }
  }
  return true;
}

}  // namespace

PatternList::PatternList(uint32_t cache_size) : cache_(cache_size == 0 ? kDefaultCacheSize : cache_size) {}
PatternList::~PatternList() = default;

absl::Status PatternList::Add(const std::string& pattern) {
  re2::RE2::Options options(re2::RE2::Quiet);
  auto compiled = std::make_unique<re2::RE2>(pattern, options);
  if (!compiled->ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("error parsing regexp: ", GoWords(compiled->error_code()), ": `", compiled->error_arg(), "`"));
  }
  patterns_.push_back(std::move(compiled));
  return absl::OkStatus();
}

bool PatternList::Find(std::string_view text) const {
  std::string repaired;
  if (RepairUtf8(text, &repaired)) text = repaired;
  const re2::StringPiece piece(text.data(), text.size());
  for (const std::unique_ptr<re2::RE2>& pattern : patterns_) {
    if (re2::RE2::PartialMatch(piece, *pattern)) return true;
  }
  return false;
}

bool PatternList::Matches(std::string_view text) {
  if (text.size() > kCachedTextMax) return Find(text);
  Cached& cached = cache_[HashBytes(text, 0) % cache_.size()];
  if (cached.used && cached.text == text) {
    ++cache_hits_;
    return cached.matches;
  }
  cached.matches = Find(text);
  cached.text.assign(text);
  cached.used = true;
  return cached.matches;
}

}  // namespace tailrace
