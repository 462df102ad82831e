// The policies that are made of policies.
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "config/options/policy_options.h"

namespace tailrace::config {
namespace {

Kind<std::vector<PolicyConfig>> SubPolicies(PolicyLevel level, std::string allowed) {
  Kind<std::vector<PolicyConfig>> kind;
  kind.type = "list of policies";
  kind.allowed = std::move(allowed);
  kind.read = [level](const Node& node, const Scope& scope, std::vector<PolicyConfig>* out) {
    LoadPolicyList(node, scope, level, out);
    return true;
  };
  kind.print = PrintPolicies;
  return kind;
}

template <class P>
typename Schema<P>::Check AtLeastOne(const char* key) {
  return [key](const P&, const Node& node, const Scope& scope) {
    const Node* given = node.Find(key);
    if (given == nullptr || given->IsNull() || (given->IsList() && given->items.empty())) {
      scope.Fail(node.where, absl::StrCat("expected at least one policy in ", key));
    }
  };
}

Schema<RateAllocation> RateAllocationOptions() {
  using P = RateAllocation;
  Schema<P> schema;
  schema.Value("policy", &P::policy, std::string(), Texts(), "The policy's name.")
      .Value("percent", &P::percent, int64_t{0}, Integers<int64_t>(std::numeric_limits<int64_t>::min() + 1),
             "Its share of max_total_spans_per_second. 0 and below: an equal share.");
  return schema;
}

Kind<std::vector<RateAllocation>> RateAllocations() {
  Kind<std::vector<RateAllocation>> kind;
  kind.type = "list of policy and percent";
  kind.read = [](const Node& node, const Scope& scope, std::vector<RateAllocation>* out) {
    if (!node.IsList()) {
      scope.Fail(node.where, absl::StrCat("expected a list, got ", node.Describe()));
      return false;
    }
    const Schema<RateAllocation> schema = RateAllocationOptions();
    out->clear();
    for (size_t i = 0; i < node.items.size() && !scope.report().full(); ++i) {
      out->push_back(schema.Defaults());
      schema.Load(node.items[i], scope.Item(i), out->back());
    }
    return true;
  };
  kind.print = [](const std::vector<RateAllocation>& value) {
    const Schema<RateAllocation> schema = RateAllocationOptions();
    Node list = Node::List();
    for (const RateAllocation& allocation : value) list.items.push_back(schema.Print(allocation));
    return list;
  };
  return kind;
}

// What the Collector takes and ignores, and what hardly anybody means.
void CheckComposite(const CompositeConfig& policy, const Node& node, const Scope& scope) {
  absl::flat_hash_set<std::string> children;
  std::vector<std::string> order;
  for (const PolicyConfig& child : policy.sub_policies) {
    children.insert(child.name);
    order.push_back(child.name);
  }
  for (size_t i = 0; i < policy.rate_allocation.size() && !scope.report().full(); ++i) {
    const std::string& name = policy.rate_allocation[i].policy;
    if (children.contains(name)) continue;
    scope.Child("rate_allocation").Item(i).Warn(node.where, absl::StrCat("no policy is named \"", name, "\" here"));
  }
  if (!policy.policy_order.empty() && policy.policy_order != order) {
    scope.Child("policy_order")
        .Warn(node.where,
              "has no effect, as in the Collector: policies are asked in the order of composite_sub_policy");
  }
  if (policy.max_total_spans_per_second <= 0) {
    scope.Child("max_total_spans_per_second").Warn(node.where, "0: no trace is kept");
  }
}

}  // namespace

Schema<AndConfig> AndOptions() {
  using P = AndConfig;
  Schema<P> schema;
  schema
      .Value("and_sub_policy", &P::sub_policies, std::vector<PolicyConfig>{},
             SubPolicies(PolicyLevel::kInAnd, "at least one, of any type but `and`, `drop`, `composite`"),
             "Keep traces that every one of these policies keeps.")
      .Checked(AtLeastOne<P>("and_sub_policy"));
  return schema;
}

Schema<NotConfig> NotOptions() {
  using P = NotConfig;
  Kind<std::vector<PolicyConfig>> sub_policy;
  sub_policy.type = "policy";
  sub_policy.allowed = "of any type but `and`, `not`, `drop`, `composite`";
  sub_policy.read = [](const Node& node, const Scope& scope, std::vector<PolicyConfig>* out) {
    LoadPolicy(node, scope, PolicyLevel::kInNot, out);
    return true;
  };
  sub_policy.print = [](const std::vector<PolicyConfig>& value) {
    return value.empty() ? Node::Map() : PrintPolicy(value.front());
  };
  Schema<P> schema;
  schema
      .Value("not_sub_policy", &P::sub_policy, std::vector<PolicyConfig>{}, std::move(sub_policy),
             "Keep traces that this policy does not keep.")
      .Required();
  return schema;
}

Schema<DropConfig> DropOptions() {
  using P = DropConfig;
  Schema<P> schema;
  schema
      .Value("drop_sub_policy", &P::sub_policies, std::vector<PolicyConfig>{},
             SubPolicies(PolicyLevel::kInAnd, "at least one, of any type but `and`, `drop`, `composite`"),
             "Drop traces that every one of these policies keeps; asked before all other policies.")
      .Checked(AtLeastOne<P>("drop_sub_policy"));
  return schema;
}

Schema<CompositeConfig> CompositeOptions() {
  using P = CompositeConfig;
  Schema<P> schema;
  schema
      .Value("max_total_spans_per_second", &P::max_total_spans_per_second, int64_t{0},
             Integers<int64_t>(std::numeric_limits<int64_t>::min() + 1),
             "What the shares are of, in spans of each second of the clock. No single policy gets more.")
      .Value("composite_sub_policy", &P::sub_policies, std::vector<PolicyConfig>{},
             SubPolicies(PolicyLevel::kInComposite, "at least one, of any type but `not`, `drop`, `composite`"),
             "Asked in this order; the first one that keeps the trace decides: kept while its share lasts, else not.")
      .Value("rate_allocation", &P::rate_allocation, std::vector<RateAllocation>{}, RateAllocations(),
             "The policies' shares. A policy that is not named has an equal share: the total by the number of "
             "policies.")
      .Value("policy_order", &P::policy_order, std::vector<std::string>{}, TextLists(),
             "Accepted; the order of composite_sub_policy counts, as in the Collector.")
      .Value("borrow", &P::borrow, false, Booleans(),
             "Only in Tailrace. true: a policy whose share of the second is used up may keep a trace as long as all "
             "policies together stay within max_total_spans_per_second. A share is not taken away by lending it: "
             "traces within it are still kept.")
      .Checked(AtLeastOne<P>("composite_sub_policy"))
      .Checked(CheckComposite);
  return schema;
}

}  // namespace tailrace::config
