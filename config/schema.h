// The declaration of a component's options: key, kind, default, one sentence and the member it goes to. Everything is
// made from it: loading and validation (Load), the defaults (Defaults), printing (Print) and docs/CONFIG.md (Describe).
// To add an option is one line in options/.
//
//   Schema<BatchConfig>()
//       .Value("timeout", &BatchConfig::timeout, 200ms, Durations(), "How long a span waits at most ...")
//       .NoEffect("metadata_keys", "Tailrace has no client metadata")
//
// Built on one thread, then immutable.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "config/did_you_mean.h"
#include "config/endpoint.h"
#include "config/kinds.h"
#include "config/node.h"
#include "config/report.h"

namespace tailrace::config {

// One line of docs/CONFIG.md.
struct DocRow {
  std::string key;  // path below the component
  std::string type;
  std::string fallback;
  std::string allowed;
  std::string sentence;
};

template <class T>
class Schema {
 public:
  using Reader = std::function<void(const Node&, const Scope&, T&)>;
  using Printer = std::function<std::optional<Node>(const T&)>;
  using Describer = std::function<void(const std::string& path, std::vector<DocRow>*)>;
  using Check = std::function<void(const T&, const Node&, const Scope&)>;

  // A value of one member, of T or of a base of it.
  template <class V, class B>
  Schema& Value(std::string key, V B::*member, V fallback, Kind<V> kind, std::string sentence) {
    Option option = Named(std::move(key), kind.type, sentence);
    option.doc.allowed = kind.allowed;
    const Node printed = kind.print(fallback);
    option.doc.fallback = printed.IsScalar() ? printed.text : printed.IsMap() ? "{}" : "[]";
    option.set_default = [member, fallback](T& object) { object.*member = fallback; };
    option.load = [member, kind](const Node& node, const Scope& scope, T& object) {
      if (!node.IsNull()) kind.read(node, scope, &(object.*member));
    };
    option.print = [member, kind](const T& object) { return kind.print(object.*member); };
    return Append(std::move(option));
  }

  // `host:port` in one text, two members of the struct.
  Schema& HostPort(std::string key, std::string T::*host, uint16_t T::*port, std::string default_host,
                   uint16_t default_port, std::string sentence) {
    Option option = Named(std::move(key), "host:port", std::move(sentence));
    option.doc.fallback = JoinHostPort(default_host, default_port);
    option.set_default = [=](T& object) {
      object.*host = default_host;
      object.*port = default_port;
    };
    option.load = [=](const Node& node, const Scope& scope, T& object) {
      if (!node.IsNull()) ReadHostPort(node, scope, &(object.*host), &(object.*port));
    };
    option.print = [=](const T& object) { return Node::Scalar(JoinHostPort(object.*host, object.*port)); };
    return Append(std::move(option));
  }

  // A map of options that go to a member struct. `on_present`: what the mere presence of the key does.
  template <class M, class B>
  Schema& Group(std::string key, M B::*member, Schema<M> schema, std::string sentence,
                std::type_identity_t<std::function<void(M&)>> on_present = nullptr,
                std::type_identity_t<std::function<bool(const M&)>> is_present = nullptr) {
    Option option = Named(std::move(key), "map", std::move(sentence));
    option.set_default = [member, schema](T& object) { schema.SetDefaults(object.*member); };
    option.load = [member, schema, on_present](const Node& node, const Scope& scope, T& object) {
      if (on_present != nullptr) on_present(object.*member);
      schema.Load(node, scope, object.*member);
    };
    option.print = [member, schema, is_present](const T& object) -> std::optional<Node> {
      if (is_present != nullptr && !is_present(object.*member)) return std::nullopt;
      return schema.Print(object.*member);
    };
    option.describe = [schema](const std::string& path, std::vector<DocRow>* rows) { schema.Describe(path, rows); };
    return Append(std::move(option));
  }

  // All options of a base of T.
  template <class B>
  Schema& Base(const Schema<B>& base) {
    static_assert(std::is_base_of_v<B, T>);
    for (const auto& from : base.options_) {
      Option option;
      option.doc = from.doc;
      option.required = from.required;
      if (from.set_default != nullptr) option.set_default = from.set_default;
      option.load = [load = from.load](const Node& node, const Scope& scope, T& object) { load(node, scope, object); };
      if (from.print != nullptr) option.print = from.print;
      option.describe = from.describe;
      Append(std::move(option));
    }
    for (const auto& check : base.checks_) checks_.push_back(check);
    return *this;
  }

  // A map of options that go to the same struct.
  Schema& Section(std::string key, Schema<T> schema, std::string sentence) {
    Option option = Named(std::move(key), "map", std::move(sentence));
    option.set_default = [schema](T& object) { schema.SetDefaults(object); };
    option.load = [schema](const Node& node, const Scope& scope, T& object) { schema.Load(node, scope, object); };
    option.print = [schema](const T& object) { return schema.Print(object); };
    option.describe = [schema](const std::string& path, std::vector<DocRow>* rows) { schema.Describe(path, rows); };
    return Append(std::move(option));
  }

