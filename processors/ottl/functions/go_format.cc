#include "processors/ottl/functions/go_format.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "processors/ottl/functions/go_values.h"
#include "processors/ottl/functions/go_verbs.h"
#include "processors/ottl/functions/utf8.h"

namespace tailrace::ottl {
namespace {

// Longer text would not have a place in the arena: it breaks off.
constexpr size_t kTextMax = size_t{64} << 20;

// Bytes and what they are to the verbs that are not of text: a list of small numbers.
void AppendByteNumbers(const Verb& verb, std::string_view bytes, std::string* text) {
  text->push_back('[');
  for (size_t i = 0; i < bytes.size() && text->size() < kTextMax; ++i) {
    if (i > 0) text->push_back(' ');
    const auto number = static_cast<unsigned char>(bytes[i]);
    if (verb.IsOneOf("cqU")) {
      AppendRuneOf(verb, number, text);
    } else if (verb.IsOneOf("vdboOxX")) {
      AppendInteger(verb, number, text);
    } else {
      text->append("%!");
      AppendRune(verb.letter, text);
      absl::StrAppend(text, "(uint8=", static_cast<unsigned>(number), ")");
    }
  }
  text->push_back(']');
}

// Bytes are text to the verbs of text only, ids to all but %d.
void AppendBytes(const Verb& verb, const Value& value, std::string* text) {
  const bool id = !value.is(Kind::kBytes);
  if (id && verb.letter != 'd') {
    const bool none = value.view().find_first_not_of('\0') == std::string_view::npos;
    return AppendText(verb, none ? std::string() : absl::BytesToHexString({value.text, value.size}), text);
  }
  if (verb.IsOneOf("sqxX")) return AppendText(verb, value.view(), text);
  AppendByteNumbers(verb, value.view(), text);
}

// %!d(string=hi)
void AppendBad(const Verb& verb, const Value& value, std::string* text) {
  text->append("%!");
  AppendRune(verb.letter, text);
  if (value.is(Kind::kNil)) {
    text->append("(<nil>)");
    return;
  }
  absl::StrAppend(text, "(", GoTypeName(value), "=");
  AppendGoValue(value, text);
  text->append(")");
}

void AppendValue(const Verb& verb, const Value& value, std::string* text);

// %+v is %v; %#v has text in quotes.
void AppendDetailed(Verb verb, const Value& value, std::string* text) {
  const bool quoted = verb.sharp && value.is(Kind::kString);
  verb.plus = false;
  verb.sharp = false;
  if (quoted) verb.letter = 'q';
  AppendValue(verb, value, text);
}

void AppendList(const Verb& verb, const List& list, std::string* text) {
  text->push_back('[');
  for (uint32_t i = 0; i < list.size && text->size() < kTextMax; ++i) {
    if (i > 0) text->push_back(' ');
    AppendValue(verb, list.items[i], text);
  }
  text->push_back(']');
}

void AppendMap(const Verb& verb, const Map& map, std::string* text) {
  std::vector<const MapEntry*> entries;
  for (uint32_t i = 0; i < map.size; ++i) entries.push_back(&map.entries[i]);
  std::stable_sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
  text->append("map[");
  for (size_t i = 0; i < entries.size() && text->size() < kTextMax; ++i) {
    if (i > 0) text->push_back(' ');
    AppendText(verb, entries[i]->key, text);
    text->push_back(':');
    AppendValue(verb, entries[i]->value, text);
  }
  text->push_back(']');
}

void AppendScalar(const Verb& verb, const Value& value, std::string* text) {
  switch (value.kind) {
    case Kind::kBool:
      if (!verb.IsOneOf("tv")) return AppendBad(verb, value, text);
      return Pad(verb, value.boolean ? "true" : "false", text);
    case Kind::kInt:
    case Kind::kGoInt:
    case Kind::kDuration:
      if (value.is(Kind::kDuration) && verb.IsOneOf("vsxXq")) {
        return AppendText(verb, GoDuration(value.integer), text);
      }
      if (verb.IsOneOf("cqU")) return AppendRuneOf(verb, value.integer, text);
      if (!verb.IsOneOf("vdboOxX")) return AppendBad(verb, value, text);
      return AppendInteger(verb, value.integer, text);
    case Kind::kDouble:
      if (!verb.IsOneOf("vfFeEgG")) return AppendBad(verb, value, text);
      return AppendFloat(verb, value.number, text);
    case Kind::kString:
      if (!verb.IsOneOf("vsxXq")) return AppendBad(verb, value, text);
      return AppendText(verb, value.view(), text);
    case Kind::kBytes:
    case Kind::kTraceId:
    case Kind::kSpanId:
      return AppendBytes(verb, value, text);
    case Kind::kTime:
      if (!verb.IsOneOf("vsxXq")) return AppendBad(verb, value, text);
      return AppendText(verb, GoTime(*value.time), text);
    default:
      return Pad(verb, "{}", text);
  }
}

void AppendValue(const Verb& verb, const Value& value, std::string* text) {
  if (verb.letter == 'v' && (verb.plus || verb.sharp)) return AppendDetailed(verb, value, text);
  if (verb.letter == 'T') return AppendText({.width = verb.width}, GoTypeName(value), text);
  switch (value.kind) {
    case Kind::kNil:
      return verb.letter == 'v' ? Pad(verb, "<nil>", text) : AppendBad(verb, value, text);
    case Kind::kList:
      return AppendList(verb, *value.list, text);
    case Kind::kMap:
      return AppendMap(verb, *value.map, text);
    default:
      return AppendScalar(verb, value, text);
  }
}

// One verb after the other; `next_` counts the arguments.
class Formatter {
 public:
  Formatter(std::string_view format, std::span<const Value> values) : rest_(format), values_(values) {}

