#include "config/node.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tailrace::config {
namespace {

// Plain where YAML cannot read it as anything but this text.
bool NeedsQuotes(const Node& scalar) {
  if (scalar.quoted || scalar.text.empty() || absl::EqualsIgnoreCase(scalar.text, "null")) return true;
  for (size_t i = 0; i < scalar.text.size(); ++i) {
    const char c = scalar.text[i];
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '/' || c == '.') continue;
    if (i > 0 && (c == '-' || c == ':') && i + 1 < scalar.text.size()) continue;
    return true;
  }
  return false;
}

std::string Quote(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&out, "\\x%02x", static_cast<unsigned char>(c));
    } else if (c == '$') {
      out += "$$";  // what the reader expands back to one
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void Write(const Node& node, int indent, std::string* out);

void WriteValue(const Node& node, int indent, std::string* out) {
  if (node.IsNull()) {
    out->append("\n");
  } else if (node.IsScalar()) {
    absl::StrAppend(out, " ", NeedsQuotes(node) ? Quote(node.text) : node.text, "\n");
  } else if (node.items.empty()) {
    out->append(node.IsMap() ? " {}\n" : " []\n");
  } else {
    out->append("\n");
    Write(node, indent, out);
  }
}

void Write(const Node& node, int indent, std::string* out) {
  const std::string margin(static_cast<size_t>(indent), ' ');
  for (size_t i = 0; i < node.items.size(); ++i) {
    const Node& item = node.items[i];
    if (node.IsMap()) {
      const Node key = Node::Scalar(node.keys[i].text);
      absl::StrAppend(out, margin, NeedsQuotes(key) ? Quote(key.text) : key.text, ":");
      WriteValue(item, indent + 2, out);
    } else if (item.IsMap() && !item.items.empty()) {
      std::string block;
      Write(item, indent + 2, &block);
      block[static_cast<size_t>(indent)] = '-';  // the first key stands beside the dash
      out->append(block);
    } else {
      absl::StrAppend(out, margin, "-");
      WriteValue(item, indent + 2, out);
    }
  }
}

}  // namespace

Node Node::Scalar(std::string text, bool quoted) {
  Node node;
  node.kind = Kind::kScalar;
  node.text = std::move(text);
  node.quoted = quoted;
  return node;
}

Node Node::Map() {
  Node node;
  node.kind = Kind::kMap;
  return node;
}

Node Node::List() {
  Node node;
  node.kind = Kind::kList;
  return node;
}

std::string Node::Describe() const {
  switch (kind) {
    case Kind::kNull:
      return "nothing";
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map";
    case Kind::kScalar:
      break;
  }
  constexpr size_t kShown = 60;
  const std::string shown = text.size() <= kShown ? text : text.substr(0, kShown) + "...";
  return quoted ? absl::StrCat("the text \"", shown, "\"") : absl::StrCat("\"", shown, "\"");
}

const Node* Node::Find(absl::string_view key) const {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].text == key) return &items[i];
  }
  return nullptr;
}

Node* Node::Find(absl::string_view key) { return const_cast<Node*>(std::as_const(*this).Find(key)); }

Node& Node::Add(std::string key, Node value) {
  keys.push_back({std::move(key), value.where});
  items.push_back(std::move(value));
  return items.back();
}

std::string ToYaml(const Node& node) {
  std::string out;
  Write(node, 0, &out);
  return out;
}

}  // namespace tailrace::config
