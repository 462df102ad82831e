#include "config/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <map>
#include <stdexcept>
#include <streambuf>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tailrace::config {
namespace {

// A limit was met: leaves yaml-cpp's recursion from inside a callback.
struct Refused {
  int line;
  std::string message;
};

size_t CountNodes(const Node& node) {
  size_t count = 1;
  for (const Node& item : node.items) count += CountNodes(item);
  return count;
}

int Depth(const Node& node) {
  int deepest = 0;
  for (const Node& item : node.items) deepest = std::max(deepest, Depth(item));
  return deepest + 1;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::shared_ptr<const std::string> name, Report* report) : name_(std::move(name)), report_(report) {}

  Node Take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Leaf(NewNode(mark, Node::Kind::kNull), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = NewNode(mark, Node::Kind::kScalar);
    node.text = value;
    node.quoted = tag != "?";
    if (!node.quoted && value.empty()) node.kind = Node::Kind::kNull;
    Leaf(std::move(node), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Refused{mark.line + 1, "an alias stands inside of what it refers to"};
    nodes_ += found->second.nodes;
    CheckNodes(mark.line + 1);
    if (static_cast<int>(open_.size()) + found->second.depth > kDepthMax) TooDeep(mark);
    Node copy = found->second.node;
    copy.where.line = mark.line + 1;
    Place(std::move(copy));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(NewNode(mark, Node::Kind::kList), anchor, mark);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(NewNode(mark, Node::Kind::kMap), anchor, mark);
  }
  void OnMapEnd() override { Close(); }

 private:
  struct OpenNode {
    Node node;
    YAML::anchor_t anchor;
    bool has_key = false;  // map: the key of the next value has been read
    Node::Key key;
    absl::flat_hash_map<std::string, int> lines;  // map: where each key stood first
  };
  struct Anchor {
    Node node;
    size_t nodes;
    int depth;
  };

  Node NewNode(const YAML::Mark& mark, Node::Kind kind) {
    ++nodes_;
    CheckNodes(mark.line + 1);
    Node node;
    node.kind = kind;
    node.where = {name_, mark.line + 1};
    return node;
  }
  void CheckNodes(int line) const {
    if (nodes_ <= kNodesMax) return;
    throw Refused{line, absl::StrCat("more than ", kNodesMax, " values, aliases counted as often as they are used")};
  }
  [[noreturn]] static void TooDeep(const YAML::Mark& mark) {
    throw Refused{mark.line + 1, absl::StrCat("nested more than ", kDepthMax, " levels deep")};
  }

  void Open(Node node, YAML::anchor_t anchor, const YAML::Mark& mark) {
    if (static_cast<int>(open_.size()) >= kDepthMax) TooDeep(mark);
    open_.push_back({std::move(node), anchor, false, {}, {}});
  }
  void Close() {
    OpenNode closed = std::move(open_.back());
    open_.pop_back();
    if (closed.node.IsMap()) ApplyMergeKey(&closed.node);
    Leaf(std::move(closed.node), closed.anchor);
  }
  void Leaf(Node node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      // The copy counts too: anchors inside of anchors would multiply otherwise.
      const size_t nodes = CountNodes(node);
      nodes_ += nodes;
      CheckNodes(node.where.line);
      anchors_[anchor] = {node, nodes, Depth(node)};
    }
    Place(std::move(node));
  }
  void Place(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    OpenNode& top = open_.back();
    if (top.node.IsList()) {
      top.node.items.push_back(std::move(node));
    } else if (!top.has_key) {
      if (!node.IsScalar()) throw Refused{node.where.line, absl::StrCat("a key must be text, not ", node.Describe())};
      top.key = {std::move(node.text), node.where};
      top.has_key = true;
    } else {
      top.has_key = false;
      PlaceEntry(&top, std::move(node));
    }
  }
  void PlaceEntry(OpenNode* map, Node value) {
    const auto [first, is_new] = map->lines.emplace(map->key.text, map->key.where.line);
    if (!is_new) {
      report_->AddProblem(map->key.where, Path(),
                          absl::StrCat("the key stands twice in one map: at line ", first->second, " and at line ",
                                       map->key.where.line));
      return;
    }
    if (map->node.keys.size() >= kMapKeysMax) {
      throw Refused{map->key.where.line, absl::StrCat("more than ", kMapKeysMax, " keys in one map")};
    }
    map->node.keys.push_back(map->key);
    map->node.items.push_back(std::move(value));
  }
  // The keys that lead to the entry at hand.
  std::string Path() const {
    Scope scope(report_, "");
    for (const OpenNode& open : open_) {
      scope = open.node.IsMap() ? scope.Child(open.key.text) : scope.Item(open.node.items.size());
    }
    return scope.path();
  }
  // `<<: *base` and `<<: [*a, *b]`: keys of the base that the map does not have itself.
  static void ApplyMergeKey(Node* map) {
    for (size_t i = 0; i < map->keys.size(); ++i) {
      if (map->keys[i].text != "<<") continue;
      const Node base = std::move(map->items[i]);
      map->keys.erase(map->keys.begin() + static_cast<ptrdiff_t>(i));
      map->items.erase(map->items.begin() + static_cast<ptrdiff_t>(i));
      MergeFrom(base, map);
      return;
    }
  }
  static void MergeFrom(const Node& base, Node* map) {
    if (base.IsList()) {
      for (const Node& item : base.items) {
        if (!item.IsList()) MergeFrom(item, map);
      }
      return;
    }
    absl::flat_hash_map<absl::string_view, bool> present;
    const size_t own = map->keys.size();
    for (size_t i = 0; i < own; ++i) present.emplace(map->keys[i].text, true);
    std::vector<size_t> missing;
    for (size_t i = 0; i < base.keys.size(); ++i) {
      if (!present.contains(base.keys[i].text)) missing.push_back(i);
    }
    for (const size_t i : missing) {
      map->keys.push_back(base.keys[i]);
      map->items.push_back(base.items[i]);
    }
  }

