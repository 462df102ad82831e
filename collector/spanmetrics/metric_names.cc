#include "collector/spanmetrics/metric_names.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace tailrace {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlphanumeric(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsMetricChar(char c) { return IsAlphanumeric(c) || c == ':'; }

// The pieces of `name` between other characters.
std::vector<std::string> Words(std::string_view name) {
  std::vector<std::string> words;
  for (size_t at = 0; at < name.size();) {
    const size_t from = at;
    while (at < name.size() && IsMetricChar(name[at])) ++at;
    if (at > from) words.emplace_back(name.substr(from, at - from));
    while (at < name.size() && !IsMetricChar(name[at])) ++at;
  }
  return words;
}

std::string_view UnitWord(std::string_view unit) {
  if (unit == "ms") return "milliseconds";
  return unit == "s" ? "seconds" : "";
}

std::string Joined(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) {
    if (!joined.empty()) joined += '_';
    joined += word;
  }
  return joined;
}

// What metrics without suffixes are called: other characters become one '_', and underscores stay.
std::string Escaped(std::string_view name) {
  std::string escaped;
  bool gap = false;
  for (const char c : name) {
    const bool fits = IsMetricChar(c) || c == '_';
    if (fits && gap && !escaped.empty()) escaped += '_';
    if (fits) escaped += c;
    gap = !fits;
  }
  return escaped;
}

}  // namespace

std::string LabelName(std::string_view attribute) {
  const bool reserved = attribute.size() > 4 && attribute.starts_with("__") && attribute.ends_with("__");
  if (reserved) attribute = attribute.substr(2, attribute.size() - 4);
  std::string name;
  for (const char c : attribute) {
    if (IsAlphanumeric(c)) {
      name += c;
    } else if ((name.empty() || name.back() != '_')) {
      name += '_';
    }
  }
  if (reserved) name = "__" + name + "__";
  if (name.find_first_not_of('_') == std::string::npos) return "";
  if (IsDigit(name[0])) return "key_" + name;
  return name.starts_with('_') && !name.starts_with("__") ? "key" + name : name;
}

std::string MetricName(std::string_view metrics_namespace, std::string_view name, std::string_view unit, bool counter,
                       bool suffixes) {
  std::string result;
  if (suffixes) {
    std::vector<std::string> words = Words(name);
    const std::string unit_word(UnitWord(unit));
    if (!unit_word.empty() && std::find(words.begin(), words.end(), unit_word) == words.end()) {
      words.push_back(unit_word);
    }
    if (counter) {
      words.erase(std::remove(words.begin(), words.end(), "total"), words.end());
      words.emplace_back("total");
    }
    if (!metrics_namespace.empty()) words.insert(words.begin(), std::string(metrics_namespace));
    result = Joined(words);
  } else {
    result = metrics_namespace.empty() ? Escaped(name) : Escaped(metrics_namespace) + "_" + Escaped(name);
  }
  return !result.empty() && IsDigit(result[0]) ? "_" + result : result;
}

std::string GoFloat(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char buffer[32];
  const auto shortest = std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<size_t>(shortest.ptr - buffer));
  const int exponent = std::atoi(std::string(text.substr(text.find('e') + 1)).c_str());
  // Go leaves plain notation below 1e-4 and, where it looks for the shortest form, from 1e6 on.
  if (exponent < -4 || exponent >= 6) return std::string(text);
  const auto plain = std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::fixed);
  return {buffer, plain.ptr};
}

}  // namespace tailrace