  // What no kind fits.
  Schema& Custom(DocRow doc, Reader load, Printer print = nullptr, Describer describe = nullptr) {
    Option option;
    option.doc = std::move(doc);
    option.load = std::move(load);
    option.print = std::move(print);
    option.describe = std::move(describe);
    return Append(std::move(option));
  }

  // A key of the Collector that changes nothing here: accepted, with a warning that says why.
  Schema& NoEffect(std::string key, std::string why) {
    Option option = Named(std::move(key), "-", absl::StrCat("No effect: ", why, "."));
    option.load = [why](const Node& node, const Scope& scope, T&) {
      if (!node.IsNull()) scope.Warn(node.where, absl::StrCat("accepted, has no effect: ", why));
    };
    return Append(std::move(option));
  }

  // A key of the Collector that would change results and is not done yet: only `harmless` is accepted.
  Schema& NotYet(std::string key, std::string harmless = "") {
    Option option = Named(std::move(key), "-", harmless.empty() ? "Not yet." : "Not yet; only `" + harmless + "`.");
    option.load = [harmless](const Node& node, const Scope& scope, T&) {
      if (node.IsNull() || (!harmless.empty() && node.IsScalar() && node.text == harmless)) return;
      scope.Fail(node.where, harmless.empty() ? std::string(kNotYet) : absl::StrCat(kNotYet, "; allowed: ", harmless));
    };
    return Append(std::move(option));
  }

  // The last option must be given.
  Schema& Required() {
    options_.back().required = true;
    options_.back().doc.fallback = "required";
    return *this;
  }
  // The last option is read but not printed: another key prints its member.
  Schema& Unprinted() {
    options_.back().print = nullptr;
    return *this;
  }
  // The last option's default, where Custom() made it.
  Schema& WithDefault(std::function<void(T&)> set_default) {
    options_.back().set_default = std::move(set_default);
    return *this;
  }
  // What follows from the last option being given; a later option may override it.
  Schema& Also(std::function<void(T&)> then) {
    options_.back().load = [load = options_.back().load, then](const Node& node, const Scope& scope, T& object) {
      load(node, scope, object);
      if (!node.IsNull()) then(object);
    };
    return *this;
  }
  // Runs after all options have been read.
  Schema& Checked(Check check) {
    checks_.push_back(std::move(check));
    return *this;
  }

  void Load(const Node& node, const Scope& scope, T& object) const {
    if (!node.IsNull() && !node.IsMap()) {
      return scope.Fail(node.where, absl::StrCat("expected a map of options, got ", node.Describe()));
    }
    for (const Node::Key& key : node.keys) {
      if (scope.report().full()) return;
      if (Find(key.text) == nullptr) {
        scope.Child(key.text).Fail(key.where, absl::StrCat("unknown key", Suggest(key.text)));
      }
    }
    // In the order of declaration, so that an option may build on an earlier one whatever the file's order.
    for (const Option& option : options_) {
      const Node* given = node.Find(option.doc.key);
      const Scope child = scope.Child(option.doc.key);
      if (given != nullptr) option.load(*given, child, object);
      if (option.required && (given == nullptr || given->IsNull())) {
        child.Fail(node.where, absl::StrCat("required: ", option.doc.sentence));
      }
    }
    for (const Check& check : checks_) check(object, node, scope);
  }

  void SetDefaults(T& object) const {
    for (const Option& option : options_) {
      if (option.set_default != nullptr) option.set_default(object);
    }
  }
  T Defaults() const {
    T object{};
    SetDefaults(object);
    return object;
  }

  Node Print(const T& object) const {
    Node map = Node::Map();
    for (const Option& option : options_) {
      if (option.print == nullptr) continue;
      std::optional<Node> value = option.print(object);
      if (value.has_value()) map.Add(option.doc.key, *std::move(value));
    }
    return map;
  }

  void Describe(const std::string& path, std::vector<DocRow>* rows) const {
    for (const Option& option : options_) {
      DocRow row = option.doc;
      row.key = path.empty() ? row.key : absl::StrCat(path, "::", row.key);
      rows->push_back(row);
      if (option.describe != nullptr) option.describe(row.key, rows);
    }
  }

 private:
  template <class U>
  friend class Schema;

  struct Option {
    DocRow doc;
    bool required = false;
    Reader load;
    Printer print;                        // null: not printed
    std::function<void(T&)> set_default;  // null: nothing to set
    Describer describe;                   // groups: their rows
  };

  static Option Named(std::string key, std::string type, std::string sentence) {
    Option option;
    option.doc = {std::move(key), std::move(type), "", "", std::move(sentence)};
    return option;
  }
  Schema& Append(Option option) {
    options_.push_back(std::move(option));
    return *this;
  }
  const Option* Find(absl::string_view key) const {
    for (const Option& option : options_) {
      if (option.doc.key == key) return &option;
    }
    return nullptr;
  }
  std::string Suggest(absl::string_view key) const {
    std::vector<std::string> keys;
    for (const Option& option : options_) keys.push_back(option.doc.key);
    const std::string near = DidYouMean(key, keys);
    return near.empty() ? absl::StrCat("; allowed: ", internal::Join(keys)) : near;
  }

  std::vector<Option> options_;
  std::vector<Check> checks_;
};

}  // namespace tailrace::config