  std::string Run() {
    while (!rest_.empty() && text_.size() < kTextMax) {
      const size_t plain = std::min(rest_.find('%'), rest_.size());
      text_.append(rest_.substr(0, plain));
      rest_.remove_prefix(plain);
      if (rest_.empty()) break;
      rest_.remove_prefix(1);
      FormatOne();
    }
    if (!reordered_ && next_ < values_.size()) AppendExtra();
    return std::move(text_);
  }

 private:
  void FormatOne() {
    Verb verb;
    good_index_ = true;
    ReadFlags(&verb);
    bool after_index = ReadIndex();
    ReadNumber(&verb.width, &after_index, "%!(BADWIDTH)");
    if (verb.width.value_or(0) < 0) {
      verb.minus = true;
      verb.zero = false;
      verb.width = -*verb.width;
    }
    if (rest_.starts_with('.')) {
      rest_.remove_prefix(1);
      if (after_index) good_index_ = false;
      after_index = ReadIndex();
      ReadNumber(&verb.precision, &after_index, "%!(BADPREC)");
      if (!verb.precision.has_value()) verb.precision = 0;
      if (*verb.precision < 0) {
        text_.append("%!(BADPREC)");
        verb.precision.reset();
      }
    }
    if (!after_index) ReadIndex();
    if (rest_.empty()) {
      text_.append("%!(NOVERB)");
      return;
    }
    const Rune rune = DecodeRune(rest_);
    rest_.remove_prefix(rune.size);
    verb.letter = rune.code;
    if (verb.letter == '%') {
      text_.push_back('%');
    } else if (!good_index_ || next_ >= values_.size()) {
      text_.append("%!");
      AppendRune(verb.letter, &text_);
      text_.append(good_index_ ? "(MISSING)" : "(BADINDEX)");
    } else {
      AppendValue(verb, values_[next_++], &text_);
    }
  }

  void ReadFlags(Verb* verb) {
    for (; !rest_.empty(); rest_.remove_prefix(1)) {
      switch (rest_[0]) {
        case '#':
          verb->sharp = true;
          break;
        case '0':
          verb->zero = true;
          break;
        case '+':
          verb->plus = true;
          break;
        case '-':
          verb->minus = true;
          break;
        case ' ':
          verb->space = true;
          break;
        default:
          return;
      }
    }
  }

  // `[2]`: the next argument is the second.
  bool ReadIndex() {
    if (!rest_.starts_with('[')) return false;
    reordered_ = true;
    const size_t end = rest_.find(']');
    size_t index = 0;
    const bool read = end != std::string_view::npos &&
                      std::from_chars(rest_.data() + 1, rest_.data() + end, index).ptr == rest_.data() + end;
    rest_.remove_prefix(end == std::string_view::npos ? 1 : end + 1);
    if (!read || index < 1 || index > values_.size()) {
      good_index_ = false;
    } else {
      next_ = index - 1;
    }
    return true;
  }

  // Digits, or `*`: from an argument.
  void ReadNumber(std::optional<int>* number, bool* after_index, const char* bad) {
    if (rest_.starts_with('*')) {
      rest_.remove_prefix(1);
      const bool fits = next_ < values_.size() && values_[next_].is(Kind::kInt) &&
                        std::abs(static_cast<double>(values_[next_].integer)) <= Verb::kSizeMax;
      if (next_ < values_.size()) ++next_;
      if (fits) *number = static_cast<int>(values_[next_ - 1].integer);
      if (!fits) text_.append(bad);
      *after_index = false;
      return;
    }
    int read = 0;
    size_t digits = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      read = std::min(read * 10 + (rest_[digits] - '0'), Verb::kSizeMax);
    }
    rest_.remove_prefix(digits);
    if (digits == 0) return;
    *number = read;
    if (*after_index) good_index_ = false;
  }

  void AppendExtra() {
    text_.append("%!(EXTRA ");
    for (size_t i = next_; i < values_.size(); ++i) {
      if (i > next_) text_.append(", ");
      if (values_[i].is(Kind::kNil)) {
        text_.append("<nil>");
        continue;
      }
      absl::StrAppend(&text_, GoTypeName(values_[i]), "=");
      AppendGoValue(values_[i], &text_);
    }
    text_.push_back(')');
  }

  std::string_view rest_;
  std::span<const Value> values_;
  std::string text_;
  size_t next_ = 0;
  bool reordered_ = false;
  bool good_index_ = true;
};

}  // namespace

std::string GoFormat(std::string_view format, std::span<const Value> values) { return Formatter(format, values).Run(); }

void AppendGoValue(const Value& value, std::string* text) { AppendValue({.letter = 'v'}, value, text); }

}  // namespace tailrace::ottl