  const std::shared_ptr<const std::string> name_;
  Report* const report_;
  size_t nodes_ = 0;
  std::vector<OpenNode> open_;
  std::map<YAML::anchor_t, Anchor> anchors_;
  Node root_;
};

// Reads from the text in place.
class TextBuffer final : public std::streambuf {
 public:
  explicit TextBuffer(absl::string_view text) {
    char* begin = const_cast<char*>(text.data());  // never written: no put area is set
    setg(begin, begin, begin + text.size());
  }
};

// The length of the UTF-8 character that `text` begins with; 0: none.
size_t Utf8Length(absl::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  }
  return length;
}

// Control characters mean that this is no text file: yaml-cpp would read on as if they were letters.
bool CheckIsText(absl::string_view text, const Where& where, Report* report) {
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const size_t length = Utf8Length(text.substr(i));
    i += length;
    if (length > 0 && ((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t' || c == '\r')) continue;
    i -= length;
    report->AddProblem(where, "", absl::StrFormat("not a text file: byte 0x%02x at offset %d", c, i));
    return false;
  }
  return true;
}

}  // namespace

bool ReadYaml(absl::string_view text, const std::string& name, Report* report, Node* out) {
  Where where{std::make_shared<const std::string>(name), 0};
  if (text.size() > kFileBytesMax) {
    report->AddProblem(where, "", absl::StrCat("larger than ", kFileBytesMax >> 20, " MiB"));
    return false;
  }
  if (!CheckIsText(text, where, report)) return false;
  TextBuffer buffer(text);
  std::istream stream(&buffer);
  try {
    YAML::Parser parser(stream);
    TreeBuilder builder(where.file, report);
    if (!parser.HandleNextDocument(builder)) return true;
    *out = builder.Take();
    TreeBuilder second(where.file, report);
    if (parser.HandleNextDocument(second)) {
      where.line = second.Take().where.line;
      report->AddProblem(where, "", "a second YAML document; a configuration is one document");
      return false;
    }
    return true;
  } catch (const Refused& refused) {
    where.line = refused.line;
    report->AddProblem(where, "", refused.message);
  } catch (const YAML::Exception& error) {
    where.line = error.mark.is_null() ? 0 : error.mark.line + 1;
    report->AddProblem(where, "", absl::StrCat("not valid YAML: ", error.msg));
  } catch (const std::exception& error) {
    report->AddProblem(where, "", absl::StrCat("not valid YAML: ", error.what()));
  }
  return false;
}

bool ReadYamlValue(const std::string& text, const Where& where, Node* out) {
  Report quiet;
  if (!ReadYaml(text, "", &quiet, out) || !quiet.problems.empty()) return false;
  const auto relocate = [&where](const auto& self, Node* node) -> void {
    node->where = where;
    for (Node::Key& key : node->keys) key.where = where;
    for (Node& item : node->items) self(self, &item);
  };
  relocate(relocate, out);
  return true;
}

}  // namespace tailrace::config
