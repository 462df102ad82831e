// A parsed configuration file as a plain tree, each node with the line it came from. Only yaml_reader.cc knows
// yaml-cpp; merging, expansion, the options' schemas and the printer all work on this tree.
//
// Values, copied freely; no threads. Depth is bounded by the reader (kDepthMax), so recursion over a tree is safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "config/model.h"

namespace tailrace::config {

// A place in a source. The file's name is shared by all nodes of the file.
struct Where {
  std::shared_ptr<const std::string> file;
  int line = 0;  // from 1; 0: unknown
  Location ToLocation() const { return {file == nullptr ? std::string() : *file, line}; }
};

struct Node {
  enum class Kind : uint8_t { kNull, kScalar, kList, kMap };
  struct Key {
    std::string text;
    Where where;
  };

  Kind kind = Kind::kNull;
  bool quoted = false;                  // a scalar in quotes is text, whatever it looks like
  std::string text;                     // scalar
  std::optional<std::string> original;  // what an expansion gave before it was read as YAML; text options take this
  Where where;
  std::vector<Node> items;  // list: the items; map: the values
  std::vector<Key> keys;    // map: as long as items

  static Node Scalar(std::string text, bool quoted = false);
  static Node Map();
  static Node List();

  bool IsNull() const { return kind == Kind::kNull; }
  bool IsScalar() const { return kind == Kind::kScalar; }
  bool IsMap() const { return kind == Kind::kMap; }
  bool IsList() const { return kind == Kind::kList; }

  // "a map", "a list", "nothing", "the text \"x\"": for messages.
  std::string Describe() const;

  // The value of a key of a map, or nullptr.
  const Node* Find(absl::string_view key) const;
  Node* Find(absl::string_view key);
  // Appends to a map; the caller knows that the key is new.
  Node& Add(std::string key, Node value);
};

// Block style YAML that the reader reads back to the same tree.
std::string ToYaml(const Node& node);

}  // namespace tailrace::config
