// The kinds of values that an option can have: how one is read from a node, what it may be, how it is printed and how
// it is named in the documentation. An option's declaration (schema.h) joins a kind with a key, a member, a default and
// a sentence.
//
// Immutable once made; any thread.
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "config/model.h"
#include "config/node.h"
#include "config/report.h"

namespace tailrace::config {

template <class V>
struct Kind {
  std::string type;     // "duration"
  std::string allowed;  // "0s to 24h"; empty: anything of the type
  // False, with the problem reported, where the node holds no such value; *out is then as before.
  std::function<bool(const Node&, const Scope&, V* out)> read;
  std::function<Node(const V&)> print;
};

struct DurationBounds {
  Duration min{0};
  Duration max = std::chrono::hours(24);
};
Kind<Duration> Durations(DurationBounds bounds = {});

Kind<bool> Booleans();
Kind<double> Numbers(double min, double max);
// Any text; a number or a boolean without quotes is taken as it is written.
Kind<std::string> Texts();
Kind<std::string> NonEmptyTexts();
Kind<std::string> Choices(std::vector<std::string> allowed);
Kind<std::vector<std::string>> TextLists();
// Each one of `allowed`.
Kind<std::vector<std::string>> ChoiceLists(std::vector<std::string> allowed);
// A text that is looked up later, with its place.
Kind<LocatedText> References();
// Printed as [REDACTED] where there is something.
Kind<std::string> SecretTexts();
Kind<std::vector<std::string>> SecretTextLists();
// URLs, read as `texts` are and printed by RedactUrl.
Kind<std::string> Urls(Kind<std::string> texts);
Kind<std::map<std::string, std::string>> SecretMaps();
Kind<std::map<std::string, std::string>> TextMaps();

namespace internal {
bool ReadInteger(const Node& node, const Scope& scope, int64_t min, uint64_t max, int64_t* as_signed,
                 uint64_t* as_unsigned);
std::string AllowedIntegers(int64_t min, uint64_t max);
bool ReadText(const Node& node, const Scope& scope, std::string* out);
bool ReadChoice(const Node& node, const Scope& scope, const std::vector<std::string>& allowed, size_t* index);
std::string Join(const std::vector<std::string>& words);
}  // namespace internal

// Integers of V from min to max.
template <class V>
Kind<V> Integers(V min = 0, V max = std::numeric_limits<V>::max()) {
  const auto low = static_cast<int64_t>(min);
  const auto high = static_cast<uint64_t>(max);
  Kind<V> kind;
  kind.type = "integer";
  kind.allowed = internal::AllowedIntegers(low, high);
  kind.read = [low, high](const Node& node, const Scope& scope, V* out) {
    int64_t as_signed = 0;
    uint64_t as_unsigned = 0;
    if (!internal::ReadInteger(node, scope, low, high, &as_signed, &as_unsigned)) return false;
    *out = std::is_signed_v<V> ? static_cast<V>(as_signed) : static_cast<V>(as_unsigned);
    return true;
  };
  kind.print = [](const V& value) { return Node::Scalar(std::to_string(value)); };
  return kind;
}

// Bytes, written in MiB.
Kind<uint64_t> Mebibytes(uint64_t min, uint64_t max);

// One of an enum's values, each with its word.
template <class E>
Kind<E> Enums(std::vector<std::pair<std::string, E>> words) {
  std::vector<std::string> allowed;
  for (const auto& word : words) allowed.push_back(word.first);
  Kind<E> kind;
  kind.type = "word";
  kind.allowed = internal::Join(allowed);
  kind.read = [words, allowed](const Node& node, const Scope& scope, E* out) {
    size_t index = 0;
    if (!internal::ReadChoice(node, scope, allowed, &index)) return false;
    *out = words[index].second;
    return true;
  };
  kind.print = [words](const E& value) {
    for (const auto& word : words) {
      if (word.second == value) return Node::Scalar(word.first);
    }
    return Node();
  };
  return kind;
}

}  // namespace tailrace::config
