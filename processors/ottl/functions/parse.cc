// Text to numbers in any base, and levels of severity by a mapping.
#include <limits>
#include <string>
#include <vector>

#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {
namespace {

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

// With base 0 the prefix says it: 0b, 0o, 0, 0x.
int64_t TakeBase(std::string_view* digits) {
  if (!digits->starts_with('0') || digits->size() == 1) return 10;
  const char letter = digits->size() > 2 ? (*digits)[1] : '\0';
  const int64_t base = letter == 'x' || letter == 'X'   ? 16
                       : letter == 'b' || letter == 'B' ? 2
                       : letter == 'o' || letter == 'O' ? 8
                                                        : 0;
  digits->remove_prefix(base == 0 ? 1 : 2);
  return base == 0 ? 8 : base;
}

// Underscores between digits, or after the prefix; only with base 0.
bool TakeUnderscores(bool prefixed, std::string_view digits, std::string* plain) {
  bool may_follow = prefixed;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] != '_') {
      plain->push_back(digits[i]);
      may_follow = true;
      continue;
    }
    if (!may_follow || i + 1 == digits.size()) return false;
    may_follow = false;
  }
  return true;
}

// Go's strconv.ParseInt; empty where it fails.
std::optional<int64_t> ParseIntInBase(std::string_view text, int64_t base) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || base == 1 || base > 36) return {};
  std::string plain(text);
  if (base == 0) {
    const size_t before = text.size();
    base = TakeBase(&text);
    plain.clear();
    if (!TakeUnderscores(text.size() < before, text, &plain)) return {};
  }
  if (plain.empty()) return {};
  const uint64_t limit = uint64_t{1} << 63;
  uint64_t magnitude = 0;
  for (const char c : plain) {
    const int digit = DigitOf(c);
    if (digit >= base || magnitude > limit / static_cast<uint64_t>(base)) return {};
    // At most 2^63 + 35: no overflow.
    magnitude = magnitude * static_cast<uint64_t>(base) + static_cast<uint64_t>(digit);
    if (magnitude > limit) return {};
  }
  if (!negative && magnitude == limit) return {};
  return negative ? static_cast<int64_t>(~magnitude + 1) : static_cast<int64_t>(magnitude);
}

Made MakeParseInt(Arguments arguments) {
  return Call([target = std::move(arguments[0].expression), base = std::move(arguments[1].expression)](
                  Evaluation* evaluation, Value* result) {
    std::string_view text;
    int64_t in_base = 0;
    if (!GetString(*target, evaluation, &text)) return false;
    if (text.empty()) return evaluation->Fail("ParseInt: the target cannot be empty");
    if (!GetInt(*base, evaluation, &in_base)) return false;
    if (in_base < 0) return evaluation->Fail("ParseInt: the base cannot be negative");
    const std::optional<int64_t> number = ParseIntInBase(text, in_base);
    if (!number.has_value()) return evaluation->Fail("ParseInt: not an int64 in that base");
    return SetValue(Value::Int(*number), result);
  });
}

// One level: what texts it equals, what range of numbers it covers.
struct Criterion {
  std::string level;
  std::vector<std::string> equals;
  std::optional<std::pair<int64_t, int64_t>> range;
};

// An error in words; empty: fine.
std::string ReadRange(const Value& value, Criterion* criterion) {
  if (value.is(Kind::kString)) {
    const std::string_view name = value.view();
    if (name.size() != 3 || name[0] < '2' || name[0] > '5' || name.substr(1) != "xx") return "an unknown range";
    const int64_t hundred = (name[0] - '0') * 100;
    criterion->range = {hundred, hundred + 99};
    return {};
  }
  if (!value.is(Kind::kMap)) return "range must be a map or a known placeholder string";
  const Value* min = value.map->Find("min");
  const Value* max = value.map->Find("max");
  if (min == nullptr || max == nullptr) return "range must have a min and a max value";
  if (!min->is(Kind::kInt) || !max->is(Kind::kInt)) return "min and max must be ints";
  criterion->range = {min->integer, max->integer};
  return {};
}

std::string ReadCriterion(const Value& value, Criterion* criterion) {
  if (!value.is(Kind::kMap)) return "severity mapping criteria items must be maps";
  if (const Value* equals = value.map->Find("equals"); equals != nullptr) {
    if (!equals->is(Kind::kList)) return "equals must be a list";
    for (uint32_t i = 0; i < equals->list->size; ++i) {
      if (!equals->list->items[i].is(Kind::kString)) return "equals values must be strings";
      criterion->equals.emplace_back(equals->list->items[i].view());
    }
  }
  if (const Value* range = value.map->Find("range"); range != nullptr) return ReadRange(*range, criterion);
  return {};
}

std::string ReadMapping(const Value* literal, std::vector<Criterion>* mapping) {
  if (literal == nullptr || !literal->is(Kind::kMap)) return "severity mapping must be a literal map";
  for (uint32_t i = 0; i < literal->map->size; ++i) {
    const MapEntry& entry = literal->map->entries[i];
    if (!entry.value.is(Kind::kList)) return "severity mapping criteria must be a list";
    for (uint32_t k = 0; k < entry.value.list->size; ++k) {
      Criterion criterion{.level = std::string(entry.key)};
      if (std::string wrong = ReadCriterion(entry.value.list->items[k], &criterion); !wrong.empty()) return wrong;
      mapping->push_back(std::move(criterion));
    }
  }
  return {};
}

bool Matches(const Criterion& criterion, const Value& value) {
  if (value.is(Kind::kInt)) {
    return criterion.range.has_value() && value.integer >= criterion.range->first &&
           value.integer <= criterion.range->second;
  }
  for (const std::string& text : criterion.equals) {
    if (text == value.view()) return true;
  }
  return false;
}

// Where levels overlap the first in the mapping counts; the Collector takes any.
Made MakeParseSeverity(Arguments arguments) {
  std::vector<Criterion> mapping;
  const std::string wrong = ReadMapping(arguments[1].expression->constant(), &mapping);
  return Call([target = std::move(arguments[0].expression), mapping = std::move(mapping), wrong](Evaluation* evaluation,
                                                                                                 Value* result) {
    Value value;
    if (!wrong.empty()) return evaluation->Fail("ParseSeverity: " + wrong);
    if (!target->Evaluate(evaluation, &value)) return false;
    if (!value.is(Kind::kString) && !value.is(Kind::kInt) && !mapping.empty()) {
      return evaluation->Fail("ParseSeverity: neither text nor an int");
    }
    for (const Criterion& criterion : mapping) {
      if (Matches(criterion, value)) return SetValue(Value::String(criterion.level), result);
    }
    return evaluation->Fail("ParseSeverity: no matching log level found");
  });
}

}  // namespace

void AddParseFunctions(std::vector<Function>* all) {
  all->push_back({"ParseInt", {{"target", ParameterType::kString}, {"base", ParameterType::kInt}}, MakeParseInt});
  all->push_back({"ParseSeverity", {{"target"}, {"mapping", ParameterType::kMap}}, MakeParseSeverity});
}

}  // namespace tailrace::ottl
