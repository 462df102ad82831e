// "a=1 b='2 3'" to a map and back.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "processors/ottl/functions/key_index.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"
#include "processors/ottl/functions/utf8.h"
#include "processors/ottl/json_text.h"

namespace tailrace::ottl {
namespace {

// More would not fit into the arena as a map.
constexpr size_t kPairsMax = Arena::kDefaultBytesMax / sizeof(MapEntry);

struct Delimiters {
  std::string within = "=";   // between key and value
  std::string between = " ";  // between pairs
};

absl::StatusOr<Delimiters> ReadDelimiters(const Argument& within, const Argument& between) {
  Delimiters delimiters;
  if (within.given()) delimiters.within = within.expression->constant()->view();
  if (between.given()) delimiters.between = between.expression->constant()->view();
  if (delimiters.within.empty()) return absl::InvalidArgumentError("delimiter cannot be set to an empty string");
  if (delimiters.between.empty()) return absl::InvalidArgumentError("pair delimiter cannot be set to an empty string");
  if (delimiters.within == delimiters.between) {
    return absl::InvalidArgumentError("pair delimiter cannot be equal to delimiter \"" + delimiters.within + "\"");
  }
  return delimiters;
}

// Splits at `delimiter`, but not within quotes, which are taken away; a backslash keeps a quote from counting and
// stays. False where a quote is not closed.
bool SplitPairs(std::string_view text, std::string_view delimiter, std::vector<std::string>* pairs) {
  std::string pair;
  char quote = '\0';
  bool escaped = false;
  const auto end_pair = [&] {
    if (!pair.empty()) pairs->push_back(std::move(pair));
    pair.clear();
  };
  for (size_t at = 0; at < text.size() && pairs->size() <= kPairsMax; ++at) {
    if (quote == '\0' && text.substr(at).starts_with(delimiter)) {
      end_pair();
      at += delimiter.size() - 1;
      continue;
    }
    const char c = text[at];
    if (!escaped) {
      if (quote == '\0' && (c == '"' || c == '\'')) {
        quote = c;
        continue;
      }
      if (c == quote && quote != '\0') {
        quote = '\0';
        continue;
      }
    }
    escaped = !escaped && c == '\\';
    pair.push_back(c);
  }
  end_pair();
  return quote == '\0';
}

bool ParsePairs(std::string_view text, const Delimiters& delimiters, Evaluation* evaluation, Value* result) {
  if (text.empty()) return evaluation->Fail("ParseKeyValue: cannot parse from empty target");
  std::vector<std::string> pairs;
  if (!SplitPairs(text, delimiters.between, &pairs) && pairs.size() <= kPairsMax) {
    return evaluation->Fail("ParseKeyValue: never reached the end of a quoted value");
  }
  if (pairs.size() > kPairsMax) return FailMemory(evaluation);
  MapEntry* entries = NewEntries(pairs.size(), true, evaluation, result);
  if (entries == nullptr) return false;
  uint32_t size = 0;
  KeyIndex places;
  for (const std::string& pair : pairs) {
    const std::string_view copy = evaluation->arena.Copy(pair);
    if (copy.data() == nullptr) return FailMemory(evaluation);
    const size_t middle = copy.find(delimiters.within);
    if (middle == std::string_view::npos) {
      return evaluation->Fail("ParseKeyValue: cannot split a pair into key and value");
    }
    const std::string_view key = TrimSpace(copy.substr(0, middle));
    const uint32_t at = places.Place(key, size);
    entries[at] = {key, Value::String(TrimSpace(copy.substr(middle + delimiters.within.size())))};
    size += at == size ? 1 : 0;
  }
  const_cast<Map*>(result->map)->size = size;
  return true;
}

Made MakeParseKeyValue(Arguments arguments) {
  auto delimiters = ReadDelimiters(arguments[1], arguments[2]);
  if (!delimiters.ok()) return delimiters.status();
  return Call([target = std::move(arguments[0].expression), delimiters = *std::move(delimiters)](Evaluation* evaluation,
                                                                                                 Value* result) {
    std::string_view text;
    return GetString(*target, evaluation, &text) && ParsePairs(text, delimiters, evaluation, result);
  });
}

std::string Quoted(std::string_view text, const Delimiters& delimiters) {
  std::string escaped = absl::StrReplaceAll({text.data(), text.size()}, {{"\"", "\\\""}});
  const bool quote =
      escaped.find(delimiters.between) != std::string::npos || escaped.find(delimiters.within) != std::string::npos;
  return quote ? absl::StrCat("\"", escaped, "\"") : escaped;
}

Made MakeToKeyValueString(Arguments arguments) {
  auto delimiters = ReadDelimiters(arguments[1], arguments[2]);
  if (!delimiters.ok()) return delimiters.status();
  const bool sorted = arguments[3].given() && arguments[3].expression->constant()->boolean;
  return Call([target = std::move(arguments[0].expression), delimiters = *std::move(delimiters), sorted](
                  Evaluation* evaluation, Value* result) {
    const Map* map = nullptr;
    if (!GetMap(*target, evaluation, &map)) return false;
    std::vector<MapEntry> entries(map->entries, map->entries + map->size);
    if (sorted) {
      std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    }
    const std::string text = absl::StrJoin(entries, delimiters.between, [&](std::string* out, const MapEntry& entry) {
      absl::StrAppend(out, Quoted(entry.key, delimiters), delimiters.within, Quoted(AsString(entry.value), delimiters));
    });
    return SetString(text, evaluation, result);
  });
}

}  // namespace

void AddKeyValueFunctions(std::vector<Function>* all) {
  const Parameter delimiter = {"delimiter", ParameterType::kLiteralString, true};
  const Parameter pair_delimiter = {"pair_delimiter", ParameterType::kLiteralString, true};
  all->push_back({"ParseKeyValue", {{"target", ParameterType::kString}, delimiter, pair_delimiter}, MakeParseKeyValue});
  all->push_back(
      {"ToKeyValueString",
       {{"target", ParameterType::kMap}, delimiter, pair_delimiter, {"sort_output", ParameterType::kLiteralBool, true}},
       MakeToKeyValueString});
}

}  // namespace tailrace::ottl
