#include "config/expand.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "config/sources.h"
#include "config/yaml_reader.h"

namespace tailrace::config {
namespace {

constexpr int kNestingMax = 64;
constexpr size_t kExpansionsTotalMax = 100'000;

bool IsEnvName(absl::string_view name) {
  if (name.empty() || name.size() > 200 || absl::ascii_isdigit(static_cast<unsigned char>(name[0]))) return false;
  for (const unsigned char c : name) {
    if (!absl::ascii_isalnum(c) && c != '_') return false;
  }
  return true;
}

// The end (one past the brace) of the `${...}` that begins at `begin`, or npos where it is not closed.
size_t EndOfExpansion(absl::string_view text, size_t begin) {
  int depth = 0;
  for (size_t i = begin; i < text.size(); ++i) {
    if (text.compare(i, 2, "${") == 0) {
      ++depth;
      ++i;
    } else if (text[i] == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return absl::string_view::npos;
}

class Expander {
 public:
  Expander(const LoadInput& input, Report* report) : input_(input), report_(report) {}

  void Walk(Node* node, const std::string& path) {
    if (node->IsScalar()) {
      if (node->text.find('$') == std::string::npos) return;
      used_ = 0;
      failed_ = false;
      where_ = node->where;
      path_ = path;
      ExpandScalar(node, 0);
      return;
    }
    for (size_t i = 0; i < node->items.size(); ++i) {
      const Scope scope(report_, path);
      Walk(&node->items[i], node->IsMap() ? scope.Child(node->keys[i].text).path() : scope.Item(i).path());
    }
  }

 private:
  void ExpandScalar(Node* node, int depth) {
    const std::string text = node->text;
    const bool whole = text.compare(0, 2, "${") == 0 && EndOfExpansion(text, 0) == text.size();
    if (!whole) {
      node->text = Inline(text, depth);
      return;
    }
    const std::optional<std::string> value = Lookup(Inline(text.substr(2, text.size() - 3), depth + 1));
    if (!value.has_value()) return;
    Node read;
    if (!ReadYamlValue(*value, where_, &read)) read = Node::Scalar(*value, /*quoted=*/true);
    nodes_ += CountNodes(read);
    if (nodes_ > kNodesMax) return Fail("expands to too many values");
    if (read.IsScalar() && read.text.find('$') != std::string::npos) {
      ExpandScalar(&read, depth + 1);
    } else {
      ExpandChildren(&read, depth + 1);
    }
    if (!read.original.has_value()) read.original = Inline(*value, depth + 1);
    read.where = where_;
    *node = std::move(read);
  }

  void ExpandChildren(Node* node, int depth) {
    for (Node& item : node->items) {
      if (failed_) return;
      if (item.IsScalar() && item.text.find('$') != std::string::npos) {
        ExpandScalar(&item, depth);
      } else {
        ExpandChildren(&item, depth);
      }
    }
  }

  // `text` with every expansion in it replaced and `$$` made one.
  std::string Inline(const std::string& text, int depth) {
    if (failed_) return "";
    if (depth > kNestingMax) {
      Fail("too many recursive expansions");
      return "";
    }
    std::string out;
    for (size_t i = 0; i < text.size();) {
      if (text.compare(i, 2, "$$") == 0) {
        out += '$';
        i += 2;
        continue;
      }
      size_t end = std::string::npos;
      if (text.compare(i, 2, "${") == 0) {
        if (!Count()) return "";
        end = EndOfExpansion(text, i);
        bytes_ += std::min(end, text.size()) - i;  // the search, so that it stays bounded too
      }
      if (end == std::string::npos) {
        out += text[i++];
        continue;
      }
      const std::optional<std::string> value = Lookup(Inline(text.substr(i + 2, end - i - 3), depth + 1));
      if (value.has_value()) out += Inline(*value, depth + 1);
      if (failed_) return "";
      i = end;
    }
    bytes_ += out.size();
    if (bytes_ > kFileBytesMax) Fail("expands to too much text");
    return out;
  }

  // What stands between the braces, looked up.
  std::optional<std::string> Lookup(const std::string& uri) {
    if (failed_ || !Count()) return std::nullopt;
    const size_t colon = uri.find(':');
    const bool has_scheme = colon != std::string::npos && colon >= 2 && uri.compare(colon, 2, ":-") != 0;
    const std::string scheme = has_scheme ? uri.substr(0, colon) : "env";
    const std::string rest = has_scheme ? uri.substr(colon + 1) : uri;
    if (scheme == "env") return Environment(rest);
    if (scheme == "yaml") return rest;
    if (scheme == "file") {
      absl::StatusOr<std::string> text = ReadBoundedFile(rest);
      if (text.ok()) {
        bytes_ += text->size();
        return *std::move(text);
      }
      Fail(absl::StrCat("${file:", rest.substr(0, 80), "} cannot be read: ", text.status().message()));
    } else if (scheme == "http" || scheme == "https") {
      Fail(absl::StrCat("${", scheme, ":...} ", kNotYet));
    } else {
      Fail(absl::StrCat("scheme \"", scheme.substr(0, 40), "\" is not supported; allowed: env, file, yaml"));
    }
    return std::nullopt;
  }

  // Every search for a closing brace and every look-up counts.
  bool Count() {
    if (++used_ > 2 * kExpansionsMax || ++total_ > kExpansionsTotalMax) Fail("too many recursive expansions");
    if (bytes_ > kFileBytesMax) Fail("expands to too much text");
    return !failed_;
  }

  std::optional<std::string> Environment(const std::string& reference) {
    const size_t mark = reference.find(":-");
    const std::string name = reference.substr(0, mark);
    if (!IsEnvName(name)) {
      Fail(absl::StrCat("environment variable \"", name.substr(0, 80),
                        "\" has an invalid name: must match ^[a-zA-Z_][a-zA-Z0-9_]*$"));
      return std::nullopt;
    }
    std::optional<std::string> value = input_.getenv == nullptr ? std::nullopt : input_.getenv(name);
    if (value.has_value()) return value;
    if (mark != std::string::npos) return reference.substr(mark + 2);
    report_->AddWarning(where_, path_,
                        absl::StrCat("the environment variable \"", name, "\" is not set: taken as empty"));
    return std::string();
  }

  void Fail(std::string message) {
    if (!failed_) report_->AddProblem(where_, path_, std::move(message));
    failed_ = true;
  }

  static size_t CountNodes(const Node& node) {
    size_t count = 1;
    for (const Node& item : node.items) count += CountNodes(item);
    return count;
  }

  const LoadInput& input_;
  Report* const report_;
  size_t bytes_ = 0;  // produced by all expansions
  size_t nodes_ = 0;
  size_t total_ = 0;
  // Of the value at hand:
  size_t used_ = 0;
  bool failed_ = false;
  Where where_;
  std::string path_;
};

}  // namespace

void Expand(const LoadInput& input, Report* report, Node* root) { Expander(input, report).Walk(root, ""); }

}  // namespace tailrace::config
