// The list of all policy types of `tail_sampling`, and how a policy is read and printed: each type has its options
// under a key of its own name.
#include <algorithm>
#include <functional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "config/components.h"
#include "config/did_you_mean.h"
#include "config/options/policy_options.h"
#include "config/policy_type.h"

namespace tailrace::config {
namespace {

using Rule = decltype(PolicyConfig::rule);

// How one type of policy is read, printed and described.
struct PolicyType {
  std::string name;
  bool (*is)(const Rule&);
  std::function<Rule(const Node&, const Scope&)> load;
  std::function<std::optional<Node>(const Rule&)> print;  // nothing where the rule is of another type
  std::function<void(const std::string&, std::vector<DocRow>*)> describe;
  std::vector<PolicyLevel> levels;  // where it may stand
};

template <class P>
PolicyType Type(std::string name, Schema<P> schema,
                std::vector<PolicyLevel> levels = {PolicyLevel::kTop, PolicyLevel::kInAnd, PolicyLevel::kInComposite,
                                                   PolicyLevel::kInNot}) {
  return {std::move(name),
          [](const Rule& rule) { return std::holds_alternative<P>(rule); },
          [schema](const Node& node, const Scope& scope) -> Rule {
            P policy = schema.Defaults();
            schema.Load(node, scope, policy);
            return policy;
          },
          [schema](const Rule& rule) -> std::optional<Node> {
            const P* policy = std::get_if<P>(&rule);
            if (policy == nullptr) return std::nullopt;
            return schema.Print(*policy);
          },
          [schema](const std::string& path, std::vector<DocRow>* rows) { schema.Describe(path, rows); },
          std::move(levels)};
}

// One line a policy type.
const std::vector<PolicyType>& PolicyTypes() {
  static const auto& types = *new std::vector<PolicyType>{
      Type("always_sample", AlwaysSampleOptions()),
      Type("latency", LatencyOptions()),
      Type("status_code", StatusCodeOptions()),
      Type("probabilistic", ProbabilisticOptions()),
      Type("numeric_attribute", NumericAttributeOptions()),
      Type("boolean_attribute", BooleanAttributeOptions()),
      Type("string_attribute", StringAttributeOptions()),
      Type("rate_limiting", RateLimitingOptions()),
      Type("bytes_limiting", BytesLimitingOptions()),
      Type("span_count", SpanCountOptions()),
      Type("trace_state", TraceStateOptions()),
      Type("trace_flags", TraceFlagsOptions()),
      Type("ottl_condition", OttlConditionOptions()),
      Type("and", AndOptions(), {PolicyLevel::kTop, PolicyLevel::kInComposite}),
      Type("not", NotOptions(), {PolicyLevel::kTop, PolicyLevel::kInAnd}),
      Type("drop", DropOptions(), {PolicyLevel::kTop}),
      Type("composite", CompositeOptions(), {PolicyLevel::kTop}),
  };
  return types;
}

// The policy's type, or nullptr with the problem reported.
const PolicyType* ReadType(const Node& policy, const Scope& scope) {
  const Node* node = policy.Find("type");
  std::string name;
  if (node == nullptr || node->IsNull()) {
    scope.Child("type").Fail(policy.where, "required: the policy's type, such as latency");
    return nullptr;
  }
  if (!internal::ReadText(*node, scope.Child("type"), &name)) return nullptr;
  for (const PolicyType& type : PolicyTypes()) {
    if (type.name == name) return &type;
  }
  scope.Child("type").Fail(node->where, absl::StrCat("unknown sampling policy type ", name.substr(0, 60),
                                                     SuggestType(Section::kPolicies, name)));
  return nullptr;
}

void ReadName(const Node& policy, const Scope& scope, PolicyLevel level, std::string* name) {
  const Node* node = policy.Find("name");
  if (node != nullptr && !node->IsNull() && !internal::ReadText(*node, scope.Child("name"), name)) return;
  if (name->empty() && level == PolicyLevel::kTop) {
    scope.Child("name").Fail(node == nullptr ? policy.where : node->where, "policy name cannot be empty");
  }
}

// Keys of other types: the Collector takes them and does not look at them.
void CheckKeys(const Node& policy, const Scope& scope, const PolicyType* type) {
  for (const Node::Key& key : policy.keys) {
    if (key.text == "name" || key.text == "type" || (type != nullptr && key.text == type->name)) continue;
    if (!IsKnown(Section::kPolicies, key.text)) {
      std::vector<std::string> allowed = TypeNames(Section::kPolicies);
      allowed.insert(allowed.end(), {"name", "type"});
      scope.Child(key.text).Fail(key.where, absl::StrCat("unknown key", DidYouMean(key.text, allowed)));
    } else if (type != nullptr) {
      scope.Child(key.text).Warn(key.where, absl::StrCat("has no effect in a policy of type ", type->name));
    }
  }
}

}  // namespace

void LoadPolicy(const Node& node, const Scope& scope, PolicyLevel level, std::vector<PolicyConfig>* policies) {
  if (!node.IsMap()) {
    return scope.Fail(node.where, absl::StrCat("expected a policy (a map with name and type), got ", node.Describe()));
  }
  PolicyConfig policy;
  policy.at = node.where.ToLocation();
  ReadName(node, scope, level, &policy.name);
  const PolicyType* type = ReadType(node, scope);
  CheckKeys(node, scope, type);
  if (type == nullptr) return;
  if (std::count(type->levels.begin(), type->levels.end(), level) == 0) {
    constexpr const char* kPlaces[] = {"here", "inside and or drop", "inside composite", "inside not"};
    return scope.Child("type").Fail(
        node.Find("type")->where,
        absl::StrCat("a policy of type ", type->name, " cannot stand ", kPlaces[static_cast<size_t>(level)]));
  }
  Node empty;
  empty.where = node.where;
  const Node* options = node.Find(type->name);
  policy.rule = type->load(options == nullptr ? empty : *options, scope.Child(type->name));
  policies->push_back(std::move(policy));
}

void LoadPolicyList(const Node& list, const Scope& scope, PolicyLevel level, std::vector<PolicyConfig>* policies) {
  if (list.IsNull()) return;
  if (!list.IsList()) return scope.Fail(list.where, absl::StrCat("expected a list of policies, got ", list.Describe()));
  constexpr size_t kPoliciesMax = 100'000;
  if (list.items.size() > kPoliciesMax) {
    return scope.Fail(list.where, absl::StrCat("more than ", kPoliciesMax, " policies"));
  }
  absl::flat_hash_map<std::string, int> lines;
  for (size_t i = 0; i < list.items.size(); ++i) {
    if (scope.report().full()) return;
    const Node& node = list.items[i];
    const Node* name = node.Find("name");
    if (level == PolicyLevel::kTop && name != nullptr && name->IsScalar() && !name->text.empty()) {
      const auto [first, is_new] = lines.emplace(name->text, node.where.line);
      if (!is_new) {
        scope.Item(i).Child("name").Fail(node.where, absl::StrCat("duplicate policy name \"", name->text,
                                                                  "\"; the first is at line ", first->second));
      }
    }
    LoadPolicy(node, scope.Item(i), level, policies);
  }
}

void LoadPolicies(const Node& list, const Scope& scope, std::vector<PolicyConfig>* policies) {
  LoadPolicyList(list, scope, PolicyLevel::kTop, policies);
}

std::string PolicyTypeName(const PolicyConfig& policy) {
  for (const PolicyType& type : PolicyTypes()) {
    if (type.is(policy.rule)) return type.name;
  }
  return {};
}

Node PrintPolicy(const PolicyConfig& policy) {
  Node item = Node::Map();
  item.Add("name", Node::Scalar(policy.name));
  for (const PolicyType& type : PolicyTypes()) {
    std::optional<Node> options = type.print(policy.rule);
    if (!options.has_value()) continue;
    item.Add("type", Node::Scalar(type.name));
    item.Add(type.name, *std::move(options));
  }
  return item;
}

Node PrintPolicies(const std::vector<PolicyConfig>& policies) {
  Node list = Node::List();
  for (const PolicyConfig& policy : policies) list.items.push_back(PrintPolicy(policy));
  return list;
}

void DescribePolicies(const std::string& path, std::vector<DocRow>* rows) {
  rows->push_back({path + "[]::name", "text", "required", "not empty, unique", "The name in metrics and messages."});
  rows->push_back({path + "[]::type", "word", "required", "", "The policy's type; its options stand under that name."});
  for (const PolicyType& type : PolicyTypes()) {
    rows->push_back(
        {absl::StrCat(path, "[]::", type.name), "map", "", "", absl::StrCat("Options of type ", type.name, ".")});
    type.describe(absl::StrCat(path, "[]::", type.name), rows);
  }
}

}  // namespace tailrace::config
