// Text: parts, joins, trims, case.
#include <algorithm>
#include <string>

#include "processors/ottl/functions/letter_case.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"
#include "processors/ottl/functions/utf8.h"

namespace tailrace::ottl {
namespace {

// Of a text and another: `run(text, other, evaluation, result)`.
template <typename Run>
ExpressionPtr OfTwoTexts(Arguments arguments, Run run) {
  return Call([text = std::move(arguments[0].expression), other = std::move(arguments[1].expression), run](
                  Evaluation* evaluation, Value* result) {
    std::string_view first;
    std::string_view second;
    if (!GetString(*text, evaluation, &first) || !GetString(*other, evaluation, &second)) return false;
    return run(first, second, evaluation, result);
  });
}

Made MakeHasPrefix(Arguments arguments) {
  return OfTwoTexts(std::move(arguments), [](auto text, auto prefix, Evaluation*, Value* result) {
    return SetValue(Value::Bool(text.starts_with(prefix)), result);
  });
}

Made MakeHasSuffix(Arguments arguments) {
  return OfTwoTexts(std::move(arguments), [](auto text, auto suffix, Evaluation*, Value* result) {
    return SetValue(Value::Bool(text.ends_with(suffix)), result);
  });
}

Made MakeTrimPrefix(Arguments arguments) {
  return OfTwoTexts(std::move(arguments), [](auto text, auto prefix, Evaluation*, Value* result) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
    return SetValue(Value::String(text), result);
  });
}

Made MakeTrimSuffix(Arguments arguments) {
  return OfTwoTexts(std::move(arguments), [](auto text, auto suffix, Evaluation*, Value* result) {
    if (text.ends_with(suffix)) text.remove_suffix(suffix.size());
    return SetValue(Value::String(text), result);
  });
}

// With an empty delimiter: rune by rune.
bool Split(std::string_view text, std::string_view delimiter, Evaluation* evaluation, Value* result) {
  size_t count = delimiter.empty() ? 0 : 1;
  const auto next = [&](std::string_view rest) {
    return delimiter.empty() ? (rest.empty() ? std::string_view::npos : size_t{DecodeRune(rest).size})
                             : rest.find(delimiter);
  };
  for (std::string_view rest = text; next(rest) != std::string_view::npos; ++count) {
    rest.remove_prefix(next(rest) + delimiter.size());
  }
  Value* items = NewItems(count, ListType::kStrings, evaluation, result);
  if (items == nullptr) return false;
  std::string_view rest = text;
  for (size_t i = 0; i < count; ++i) {
    const size_t end = std::min(next(rest), rest.size());
    items[i] = Value::String(rest.substr(0, end));
    rest.remove_prefix(std::min(end + delimiter.size(), rest.size()));
  }
  return true;
}

Made MakeSplit(Arguments arguments) { return OfTwoTexts(std::move(arguments), Split); }

// The literal of an optional argument, or what it is without.
template <typename T>
T LiteralOr(const Argument& argument, T (*read)(const Value&), T otherwise) {
  return argument.given() ? read(*argument.expression->constant()) : otherwise;
}
std::string ReadText(const Value& value) { return std::string(value.view()); }
bool ReadBool(const Value& value) { return value.boolean; }

Made MakeTrim(Arguments arguments) {
  // Each rune of the second argument is one to take away.
  const std::string cut = LiteralOr<std::string>(arguments[1], ReadText, " ");
  return Call([target = std::move(arguments[0].expression), cut](Evaluation* evaluation, Value* result) {
    std::string_view text;
    if (!GetString(*target, evaluation, &text)) return false;
    const auto is_cut = [&cut](std::string_view sequence, uint32_t code) {
      for (std::string_view rest = cut; !rest.empty();) {
        const Rune rune = DecodeRune(rest);
        if (rune.code == code || rest.substr(0, rune.size) == sequence) return true;
        rest.remove_prefix(rune.size);
      }
      return false;
    };
    while (!text.empty()) {
      const Rune first = DecodeRune(text);
      if (!is_cut(text.substr(0, first.size), first.code)) break;
      text.remove_prefix(first.size);
    }
    while (!text.empty()) {
      size_t begin = text.size() - 1;
      while (begin > 0 && text.size() - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
      Rune last = DecodeRune(text.substr(begin));
      if (begin + last.size != text.size()) last = {};  // no UTF-8: its last byte
      if (!is_cut(text.substr(text.size() - last.size), last.code)) break;
      text.remove_suffix(last.size);
    }
    return SetValue(Value::String(text), result);
  });
}

Made MakeSubstring(Arguments arguments) {
  const bool whole_runes = LiteralOr(arguments[3], ReadBool, false);
  return Call([target = std::move(arguments[0].expression), start = std::move(arguments[1].expression),
               length = std::move(arguments[2].expression), whole_runes](Evaluation* evaluation, Value* result) {
    int64_t from = 0;
    int64_t size = 0;
    std::string_view text;
    if (!GetInt(*start, evaluation, &from)) return false;
    if (from < 0) return evaluation->Fail("Substring: the start cannot be negative");
    if (!GetInt(*length, evaluation, &size)) return false;
    if (size <= 0) return evaluation->Fail("Substring: the length must be positive");
    if (!GetString(*target, evaluation, &text)) return false;
    const auto all = static_cast<int64_t>(text.size());
    if (from > all || size > all - from) return evaluation->Fail("Substring: the text is shorter than that");
    auto begin = static_cast<size_t>(from);
    auto end = static_cast<size_t>(from + size);
    const auto within_rune = [&text](size_t at) {
      return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
    };
    if (whole_runes) {
      while (within_rune(begin)) ++begin;
      while (begin < end && within_rune(end)) --end;
      end = std::max(begin, end);
    }
    return SetValue(Value::String(text.substr(begin, end - begin)), result);
  });
}

// `absent`: what stands for nil.
bool AppendLike(const Value& item, std::string_view absent, Evaluation* evaluation, std::string* text) {
  std::optional<std::string_view> like;
  if (!GetStringLike(HeldValue(item), evaluation, &like)) return false;
  text->append(like.value_or(absent));
  return true;
}

bool Join(const List& list, std::string_view between, Evaluation* evaluation, std::string* text) {
  if (list.type == ListType::kEvents || list.type == ListType::kLinks) {
    return evaluation->Fail("Concat: the events and the links of a span are no list");
  }
  // An attribute's list holds empty values, which are empty text; other lists hold Go's nil.
  const std::string_view absent = list.type == ListType::kPdata ? "" : "<nil>";
  for (uint32_t i = 0; i < list.size; ++i) {
    if (i > 0) text->append(between);
    if (!AppendLike(list.items[i], absent, evaluation, text)) return false;
  }
  return true;
}

// As numbers.
void JoinBytes(std::string_view bytes, std::string_view between, std::string* text) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) text->append(between);
    text->append(std::to_string(static_cast<unsigned char>(bytes[i])));
  }
}

