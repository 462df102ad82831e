// The policies of `tail_sampling`: each type has its options under a key of its own name.
#include <array>
#include <functional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "config/components.h"
#include "config/options/options.h"

namespace tailrace::config {
namespace {

// Whether a list of policies is the processor's own or stands inside a policy.
enum class Level { kOuter, kInner };
void LoadPolicyList(const Node& list, const Scope& scope, Level level, std::vector<PolicyConfig>* policies);

Schema<AlwaysSampleConfig> AlwaysSampleOptions() { return {}; }

Schema<LatencyConfig> LatencyOptions() {
  using P = LatencyConfig;
  Schema<P> schema;
  schema
      .Value("threshold_ms", &P::threshold_ms, int64_t{0}, Integers<int64_t>(std::numeric_limits<int64_t>::min() + 1),
             "Keep traces that last longer than this, from the earliest start to the latest end.")
      .Value("upper_threshold_ms", &P::upper_threshold_ms, int64_t{0},
             Integers<int64_t>(std::numeric_limits<int64_t>::min() + 1),
             "Do not keep traces that last longer than this. 0: no upper bound.");
  return schema;
}

Schema<StatusCodeConfig> StatusCodeOptions() {
  using P = StatusCodeConfig;
  Kind<std::vector<std::string>> codes = TextLists();
  codes.type = "list of words";
  codes.allowed = "OK, ERROR, UNSET";
  codes.read = [texts = codes.read](const Node& node, const Scope& scope, std::vector<std::string>* out) {
    if (!texts(node, scope, out)) return false;
    const std::vector<std::string> known = {"OK", "ERROR", "UNSET"};
    for (size_t i = 0; i < out->size(); ++i) {
      const std::string& code = (*out)[i];
      if (code == "OK" || code == "ERROR" || code == "UNSET") continue;
      scope.Item(i).Fail(node.items[i].where, absl::StrCat("unknown status code \"", code.substr(0, 60),
                                                           "\", supported: OK, ERROR, UNSET", DidYouMean(code, known)));
    }
    return true;
  };
  Schema<P> schema;
  schema
      .Value("status_codes", &P::status_codes, std::vector<std::string>{}, std::move(codes),
             "Keep traces with a span of one of these codes.")
      .Checked([](const P& policy, const Node& node, const Scope& scope) {
        const Node* given = node.Find("status_codes");
        if (!policy.status_codes.empty() || (given != nullptr && !given->IsNull() && !given->IsList())) return;
        scope.Fail(node.where, "expected at least one status code to filter on");
      });
  return schema;
}

Schema<ProbabilisticConfig> ProbabilisticOptions() {
  using P = ProbabilisticConfig;
  constexpr double kLargest = 1e6;
  Schema<P> schema;
  schema
      .Value("sampling_percentage", &P::sampling_percentage, 0.0, Numbers(-kLargest, kLargest),
             "Keep this share of all traces, chosen by trace id. 100 and above: all; 0 and below: none.")
      .Value("hash_salt", &P::hash_salt, std::string(), Texts(),
             "Instances with the same salt keep the same traces. Empty: \"default-hash-seed\".")
      .Checked([](const P& policy, const Node& node, const Scope& scope) {
        const Node* given = node.Find("sampling_percentage");
        if (given == nullptr || (policy.sampling_percentage >= 0 && policy.sampling_percentage <= 100)) return;
        scope.Child("sampling_percentage")
            .Warn(given->where,
                  policy.sampling_percentage > 100 ? "above 100: every trace is kept" : "below 0: no trace is kept");
      });
  return schema;
}

// `and`: its policies stand in a list of their own. Their names need not be unique: only the outer one is in the
// metrics.
Schema<AndConfig> AndOptions() {
  using P = AndConfig;
  Kind<std::vector<PolicyConfig>> sub_policies;
  sub_policies.type = "list of policies";
  sub_policies.allowed = "at least one, of any type but `and`";
  sub_policies.read = [](const Node& node, const Scope& scope, std::vector<PolicyConfig>* out) {
    LoadPolicyList(node, scope, Level::kInner, out);
    return true;
  };
  sub_policies.print = PrintPolicies;
  Schema<P> schema;
  schema
      .Value("and_sub_policy", &P::sub_policies, std::vector<PolicyConfig>{}, std::move(sub_policies),
             "Keep traces that every one of these policies keeps.")
      .Checked([](const P&, const Node& node, const Scope& scope) {
        const Node* given = node.Find("and_sub_policy");
        if (given == nullptr || given->IsNull() || (given->IsList() && given->items.empty())) {
          scope.Fail(node.where, "expected at least one policy in and_sub_policy");
        }
      });
  return schema;
}

using Rule = decltype(PolicyConfig::rule);

// How one type of policy is read, printed and described.
struct PolicyType {
  std::string name;
  std::function<Rule(const Node&, const Scope&)> load;
  std::function<std::optional<Node>(const Rule&)> print;  // nothing where the rule is of another type
  std::function<void(const std::string&, std::vector<DocRow>*)> describe;
};

template <class P>
PolicyType Type(std::string name, Schema<P> schema) {
  return {std::move(name),
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
          [schema](const std::string& path, std::vector<DocRow>* rows) { schema.Describe(path, rows); }};
}

// One line a policy type.
const std::vector<PolicyType>& PolicyTypes() {
  static const auto& types = *new std::vector<PolicyType>{
      Type("always_sample", AlwaysSampleOptions()),
      Type("latency", LatencyOptions()),
      Type("status_code", StatusCodeOptions()),
      Type("probabilistic", ProbabilisticOptions()),
      Type("and", AndOptions()),
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
  const std::string text =
      IsKnown(Section::kPolicies, name)
          ? absl::StrCat("policy type \"", name, "\" ", kNotYet)
          : absl::StrCat("unknown sampling policy type ", name.substr(0, 60), SuggestType(Section::kPolicies, name));
  scope.Child("type").Fail(node->where, text);
  return nullptr;
}

void ReadName(const Node& policy, const Scope& scope, std::string* name) {
  const Node* node = policy.Find("name");
  if (node != nullptr && !node->IsNull() && !internal::ReadText(*node, scope.Child("name"), name)) return;
  if (name->empty())
    scope.Child("name").Fail(node == nullptr ? policy.where : node->where, "policy name cannot be empty");
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

void LoadPolicyList(const Node& list, const Scope& scope, Level level, std::vector<PolicyConfig>* policies) {
  if (list.IsNull()) return;
  if (!list.IsList()) return scope.Fail(list.where, absl::StrCat("expected a list of policies, got ", list.Describe()));
  constexpr size_t kPoliciesMax = 1000;
  if (list.items.size() > kPoliciesMax) {
    return scope.Fail(list.where, absl::StrCat("more than ", kPoliciesMax, " policies"));
  }
  absl::flat_hash_map<std::string, int> names;
  for (size_t i = 0; i < list.items.size(); ++i) {
    if (scope.report().full()) return;
    const Node& node = list.items[i];
    const Scope item = scope.Item(i);
    if (!node.IsMap()) {
      item.Fail(node.where, absl::StrCat("expected a policy (a map with name and type), got ", node.Describe()));
      continue;
    }
    PolicyConfig policy;
    policy.at = node.where.ToLocation();
    ReadName(node, item, &policy.name);
    if (level == Level::kOuter && !policy.name.empty() && !names.emplace(policy.name, node.where.line).second) {
      item.Child("name").Fail(node.where, absl::StrCat("duplicate policy name \"", policy.name,
                                                       "\"; the first is at line ", names[policy.name]));
    }
    const PolicyType* type = ReadType(node, item);
    CheckKeys(node, item, type);
    if (type == nullptr) continue;
    if (level == Level::kInner && type->name == "and") {
      item.Child("type").Fail(node.where, "a policy of type and cannot stand inside another one");
      continue;
    }
    Node empty;
    empty.where = node.where;
    const Node* options = node.Find(type->name);
    policy.rule = type->load(options == nullptr ? empty : *options, item.Child(type->name));
    policies->push_back(std::move(policy));
  }
}

}  // namespace

void LoadPolicies(const Node& list, const Scope& scope, std::vector<PolicyConfig>* policies) {
  LoadPolicyList(list, scope, Level::kOuter, policies);
}

Node PrintPolicies(const std::vector<PolicyConfig>& policies) {
  Node list = Node::List();
  for (const PolicyConfig& policy : policies) {
    Node item = Node::Map();
    item.Add("name", Node::Scalar(policy.name));
    for (const PolicyType& type : PolicyTypes()) {
      std::optional<Node> options = type.print(policy.rule);
      if (!options.has_value()) continue;
      item.Add("type", Node::Scalar(type.name));
      item.Add(type.name, *std::move(options));
    }
    list.items.push_back(std::move(item));
  }
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
