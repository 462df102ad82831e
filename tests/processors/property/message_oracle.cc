#include "tests/processors/property/message_oracle.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <utility>

namespace tailrace::testing {
namespace {

using otlp::common::v1::AnyValue;
using otlp::common::v1::KeyValue;
using otlp::trace::v1::Span;
using Attributes = google::protobuf::RepeatedPtrField<KeyValue>;
using Answer = std::optional<bool>;  // nothing: an error, which is no

const AnyValue* Find(const Attributes& attributes, const std::string& key) {
  for (const KeyValue& pair : attributes) {
    if (pair.key() == key) return &pair.value();
  }
  return nullptr;
}

const AnyValue* FindIn(const MessageSpan& at, bool resource, const std::string& key) {
  return Find(resource ? at.resource->attributes() : at.span->attributes(), key);
}

// Of an OTTL path: a value that is there and not empty. Bytes without a byte are nil to the Collector.
const AnyValue* Value(const Attributes& attributes, const std::string& key) {
  const AnyValue* found = Find(attributes, key);
  if (found == nullptr || found->value_case() == AnyValue::VALUE_NOT_SET) return nullptr;
  return found->value_case() == AnyValue::kBytesValue && found->bytes_value().empty() ? nullptr : found;
}

std::optional<double> Number(const AnyValue* value) {
  if (value == nullptr) return {};
  if (value->value_case() == AnyValue::kIntValue) return static_cast<double>(value->int_value());
  if (value->value_case() == AnyValue::kDoubleValue) return value->double_value();
  return {};
}

bool IsText(const AnyValue* value, const std::string& text) {
  return value != nullptr && value->value_case() == AnyValue::kStringValue && value->string_value() == text;
}

std::function<bool(const MessageTrace&)> AnySpan(std::function<bool(const MessageSpan&)> matches) {
  return [matches = std::move(matches)](const MessageTrace& trace) {
    return std::any_of(trace.begin(), trace.end(), matches);
  };
}

OracledPolicy Ottl(const std::string& condition, std::function<Answer(const MessageSpan&)> holds, bool event = false) {
  config::OttlConditionConfig rule{.error_mode = config::ErrorMode::kIgnore};
  (event ? rule.span_event : rule.span).push_back({condition, {}});
  return {{.name = condition, .rule = rule},
          AnySpan([holds = std::move(holds)](const MessageSpan& at) { return holds(at).value_or(false); })};
}

void AddConditionsOfFields(std::vector<OracledPolicy>* all) {
  all->push_back(Ottl("name == \"GET /\"", [](const MessageSpan& at) { return at.span->name() == "GET /"; }));
  all->push_back(Ottl("kind == SPAN_KIND_SERVER", [](const MessageSpan& at) { return at.span->kind() == 2; }));
  all->push_back(Ottl("status.code == STATUS_CODE_ERROR",
                      [](const MessageSpan& at) { return static_cast<int>(at.span->status().code()) == 2; }));
  all->push_back(
      Ottl("status.message != \"\"", [](const MessageSpan& at) { return !at.span->status().message().empty(); }));
  all->push_back(Ottl("end_time_unix_nano - start_time_unix_nano > 1000", [](const MessageSpan& at) {
    return static_cast<int64_t>(at.span->end_time_unix_nano() - at.span->start_time_unix_nano()) > 1000;
  }));
  all->push_back(Ottl("Len(attributes) > 3", [](const MessageSpan& at) { return at.span->attributes_size() > 3; }));
  all->push_back(Ottl("Len(events) > 1", [](const MessageSpan& at) { return at.span->events_size() > 1; }));
  all->push_back(Ottl("Len(links) == 1", [](const MessageSpan& at) { return at.span->links_size() == 1; }));
  all->push_back(Ottl("dropped_attributes_count > 0",
                      [](const MessageSpan& at) { return at.span->dropped_attributes_count() > 0; }));
  all->push_back(Ottl("trace_state == \"\"", [](const MessageSpan& at) { return at.span->trace_state().empty(); }));
  all->push_back(Ottl("scope.name == \"lib\"", [](const MessageSpan& at) { return at.scope->name() == "lib"; }));
  all->push_back(Ottl("scope.attributes[\"k\"] == nil",
                      [](const MessageSpan& at) { return Value(at.scope->attributes(), "k") == nullptr; }));
  all->push_back(Ottl(
      "name == \"retry\"",
      [](const MessageSpan& at) {
        const auto& events = at.span->events();
        return std::any_of(events.begin(), events.end(), [](const Span::Event& e) { return e.name() == "retry"; });
      },
      true));
  all->push_back(Ottl(
      "attributes[\"n\"] == 3",
      [](const MessageSpan& at) {
        const auto& events = at.span->events();
        return std::any_of(events.begin(), events.end(),
                           [](const Span::Event& e) { return Number(Value(e.attributes(), "n")) == 3; });
      },
      true));
}

void AddConditionsOfAttributes(std::vector<OracledPolicy>* all) {
  all->push_back(Ottl("attributes[\"k\"] == \"a\"",
                      [](const MessageSpan& at) { return IsText(Value(at.span->attributes(), "k"), "a"); }));
  all->push_back(Ottl("attributes[\"k\"] == nil",
                      [](const MessageSpan& at) { return Value(at.span->attributes(), "k") == nullptr; }));
  all->push_back(Ottl("resource.attributes[\"k\"] != nil",
                      [](const MessageSpan& at) { return Value(at.resource->attributes(), "k") != nullptr; }));
  all->push_back(Ottl("attributes[\"n\"] > 5", [](const MessageSpan& at) -> Answer {
    const auto number = Number(Value(at.span->attributes(), "n"));
    return number.has_value() && *number > 5;
  }));
  all->push_back(Ottl("attributes[\"d\"] < 0.5", [](const MessageSpan& at) -> Answer {
    const auto number = Number(Value(at.span->attributes(), "d"));
    return number.has_value() && *number < 0.5;
  }));
  // A key of what is no map is an error; of a map that has it not, nil.
  all->push_back(Ottl("attributes[\"m\"][\"n\"] == 1", [](const MessageSpan& at) -> Answer {
    const AnyValue* map = Value(at.span->attributes(), "m");
    if (map == nullptr || map->value_case() != AnyValue::kKvlistValue) return {};
    return Number(Value(map->kvlist_value().values(), "n")) == 1;
  }));
  all->push_back(
      Ottl("attributes[\"b\"] == true or attributes[\"l\"][0] == \"a\"", [](const MessageSpan& at) -> Answer {
        const AnyValue* truth = Value(at.span->attributes(), "b");
        if (truth != nullptr && truth->value_case() == AnyValue::kBoolValue && truth->bool_value()) return true;
        const AnyValue* list = Value(at.span->attributes(), "l");
        if (list == nullptr || list->value_case() != AnyValue::kArrayValue || list->array_value().values().empty())
          return {};
        return IsText(&list->array_value().values(0), "a");
      }));
}

OracledPolicy Status(const std::vector<std::string>& names, const std::set<int>& codes) {
  config::StatusCodeConfig rule{names};
  return {{.name = "status", .rule = rule}, AnySpan([codes](const MessageSpan& at) {
            return codes.contains(static_cast<int>(at.span->status().code()));
          })};
}

// As the Collector's clock has it: a time with the top bit is before 1970, and what is too long is the longest.
int64_t Between(uint64_t begin, uint64_t end) {
  int64_t ns = 0;
  const auto from = static_cast<int64_t>(begin);
  const auto to = static_cast<int64_t>(end);
  if (!__builtin_sub_overflow(to, from, &ns)) return ns;
  return to < from ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
}

OracledPolicy Latency(int64_t threshold_ms) {
  config::LatencyConfig rule{.threshold_ms = threshold_ms};
  return {{.name = "latency", .rule = rule}, [threshold_ms](const MessageTrace& trace) {
            // Span by span, as they came; a time of 0 is none.
            uint64_t begin = 0;
            uint64_t end = 0;
            for (const MessageSpan& at : trace) {
              if (begin == 0 || at.span->start_time_unix_nano() < begin) begin = at.span->start_time_unix_nano();
              if (end == 0 || at.span->end_time_unix_nano() > end) end = at.span->end_time_unix_nano();
              if (Between(begin, end) / 1'000'000 > threshold_ms) return true;
            }
            return false;
          }};
}

OracledPolicy Numeric(int64_t min, int64_t max, bool invert) {
  config::NumericAttributeConfig rule{.key = "n", .min_value = min, .max_value = max, .invert_match = invert};
  const auto within = [min, max](const AnyValue* value) {
    if (value == nullptr) return false;
    const int64_t number = value->value_case() == AnyValue::kIntValue ? value->int_value() : 0;
    return (min == 0 || number >= min) && (max == 0 || number <= max);
  };
  const auto any = AnySpan(
      [within](const MessageSpan& at) { return within(FindIn(at, true, "n")) || within(FindIn(at, false, "n")); });
  return {{.name = "numeric", .rule = rule}, [any, invert](const MessageTrace& trace) { return any(trace) != invert; }};
}

OracledPolicy Boolean(bool wanted) {
  config::BooleanAttributeConfig rule{.key = "b", .value = wanted};
  const auto is = [wanted](const AnyValue* value) {
    return value != nullptr && (value->value_case() == AnyValue::kBoolValue && value->bool_value()) == wanted;
  };
  return {{.name = "boolean", .rule = rule},
          AnySpan([is](const MessageSpan& at) { return is(FindIn(at, true, "b")) || is(FindIn(at, false, "b")); })};
}

OracledPolicy Text(const std::vector<std::string>& values) {
  config::StringAttributeConfig rule{.key = "k"};
  std::set<std::string> wanted;
  for (const std::string& value : values) {
    rule.values.push_back({value, {}});
    if (!value.empty()) wanted.insert(value);
  }
  const auto matches = [wanted](const AnyValue* value) {
    return value != nullptr && value->value_case() == AnyValue::kStringValue && wanted.contains(value->string_value());
  };
  return {{.name = "string", .rule = rule}, AnySpan([matches](const MessageSpan& at) {
            return matches(FindIn(at, true, "k")) || matches(FindIn(at, false, "k"));
          })};
}

}  // namespace

std::vector<OracledPolicy> OracledPolicies() {
  std::vector<OracledPolicy> all;
  all.push_back(Status({"ERROR"}, {2}));
  all.push_back(Status({"OK", "UNSET"}, {0, 1}));
  all.push_back(Latency(0));
  all.push_back(Latency(500));
  all.push_back(Numeric(2, 7, false));
  all.push_back(Numeric(0, -1, false));
  all.push_back(Numeric(3, 0, true));
  all.push_back(Boolean(true));
  all.push_back(Boolean(false));
  all.push_back(Text({"a", "", "é"}));
  all.push_back({{.name = "count", .rule = config::SpanCountConfig{.min_spans = 2, .max_spans = 4}},
                 [](const MessageTrace& trace) { return trace.size() >= 2 && trace.size() <= 4; }});
  all.push_back({{.name = "flags", .rule = config::TraceFlagsConfig{}},
                 AnySpan([](const MessageSpan& at) { return (at.span->flags() & 1) != 0; })});
  AddConditionsOfFields(&all);
  AddConditionsOfAttributes(&all);
  return all;
}

}  // namespace tailrace::testing
