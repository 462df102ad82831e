#include "processors/ottl/functions/go_regex.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "processors/ottl/functions/utf8.h"

namespace tailrace::ottl {
namespace {

// How many bytes of `rest`, which begins with '[', belong to the class's opening: a ']' that comes first is a member.
size_t ClassOpening(std::string_view rest) {
  const size_t first = rest.starts_with("[^") ? 2 : 1;
  return first < rest.size() && rest[first] == ']' ? first + 1 : first;
}

bool IsGroupName(std::string_view name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return absl::ascii_isalnum(c) || c == '_'; });
}

// What Go reads otherwise than this RE2: `(?<name>` is `(?P<name>`, names are ASCII, `\C` is none of its escapes.
// Within a class, after a backslash and between \Q and \E there are no groups. False: Go refuses it.
bool ToRe2(std::string_view pattern, std::string* rewritten) {
  bool in_class = false;
  for (std::string_view rest = pattern; !rest.empty();) {
    size_t size = 1;
    if (rest.starts_with("\\Q") && !in_class) {
      const size_t end = rest.find("\\E", 2);
      size = end == std::string_view::npos ? rest.size() : end + 2;
    } else if (rest.starts_with("\\C")) {
      return false;
    } else if (rest[0] == '\\') {
      size = std::min<size_t>(rest.size(), 2);
    } else if (in_class) {
      in_class = rest[0] != ']';
      // A class of classes: [[:alpha:]]
      if (rest.starts_with("[:")) {
        const size_t end = rest.find(":]");
        if (end != std::string_view::npos) size = end + 2;
      }
    } else if (rest[0] == '[') {
      in_class = true;
      size = ClassOpening(rest);
    } else if (rest.starts_with("(?<") || rest.starts_with("(?P<")) {
      const size_t open = rest.find('<') + 1;
      const size_t close = rest.find('>');
      if (close == std::string_view::npos || !IsGroupName(rest.substr(open, close - open))) return false;
      rewritten->append("(?P<");
      rest.remove_prefix(open);
      continue;
    }
    rewritten->append(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return true;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const re2::RE2>> CompileRegex(std::string_view pattern) {
  // Go's programs are not bounded by memory but by their repetitions, which RE2 bounds alike.
  constexpr int64_t kMemoryMax = int64_t{64} << 20;
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemoryMax);
  const auto refusal = [pattern](std::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("\"", std::string(pattern.substr(0, 100)),
                                                   "\" is not a valid regular expression: ", std::string(why)));
  };
  std::string rewritten;
  if (!ToRe2(pattern, &rewritten)) return refusal("bad name of a group, or an escape that there is not");
  auto compiled = std::make_shared<const RE2>(rewritten, options);
  if (!compiled->ok()) return refusal(compiled->error());
  return compiled;
}

std::optional<std::string> WithoutBrokenUtf8(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const Rune rune = DecodeRune(text.substr(at));
    if (rune.code == 0xFFFD && rune.size == 1) break;
    at += rune.size;
  }
  if (at == text.size()) return {};
  std::string clean(text.substr(0, at));
  while (at < text.size()) {
    const Rune rune = DecodeRune(text.substr(at));
    AppendRune(rune.code, &clean);
    at += rune.size;
  }
  return clean;
}

absl::StatusOr<std::unique_ptr<CallRegex>> CallRegex::Make(std::unique_ptr<Expression> pattern) {
  auto made = std::make_unique<CallRegex>();
  if (const Value* literal = pattern->constant(); literal != nullptr) {
    auto compiled = CompileRegex(literal->view());
    if (!compiled.ok()) return compiled.status();
    made->compiled_ = *std::move(compiled);
    made->is_literal_ = true;
  }
  made->pattern_ = std::move(pattern);
  return made;
}

std::shared_ptr<const re2::RE2> CallRegex::Get(Evaluation* evaluation) const {
  if (is_literal_) return compiled_;
  std::string_view pattern;
  if (!GetString(*pattern_, evaluation, &pattern)) return nullptr;
  if (compiled_ != nullptr && pattern == last_pattern_) return compiled_;
  auto compiled = CompileRegex(pattern);
  if (!compiled.ok()) {
    evaluation->Fail({compiled.status().message().data(), compiled.status().message().size()});
    return nullptr;
  }
  last_pattern_.assign(pattern);
  compiled_ = *std::move(compiled);
  return compiled_;
}

}  // namespace tailrace::ottl
