#include "config/kinds.h"

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "config/did_you_mean.h"
#include "config/endpoint.h"
#include "config/values.h"

namespace tailrace::config {
namespace internal {

std::string AllowedIntegers(int64_t min, uint64_t max) {
  if (max >= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return absl::StrCat(min, " or more");
  return absl::StrCat(min, " to ", max);
}

std::string Join(const std::vector<std::string>& words) { return absl::StrJoin(words, ", "); }

bool ReadInteger(const Node& node, const Scope& scope, int64_t min, uint64_t max, int64_t* as_signed,
                 uint64_t* as_unsigned) {
  absl::int128 value = 0;
  if (!node.IsScalar() || node.quoted || !ParseInteger(node.text, &value)) {
    scope.Fail(node.where,
               absl::StrCat("expected an integer (", AllowedIntegers(min, max), "), got ", node.Describe()));
    return false;
  }
  if (value < min || value > absl::int128(max)) {
    scope.Fail(node.where, absl::StrCat(node.Describe(), " is out of range; allowed: ", AllowedIntegers(min, max)));
    return false;
  }
  *as_signed = static_cast<int64_t>(value);
  *as_unsigned = static_cast<uint64_t>(value);
  return true;
}

bool ReadText(const Node& node, const Scope& scope, std::string* out) {
  if (node.original.has_value()) {
    *out = *node.original;
    return true;
  }
  if (!node.IsScalar()) {
    scope.Fail(node.where, absl::StrCat("expected text, got ", node.Describe()));
    return false;
  }
  *out = node.text;
  return true;
}

bool ReadChoice(const Node& node, const Scope& scope, const std::vector<std::string>& allowed, size_t* index) {
  std::string text;
  if (!ReadText(node, scope, &text)) return false;
  for (size_t i = 0; i < allowed.size(); ++i) {
    if (allowed[i] != text) continue;
    *index = i;
    return true;
  }
  scope.Fail(node.where, absl::StrCat(node.Describe(), " is not one of ", Join(allowed), DidYouMean(text, allowed)));
  return false;
}

}  // namespace internal

Kind<Duration> Durations(DurationBounds bounds) {
  Kind<Duration> kind;
  kind.type = "duration";
  kind.allowed = absl::StrCat(FormatDuration(bounds.min), " to ", FormatDuration(bounds.max));
  kind.read = [bounds, allowed = kind.allowed](const Node& node, const Scope& scope, Duration* out) {
    if (!node.IsScalar()) {
      scope.Fail(node.where, absl::StrCat("expected a duration such as 10s or 300ms, got ", node.Describe()));
      return false;
    }
    const absl::StatusOr<Duration> parsed = ParseDuration(node.text);
    if (!parsed.ok()) {
      scope.Fail(node.where, std::string(parsed.status().message()));
      return false;
    }
    if (*parsed < bounds.min || *parsed > bounds.max) {
      const absl::string_view wrong = parsed->count() < 0 ? " is negative" : " is out of range";
      scope.Fail(node.where, absl::StrCat("\"", node.text, "\"", wrong, "; allowed: ", allowed));
      return false;
    }
    *out = *parsed;
    return true;
  };
  kind.print = [](const Duration& value) { return Node::Scalar(FormatDuration(value)); };
  return kind;
}

Kind<bool> Booleans() {
  Kind<bool> kind;
  kind.type = "boolean";
  kind.read = [](const Node& node, const Scope& scope, bool* out) {
    const std::string& text = node.text;
    const bool is_true = text == "true" || text == "True" || text == "TRUE";
    const bool is_false = text == "false" || text == "False" || text == "FALSE";
    if (!node.IsScalar() || node.quoted || !(is_true || is_false)) {
      scope.Fail(node.where, absl::StrCat("expected true or false, got ", node.Describe()));
      return false;
    }
    *out = is_true;
    return true;
  };
  kind.print = [](const bool& value) { return Node::Scalar(value ? "true" : "false"); };
  return kind;
}

Kind<double> Numbers(double min, double max) {
  Kind<double> kind;
  kind.type = "number";
  kind.allowed = absl::StrCat(FormatNumber(min), " to ", FormatNumber(max));
  kind.read = [min, max, allowed = kind.allowed](const Node& node, const Scope& scope, double* out) {
    double value = 0;
    if (!node.IsScalar() || node.quoted || !ParseNumber(node.text, &value)) {
      scope.Fail(node.where, absl::StrCat("expected a number (", allowed, "), got ", node.Describe()));
      return false;
    }
    if (value < min || value > max) {
      scope.Fail(node.where, absl::StrCat(node.Describe(), " is out of range; allowed: ", allowed));
      return false;
    }
    *out = value;
    return true;
  };
  kind.print = [](const double& value) { return Node::Scalar(FormatNumber(value)); };
  return kind;
}

Kind<std::string> Texts() {
  Kind<std::string> kind;
  kind.type = "text";
  kind.read = internal::ReadText;
  kind.print = [](const std::string& value) { return Node::Scalar(value, /*quoted=*/value.empty()); };
  return kind;
}

Kind<std::string> NonEmptyTexts() {
  Kind<std::string> kind = Texts();
  kind.allowed = "not empty";
  kind.read = [](const Node& node, const Scope& scope, std::string* out) {
    std::string text;
    if (!internal::ReadText(node, scope, &text)) return false;
    if (text.empty()) {
      scope.Fail(node.where, "must not be empty");
      return false;
    }
    *out = std::move(text);
    return true;
  };
  return kind;
}

Kind<std::string> Choices(std::vector<std::string> allowed) {
  Kind<std::string> kind = Texts();
  kind.type = "word";
  kind.allowed = internal::Join(allowed);
  kind.read = [allowed = std::move(allowed)](const Node& node, const Scope& scope, std::string* out) {
    size_t index = 0;
    if (!internal::ReadChoice(node, scope, allowed, &index)) return false;
    *out = allowed[index];
    return true;
  };
  return kind;
}

Kind<std::vector<std::string>> TextLists() {
  Kind<std::vector<std::string>> kind;
  kind.type = "list of texts";
  kind.read = [](const Node& node, const Scope& scope, std::vector<std::string>* out) {
    if (!node.IsList()) {
      scope.Fail(node.where, absl::StrCat("expected a list, got ", node.Describe()));
      return false;
    }
    std::vector<std::string> texts(node.items.size());
    for (size_t i = 0; i < texts.size(); ++i) {
      if (!internal::ReadText(node.items[i], scope.Item(i), &texts[i])) return false;
    }
    *out = std::move(texts);
    return true;
  };
  kind.print = [](const std::vector<std::string>& value) {
    Node list = Node::List();
    for (const std::string& text : value) list.items.push_back(Node::Scalar(text));
    return list;
  };
  return kind;
}

Kind<std::vector<std::string>> ChoiceLists(std::vector<std::string> allowed) {
  Kind<std::vector<std::string>> kind = TextLists();
  kind.type = "list of words";
  kind.allowed = internal::Join(allowed);
  kind.read = [allowed = std::move(allowed), texts = kind.read](const Node& node, const Scope& scope,
                                                                std::vector<std::string>* out) {
    std::vector<std::string> read;
    if (!texts(node, scope, &read)) return false;
    for (size_t i = 0; i < read.size(); ++i) {
      size_t index = 0;
      if (!internal::ReadChoice(node.items[i], scope.Item(i), allowed, &index)) return false;
    }
    *out = std::move(read);
    return true;
  };
  return kind;
}

Kind<std::vector<std::string>> SecretTextLists() {
  Kind<std::vector<std::string>> kind = TextLists();
  kind.print = [](const std::vector<std::string>& value) {
    Node list = Node::List();
    for (size_t i = 0; i < value.size(); ++i) list.items.push_back(Node::Scalar("[REDACTED]"));
    return list;
  };
  return kind;
}

Kind<std::string> SecretTexts() {
  Kind<std::string> kind = Texts();
  kind.print = [](const std::string& value) { return Node::Scalar(value.empty() ? "" : "[REDACTED]"); };
  return kind;
}

Kind<std::string> Urls(Kind<std::string> texts) {
  texts.print = [print = texts.print](const std::string& value) { return print(RedactUrl(value)); };
  return texts;
}

Kind<LocatedText> References() {
  Kind<LocatedText> kind;
  kind.type = "text";
  kind.read = [](const Node& node, const Scope& scope, LocatedText* out) {
    LocatedText read;
    if (!internal::ReadText(node, scope, &read.text)) return false;
    read.at = node.where.ToLocation();
    *out = std::move(read);
    return true;
  };
  kind.print = [](const LocatedText& value) { return Node::Scalar(value.text); };
  return kind;
}

Kind<std::map<std::string, std::string>> TextMaps() {
  Kind<std::map<std::string, std::string>> kind;
  kind.type = "map of texts";
  kind.read = [](const Node& node, const Scope& scope, std::map<std::string, std::string>* out) {
    if (!node.IsMap()) {
      scope.Fail(node.where, absl::StrCat("expected a map, got ", node.Describe()));
      return false;
    }
    std::map<std::string, std::string> texts;
    for (size_t i = 0; i < node.items.size(); ++i) {
      std::string& value = texts[node.keys[i].text];
      if (!internal::ReadText(node.items[i], scope.Child(node.keys[i].text), &value)) return false;
    }
    *out = std::move(texts);
    return true;
  };
  kind.print = [](const std::map<std::string, std::string>& value) {
    Node map = Node::Map();
    for (const auto& [key, text] : value) map.Add(key, Node::Scalar(text));
    return map;
  };
  return kind;
}

Kind<std::map<std::string, std::string>> SecretMaps() {
  Kind<std::map<std::string, std::string>> kind = TextMaps();
  kind.print = [](const std::map<std::string, std::string>& value) {
    Node map = Node::Map();
    for (const auto& [key, text] : value) map.Add(key, Node::Scalar("[REDACTED]"));
    return map;
  };
  return kind;
}

Kind<uint64_t> Mebibytes(uint64_t min, uint64_t max) {
  Kind<uint64_t> kind = Integers<uint64_t>(min, max);
  kind.type = "MiB";
  kind.read = [mebibytes = kind.read](const Node& node, const Scope& scope, uint64_t* out) {
    uint64_t value = 0;
    if (!mebibytes(node, scope, &value)) return false;
    *out = value << 20;
    return true;
  };
  kind.print = [](const uint64_t& value) { return Node::Scalar(std::to_string(value >> 20)); };
  return kind;
}

}  // namespace tailrace::config
