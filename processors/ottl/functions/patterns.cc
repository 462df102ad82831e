// Regular expressions: does a text match one, and what its named groups hold.
#include <re2/re2.h>

#include <optional>
#include <string>
#include <vector>

#include "processors/ottl/functions/go_regex.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"
#include "processors/ottl/functions/utf8.h"

namespace tailrace::ottl {
namespace {

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

bool Matches(const RE2& regex, std::string_view text) {
  const std::optional<std::string> clean = WithoutBrokenUtf8(text);
  return RE2::PartialMatch(Piece(clean.has_value() ? std::string_view(*clean) : text), regex);
}

// Where byte `at` of the text without broken UTF-8 is in `text` itself.
size_t InOriginal(std::string_view text, size_t at) {
  constexpr size_t kReplacementSize = 3;
  size_t original = 0;
  for (size_t clean = 0; clean < at;) {
    const Rune rune = DecodeRune(text.substr(original));
    clean += rune.code == 0xFFFD ? kReplacementSize : rune.size;
    original += rune.size;
  }
  return original;
}

// `groups` of the first match, pointing into `text`; an empty view of null for one that took no part.
bool FindGroups(const RE2& regex, std::string_view text, std::vector<std::string_view>* groups) {
  const std::optional<std::string> clean = WithoutBrokenUtf8(text);
  const std::string_view searched = clean.has_value() ? std::string_view(*clean) : text;
  std::vector<re2::StringPiece> found(groups->size());
  if (!regex.Match(Piece(searched), 0, searched.size(), RE2::UNANCHORED, found.data(),
                   static_cast<int>(found.size()))) {
    return false;
  }
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i].data() == nullptr) continue;
    size_t begin = static_cast<size_t>(found[i].data() - searched.data());
    size_t end = begin + found[i].size();
    if (clean.has_value()) {
      begin = InOriginal(text, begin);
      end = InOriginal(text, end);
    }
    (*groups)[i] = text.substr(begin, end - begin);
  }
  return true;
}

Made MakeIsMatch(Arguments arguments) {
  auto made = CallRegex::Make(std::move(arguments[1].expression));
  if (!made.ok()) return made.status();
  return Call(
      [target = std::move(arguments[0].expression), regex = *std::move(made)](Evaluation* evaluation, Value* result) {
        const auto compiled = regex->Get(evaluation);
        std::optional<std::string_view> text;
        if (compiled == nullptr || !GetStringLike(*target, evaluation, &text)) return false;
        return SetValue(Value::Bool(text.has_value() && Matches(*compiled, *text)), result);
      });
}

// The named groups of the first match as a map; empty where there is none.
bool Extract(const RE2& regex, std::string_view text, Evaluation* evaluation, Value* result) {
  const auto& names = regex.CapturingGroupNames();
  if (names.empty()) return evaluation->Fail("ExtractPatterns: the pattern has no named group");
  std::vector<std::string_view> groups(static_cast<size_t>(regex.NumberOfCapturingGroups()) + 1);
  const bool matches = FindGroups(regex, text, &groups);
  // A name may stand twice: one entry, with what the last group holds.
  const auto& firsts = regex.NamedCapturingGroups();
  MapEntry* entries = NewEntries(matches ? firsts.size() : 0, true, evaluation, result);
  if (entries == nullptr) return false;
  if (!matches) return true;
  std::vector<MapEntry*> of_group(groups.size());
  for (const auto& [number, name] : names) {
    const auto first = static_cast<size_t>(firsts.at(name));
    if (of_group[first] == nullptr) {
      // The name outlives the program, the text the evaluation.
      const std::string_view key = evaluation->arena.Copy(name);
      if (key.data() == nullptr) return FailMemory(evaluation);
      of_group[first] = entries++;
      of_group[first]->key = key;
    }
    of_group[first]->value = Value::String(groups[static_cast<size_t>(number)]);
  }
  return true;
}

Made MakeExtractPatterns(Arguments arguments) {
  auto made = CallRegex::Make(std::move(arguments[1].expression));
  if (!made.ok()) return made.status();
  return Call(
      [target = std::move(arguments[0].expression), regex = *std::move(made)](Evaluation* evaluation, Value* result) {
        const auto compiled = regex->Get(evaluation);
        std::string_view text;
        if (compiled == nullptr || !GetString(*target, evaluation, &text)) return false;
        return Extract(*compiled, text, evaluation, result);
      });
}

}  // namespace

void AddPatternFunctions(std::vector<Function>* all) {
  all->push_back(
      {"IsMatch", {{"target", ParameterType::kStringLike}, {"pattern", ParameterType::kString}}, MakeIsMatch});
  all->push_back({"ExtractPatterns",
                  {{"target", ParameterType::kString}, {"pattern", ParameterType::kString}},
                  MakeExtractPatterns});
}

}  // namespace tailrace::ottl
