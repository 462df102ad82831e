// ParseJSON: text as a map or list of attributes, as the Collector's decoder reads it: every number is a float, of a
// key that comes twice the last counts; numbers may begin with zeros, texts hold any bytes but NUL, which ends
// everything.
// Null is a key, the empty one. Keys stand in the order in which they first come; the Collector's order is random.
//
// A bomb costs what its text is long: nesting is bounded (below Go's 10000), memory by the arena.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "processors/ottl/functions/key_index.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"
#include "processors/ottl/functions/utf8.h"
#include "processors/ottl/go_numbers.h"

namespace tailrace::ottl {
namespace {

constexpr int kDepthMax = 1000;
// Of one list or map: more would not fit into the arena anyway.
constexpr size_t kItemsMax = Arena::kDefaultBytesMax / sizeof(MapEntry);

class JsonParser {
 public:
  JsonParser(std::string_view text, Evaluation* evaluation) : rest_(text), evaluation_(evaluation) {}

  bool Parse(Value* result) {
    SkipSpace();
    if (!ParseValue(0, result)) return false;
    SkipSpace();
    return rest_.empty() || rest_[0] == '\0' || Fail("something follows the value");
  }

 private:
  bool Fail(std::string_view why) { return evaluation_->Fail("ParseJSON: " + std::string(why)); }

  void SkipSpace() {
    const size_t at = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
  }
  bool Skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool SkipWord(std::string_view word) {
    if (!rest_.starts_with(word)) return Fail("an invalid value");
    rest_.remove_prefix(word.size());
    return true;
  }

  bool ParseValue(int depth, Value* result) {
    if (rest_.empty()) return Fail("the text ends too early");
    if (depth > kDepthMax) return Fail("nested too deep");
    switch (rest_[0]) {
      case '{':
        return ParseMap(depth, result);
      case '[':
        return ParseList(depth, result);
      case '"': {
        std::string_view text;
        return ParseString(&text) && SetValue(Value::String(text), result);
      }
      case 't':
        return SkipWord("true") && SetValue(Value::Bool(true), result);
      case 'f':
        return SkipWord("false") && SetValue(Value::Bool(false), result);
      case 'n':
        return SkipWord("null") && SetValue(Value::Nil(), result);
      default:
        return ParseNumber(result);
    }
  }

  bool ParseList(int depth, Value* result) {
    std::vector<Value> items;
    Skip('[');
    SkipSpace();
    if (!Skip(']')) {
      do {
        SkipSpace();
        if (items.size() == kItemsMax) return FailMemory(evaluation_);
        if (!ParseValue(depth + 1, &items.emplace_back())) return false;
        SkipSpace();
      } while (Skip(','));
      if (!Skip(']')) return Fail("a list is not ended");
    }
    Value* made = NewItems(items.size(), ListType::kPdata, evaluation_, result);
    if (made == nullptr) return false;
    std::copy(items.begin(), items.end(), made);
    return true;
  }

  bool ParseMap(int depth, Value* result) {
    std::vector<MapEntry> entries;
    KeyIndex places;
    Skip('{');
    SkipSpace();
    if (!Skip('}')) {
      do {
        SkipSpace();
        MapEntry entry;
        if (!ParseKey(&entry.key)) return false;
        SkipSpace();
        if (!Skip(':')) return Fail("a colon is expected");
        SkipSpace();
        if (!ParseValue(depth + 1, &entry.value)) return false;
        SkipSpace();
        const uint32_t at = places.Place(entry.key, static_cast<uint32_t>(entries.size()));
        if (at == kItemsMax) return FailMemory(evaluation_);
        if (at == entries.size()) entries.emplace_back();
        entries[at] = entry;
      } while (Skip(','));
      if (!Skip('}')) return Fail("a map is not ended");
    }
    MapEntry* made = NewEntries(entries.size(), true, evaluation_, result);
    if (made == nullptr) return false;
    std::copy(entries.begin(), entries.end(), made);
    return true;
  }

  // Any digits, signs, points and exponents that Go's ParseFloat takes, from a digit or minus on: leading zeros too.
  bool ParseNumber(Value* result) {
    if (rest_[0] != '-' && (rest_[0] < '0' || rest_[0] > '9')) return Fail("an invalid value");
    const size_t end = std::min(rest_.find_first_not_of("0123456789.+-eE"), rest_.size());
    const std::optional<double> number = ParseFloat(rest_.substr(0, end));
    if (!number.has_value()) return Fail("an invalid number");
    rest_.remove_prefix(end);
    return SetValue(Value::Double(*number), result);
  }

  bool ParseKey(std::string_view* key) {
    *key = "";
    if (rest_.starts_with('n')) return SkipWord("null");
    return rest_.starts_with('"') ? ParseString(key) : Fail("a key is expected");
  }

  bool ParseString(std::string_view* text) {
    Skip('"');
    // Most are plain: then the text is where it stands.
    size_t end = 0;
    while (end < rest_.size() && rest_[end] != '"' && rest_[end] != '\\' && rest_[end] != '\0') ++end;
    if (end < rest_.size() && rest_[end] == '"') {
      *text = rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
      return true;
    }
    std::string made(rest_.substr(0, end));
    rest_.remove_prefix(end);
    while (!Skip('"')) {
      if (rest_.empty() || rest_[0] == '\0') return Fail("a text is not ended");
      if (Skip('\\')) {
        if (!ParseEscape(&made)) return false;
        continue;
      }
      made.push_back(rest_[0]);
      rest_.remove_prefix(1);
    }
    *text = evaluation_->arena.Copy(made);
    return text->data() != nullptr || FailMemory(evaluation_);
  }

  bool ParseEscape(std::string* made) {
    static constexpr std::string_view kLetters = "\"\\/bfnrt";
    static constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    if (rest_.empty()) return Fail("a text is not ended");
    const size_t known = kLetters.find(rest_[0]);
    if (known != std::string_view::npos) {
      made->push_back(kMeant[known]);
      rest_.remove_prefix(1);
      return true;
    }
    uint32_t code = 0;
    if (!ParseHex(&code)) return Fail("an invalid escape");
    // Halves that do not belong together become U+FFFD each.
    uint32_t low = 0;
    const std::string_view before = rest_;
    if (code >= 0xD800 && code < 0xDC00 && Skip('\\') && ParseHex(&low) && low >= 0xDC00 && low < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else {
      rest_ = before;
    }
    AppendRune(code, made);
    return true;
  }

  // u and four digits
  bool ParseHex(uint32_t* code) {
    if (rest_.size() < 5 || rest_[0] != 'u') return false;
    *code = 0;
    for (const char c : rest_.substr(1, 4)) {
      if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return false;
      const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
      *code = *code << 4 | static_cast<uint32_t>(lower >= 'a' ? lower - 'a' + 10 : lower - '0');
    }
    rest_.remove_prefix(5);
    return true;
  }

  std::string_view rest_;
  Evaluation* const evaluation_;
};

Made MakeParseJson(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    std::string_view text;
    if (!GetString(*target, evaluation, &text) || !JsonParser(text, evaluation).Parse(result)) return false;
    if (result->is(Kind::kMap) || result->is(Kind::kList)) return true;
    return evaluation->Fail("ParseJSON: neither a map nor a list");
  });
}

}  // namespace

void AddJsonFunctions(std::vector<Function>* all) {
  all->push_back({"ParseJSON", {{"target", ParameterType::kString}}, MakeParseJson});
}

}  // namespace tailrace::ottl
