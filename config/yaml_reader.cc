#include "config/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <map>
#include <stdexcept>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "config/yaml_text.h"

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
  TreeBuilder(std::shared_ptr<const std::string> name, Report* report, YamlText* source)
      : name_(std::move(name)), report_(report), source_(source) {}

  Node Take() { return std::move(root_); }
  Refused TooManySigns() const {
    return {line_, absl::StrCat("more than ", YamlText::kSignsMax, " signs of YAML's syntax in one value")};
  }

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
    OnEvent(mark);
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

  void OnEvent(const YAML::Mark& mark) {
    source_->OnEvent();
    line_ = mark.line + 1;
  }
  Node NewNode(const YAML::Mark& mark, Node::Kind kind) {
    OnEvent(mark);
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
  YamlText* const source_;
  int line_ = 1;  // of the last event
  size_t nodes_ = 0;
  std::vector<OpenNode> open_;
  std::map<YAML::anchor_t, Anchor> anchors_;
  Node root_;
};

}  // namespace

bool ReadYaml(absl::string_view text, const std::string& name, Report* report, Node* out) {
  Where where{std::make_shared<const std::string>(name), 0};
  if (text.size() > kFileBytesMax) {
    report->AddProblem(where, "", absl::StrCat("larger than ", kFileBytesMax >> 20, " MiB"));
    return false;
  }
  if (!CheckIsText(text, where, report)) return false;
  YamlText source(text);
  std::istream stream(&source);
  TreeBuilder builder(where.file, report, &source);
  try {
    YAML::Parser parser(stream);
    const bool has_document = parser.HandleNextDocument(builder);
    if (source.is_cut()) throw builder.TooManySigns();
    if (!has_document) return true;
    *out = builder.Take();
    TreeBuilder second(where.file, report, &source);
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
    if (source.is_cut()) {
      const Refused refused = builder.TooManySigns();
      where.line = refused.line;
      report->AddProblem(where, "", refused.message);
      return false;
    }
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
