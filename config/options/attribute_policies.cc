// The policies that read spans: attributes, trace state, flags and OTTL conditions.
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "config/options/policy_options.h"

namespace tailrace::config {
namespace {

Kind<std::vector<LocatedText>> LocatedTexts() {
  Kind<std::vector<LocatedText>> kind;
  kind.type = "list of texts";
  kind.read = [texts = TextLists()](const Node& node, const Scope& scope, std::vector<LocatedText>* out) {
    std::vector<std::string> read;
    if (!texts.read(node, scope, &read)) return false;
    out->clear();
    for (size_t i = 0; i < read.size(); ++i) out->push_back({std::move(read[i]), node.items[i].where.ToLocation()});
    return true;
  };
  kind.print = [](const std::vector<LocatedText>& value) {
    Node list = Node::List();
    for (const LocatedText& text : value) list.items.push_back(Node::Scalar(text.text));
    return list;
  };
  return kind;
}

Kind<ErrorMode> ErrorModes() {
  Kind<ErrorMode> kind = Enums<ErrorMode>(
      {{"propagate", ErrorMode::kPropagate}, {"ignore", ErrorMode::kIgnore}, {"silent", ErrorMode::kSilent}});
  kind.read = [read = kind.read](const Node& node, const Scope& scope, ErrorMode* out) {
    Node lower = node;
    if (lower.IsScalar()) absl::AsciiStrToLower(&lower.text);
    return read(lower, scope, out);
  };
  return kind;
}

constexpr char kKeySentence[] = "The attribute's key; resources and spans are looked at.";
constexpr char kInvertSentence[] = "Keep the traces in which no resource and no span matches.";

bool IsSet(const Node& node, absl::string_view key) {
  const Node* given = node.Find(key);
  return given != nullptr && !given->IsNull();
}

}  // namespace

Schema<NumericAttributeConfig> NumericAttributeOptions() {
  using P = NumericAttributeConfig;
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min() + 1;
  Schema<P> schema;
  schema.Value("key", &P::key, std::string(), Texts(), kKeySentence)
      .Value("min_value", &P::min_value, int64_t{0}, Integers<int64_t>(kLeast),
             "Match whole numbers from this on; a value of another type counts as 0. 0: no lower bound.")
      .Value("max_value", &P::max_value, int64_t{0}, Integers<int64_t>(kLeast),
             "Match whole numbers up to this. 0: no upper bound.")
      .Value("invert_match", &P::invert_match, false, Booleans(), kInvertSentence)
      .Checked([](const P& policy, const Node& node, const Scope& scope) {
        if (policy.min_value == 0 && policy.max_value == 0) {
          return scope.Fail(node.where, "at least one of min_value or max_value must be set (0 means not set)");
        }
        if (policy.min_value != 0 && policy.max_value != 0 && policy.min_value > policy.max_value) {
          scope.Fail(node.where, absl::StrCat("min_value ", policy.min_value, " is above max_value ", policy.max_value,
                                              ": no number would match"));
        }
      });
  return schema;
}

Schema<BooleanAttributeConfig> BooleanAttributeOptions() {
  using P = BooleanAttributeConfig;
  Schema<P> schema;
  schema.Value("key", &P::key, std::string(), Texts(), kKeySentence)
      .Value("value", &P::value, false, Booleans(), "What matches; a value of another type counts as false.")
      .Value("invert_match", &P::invert_match, false, Booleans(), kInvertSentence);
  return schema;
}

Schema<StringAttributeConfig> StringAttributeOptions() {
  using P = StringAttributeConfig;
  Schema<P> schema;
  schema.Value("key", &P::key, std::string(), Texts(), kKeySentence)
      .Value("values", &P::values, std::vector<LocatedText>{}, LocatedTexts(),
             "Texts, or regular expressions, of which one must match. Empty texts match nothing.")
      .Value("enabled_regex_matching", &P::enabled_regex_matching, false, Booleans(),
             "Take values as regular expressions (RE2, found anywhere in the text).")
      .Value("cache_max_size", &P::cache_max_size, 0U, Integers<uint32_t>(0, 1'000'000),
             "Texts whose result is remembered, for regular expressions. 0: 128.")
      .Value("invert_match", &P::invert_match, false, Booleans(), kInvertSentence);
  return schema;
}

Schema<TraceStateConfig> TraceStateOptions() {
  using P = TraceStateConfig;
  Schema<P> schema;
  schema.Value("key", &P::key, std::string(), Texts(), "The member's key in the W3C trace state of a span.")
      .Value("values", &P::values, std::vector<std::string>{}, TextLists(),
             "Values of which one must be the member's; with its key below 256 bytes.");
  return schema;
}

Schema<TraceFlagsConfig> TraceFlagsOptions() { return {}; }

Schema<OttlConditionConfig> OttlConditionOptions() {
  using P = OttlConditionConfig;
  Schema<P> schema;
  schema
      .Value("error_mode", &P::error_mode, ErrorMode::kSilent, ErrorModes(),
             "What an error in a condition does: propagate ends the policy's vote; the others take the condition as "
             "not true. As in the Collector, leaving it out means silent.")
      .Value("span", &P::span, std::vector<LocatedText>{}, LocatedTexts(),
             "OTTL conditions, asked of each span; one that is true keeps the trace.")
      .Value("spanevent", &P::span_event, std::vector<LocatedText>{}, LocatedTexts(),
             "OTTL conditions, asked of each event of each span; one that is true keeps the trace.")
      .Checked([](const P& policy, const Node& node, const Scope& scope) {
        if (!policy.span.empty() || !policy.span_event.empty()) return;
        for (const char* key : {"span", "spanevent"}) {
          if (IsSet(node, key) && !node.Find(key)->IsList()) return;  // reported already
        }
        scope.Fail(node.where, "expected at least one OTTL condition to filter on");
      });
  return schema;
}

}  // namespace tailrace::config