Made MakeConcat(Arguments arguments) {
  return Call([values = std::move(arguments[0].expression), delimiter = std::move(arguments[1].expression)](
                  Evaluation* evaluation, Value* result) {
    std::string_view between;
    Value list;
    if (!GetString(*delimiter, evaluation, &between) || !values->Evaluate(evaluation, &list)) return false;
    std::string text;
    if (list.is(Kind::kList)) {
      if (!Join(*list.list, between, evaluation, &text)) return false;
    } else if (list.is(Kind::kBytes)) {
      JoinBytes(list.view(), between, &text);
    } else if (!list.is(Kind::kNil)) {
      return evaluation->Fail("Concat: the values are no list");
    }
    return SetString(text, evaluation, result);
  });
}

// Of a text alone.
ExpressionPtr OfText(ExpressionPtr target, std::string (*map)(std::string_view)) {
  return Call([target = std::move(target), map](Evaluation* evaluation, Value* result) {
    std::string_view text;
    return GetString(*target, evaluation, &text) && SetString(map(text), evaluation, result);
  });
}

template <std::string (*kMap)(std::string_view)>
Made MakeMapped(Arguments arguments) {
  return OfText(std::move(arguments[0].expression), kMap);
}

Made MakeConvertCase(Arguments arguments) {
  const std::string_view to = arguments[1].expression->constant()->view();
  ExpressionPtr target = std::move(arguments[0].expression);
  if (to == "lower") return OfText(std::move(target), ToLowerCase);
  if (to == "upper") return OfText(std::move(target), ToUpperCase);
  if (to == "snake") return OfText(std::move(target), ToSnakeCase);
  if (to == "camel") return OfText(std::move(target), ToCamelCase);
  return absl::InvalidArgumentError("invalid case: " + std::string(to) + "; allowed: lower, upper, snake, camel");
}

}  // namespace

void AddTextFunctions(std::vector<Function>* all) {
  const auto kText = ParameterType::kString;
  all->insert(all->end(),
              {
                  {"HasPrefix", {{"target", kText}, {"prefix", kText}}, MakeHasPrefix},
                  {"HasSuffix", {{"target", kText}, {"suffix", kText}}, MakeHasSuffix},
                  {"TrimPrefix", {{"target", kText}, {"prefix", kText}}, MakeTrimPrefix},
                  {"TrimSuffix", {{"target", kText}, {"suffix", kText}}, MakeTrimSuffix},
                  {"Trim", {{"target", kText}, {"replacement", ParameterType::kLiteralString, true}}, MakeTrim},
                  {"Split", {{"target", kText}, {"delimiter", kText}}, MakeSplit},
                  {"Substring",
                   {{"target", kText},
                    {"start", ParameterType::kInt},
                    {"length", ParameterType::kInt},
                    {"utf8_safe", ParameterType::kLiteralBool, true}},
                   MakeSubstring},
                  {"Concat", {{"vals", ParameterType::kSlice}, {"delimiter", kText}}, MakeConcat},
                  {"ToLowerCase", {{"target", kText}}, MakeMapped<ToLowerCase>},
                  {"ToUpperCase", {{"target", kText}}, MakeMapped<ToUpperCase>},
                  {"ToSnakeCase", {{"target", kText}}, MakeMapped<ToSnakeCase>},
                  {"ToCamelCase", {{"target", kText}}, MakeMapped<ToCamelCase>},
                  {"ConvertCase", {{"target", kText}, {"to_case", ParameterType::kLiteralString}}, MakeConvertCase},
              });
}

}  // namespace tailrace::ottl
