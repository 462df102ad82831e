// The `spanmetrics` connector, and service::tailrace::baselines.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "config/options/options.h"

namespace tailrace::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using M = SpanMetricsConfig;

// What every series has unless it is excluded.
const std::vector<std::string>& OwnDimensions() {
  static const auto& names =
      *new std::vector<std::string>{"service.name", "span.name", "span.kind", "status.code", "collector.instance.id"};
  return names;
}

std::vector<Duration> DefaultBuckets() {
  std::vector<Duration> buckets;
  for (const int ms : {2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10'000, 15'000}) {
    buckets.push_back(milliseconds(ms));
  }
  return buckets;
}

Schema<Dimension> DimensionOptions() {
  Schema<Dimension> schema;
  schema.Value("name", &Dimension::name, std::string(), NonEmptyTexts(), "The attribute's key.")
      .Custom(
          {"default", "text", "", "", "The value where the attribute is missing. None: the label is left out."},
          [](const Node& node, const Scope& scope, Dimension& dimension) {
            std::string text;
            if (!node.IsNull() && internal::ReadText(node, scope, &text)) dimension.fallback = text;
          },
          [](const Dimension& dimension) -> std::optional<Node> {
            if (!dimension.fallback.has_value()) return std::nullopt;
            return Node::Scalar(*dimension.fallback);
          })
      .NotYet("glob");
  return schema;
}

using Dimensions = std::vector<Dimension>;

void ReadDimensions(const Node& node, const Scope& scope, Dimensions* dimensions) {
  if (node.IsNull()) return;
  if (!node.IsList()) return scope.Fail(node.where, absl::StrCat("expected a list, got ", node.Describe()));
  std::vector<std::string> names = OwnDimensions();
  dimensions->clear();
  for (size_t i = 0; i < node.items.size() && !scope.report().full(); ++i) {
    Dimension dimension;
    DimensionOptions().Load(node.items[i], scope.Item(i), dimension);
    if (dimension.name.empty()) {
      scope.Item(i).Fail(node.items[i].where, "must have a name");
    } else if (std::count(names.begin(), names.end(), dimension.name) > 0) {
      scope.Item(i).Fail(node.items[i].where, absl::StrCat("duplicate dimension name \"", dimension.name, "\""));
    }
    names.push_back(dimension.name);
    dimensions->push_back(std::move(dimension));
  }
}

Node PrintDimensions(const Dimensions& dimensions) {
  Node list = Node::List();
  for (const Dimension& dimension : dimensions) list.items.push_back(DimensionOptions().Print(dimension));
  return list;
}

// The key `name` of `schema`: a list of dimensions, which may have a reader of its own.
void AddDimensions(const char* name, Dimensions M::*field, const char* what, Schema<M>* schema,
                   Schema<M>::Reader read = nullptr) {
  if (read == nullptr) {
    read = [field](const Node& node, const Scope& scope, M& metrics) {
      ReadDimensions(node, scope, &(metrics.*field));
    };
  }
  schema->Custom(
      {name, "list", "[]", "name, default", what}, std::move(read),
      [field](const M& metrics) { return PrintDimensions(metrics.*field); },
      [](const std::string& path, std::vector<DocRow>* rows) { DimensionOptions().Describe(path + "[]", rows); });
}

void ReadBuckets(const Node& node, const Scope& scope, M& metrics) {
  constexpr size_t kBucketsMax = 256;
  if (node.IsNull()) return;
  if (!node.IsList()) return scope.Fail(node.where, absl::StrCat("expected a list, got ", node.Describe()));
  if (node.items.size() > kBucketsMax) return scope.Fail(node.where, absl::StrCat("at most ", kBucketsMax, " buckets"));
  std::vector<Duration> buckets;
  for (size_t i = 0; i < node.items.size(); ++i) {
    Duration bound{0};
    if (!Durations({nanoseconds(0), hours(24 * 30)}).read(node.items[i], scope.Item(i), &bound)) return;
    if (!buckets.empty() && bound <= buckets.back()) {
      return scope.Item(i).Fail(node.items[i].where, "buckets must rise");
    }
    buckets.push_back(bound);
  }
  metrics.buckets = std::move(buckets);
}

Node PrintBuckets(const M& metrics) {
  Node list = Node::List();
  for (const Duration bound : metrics.buckets) list.items.push_back(Durations().print(bound));
  return list;
}

Schema<M> HistogramOptions() {
  Schema<M> exponential;
  exponential.Custom(
      {"max_size", "integer", "160", "2 to 1024", "Buckets at most; the resolution gives way."},
      [](const Node& node, const Scope& scope, M& metrics) {
        if (!node.IsNull()) {
          Integers<uint32_t>(2, 1024).read(node, scope, &metrics.exponential_max_size);
        }
      },
      [](const M& metrics) { return Node::Scalar(std::to_string(metrics.exponential_max_size)); });
  Schema<M> explicit_buckets;
  explicit_buckets.Custom(
      {"buckets", "list of durations", "", "rising",
       "Upper bounds. Default: 2, 4, 6, 8, 10, 50, 100, 200, 400 and 800 ms, 1, 1.4, 2, 5, 10 and 15 s."},
      ReadBuckets, PrintBuckets);
  Schema<M> schema;
  schema
      .Custom(
          {"disable", "boolean", "false", "", "No histogram of durations."},
          [](const Node& node, const Scope& scope, M& metrics) {
            bool disable = false;
            if (!node.IsNull() && Booleans().read(node, scope, &disable)) metrics.histogram = !disable;
          },
          [](const M& metrics) { return Booleans().print(!metrics.histogram); })
      .WithDefault([](M& metrics) { metrics.histogram = true; })
      .Value("unit", &M::unit, DurationUnit::kMilliseconds,
             Enums<DurationUnit>({{"ms", DurationUnit::kMilliseconds}, {"s", DurationUnit::kSeconds}}),
             "The unit of durations, and the end of the metric's name.")
      .Custom(
          {"explicit", "map", "", "", "Buckets with fixed bounds."},
          [explicit_buckets](const Node& node, const Scope& scope, M& metrics) {
            explicit_buckets.Load(node, scope, metrics);
          },
          [explicit_buckets](const M& metrics) -> std::optional<Node> {
            if (metrics.exponential_max_size != 0) return std::nullopt;
            return explicit_buckets.Print(metrics);
          },
          [explicit_buckets](const std::string& path, std::vector<DocRow>* rows) {
            explicit_buckets.Describe(path, rows);
          })
      .WithDefault([](M& metrics) { metrics.buckets = DefaultBuckets(); })
      .Custom(
          {"exponential", "map", "", "",
           "Buckets whose bounds are powers; not together with explicit. The text format that `prometheus` shows has "
           "no place for them: like the Collector's it gives the count and the sum."},
          [exponential](const Node& node, const Scope& scope, M& metrics) {
            constexpr uint32_t kDefaultSize = 160;
            metrics.exponential_max_size = kDefaultSize;
            exponential.Load(node, scope, metrics);
          },
          [exponential](const M& metrics) -> std::optional<Node> {
            if (metrics.exponential_max_size == 0) return std::nullopt;
            return exponential.Print(metrics);
          },
          [exponential](const std::string& path, std::vector<DocRow>* rows) { exponential.Describe(path, rows); })
      .Checked([](const M&, const Node& node, const Scope& scope) {
        const Node* exponential_node = node.Find("exponential");
        if (exponential_node == nullptr || node.Find("explicit") == nullptr) return;
        scope.Fail(exponential_node->where, "use either `explicit` or `exponential` buckets histogram");
      });
  AddDimensions("dimensions", &M::histogram_dimensions, "Further attributes that tell series of durations apart.",
                &schema);
  return schema;
}

Schema<M> ExemplarOptions() {
  Schema<M> schema;
  schema
      .Value("enabled", &M::exemplars, false, Booleans(),
             "Series carry the ids of recent spans, of traces that tail_sampling kept, so that the backend has each. "
             "They are shown by a `prometheus` exporter with enable_open_metrics, and come from what "
             "service::tailrace::journal_mib remembers.")
      .Value("max_per_data_point", &M::exemplars_max, uint64_t{5}, Integers<uint64_t>(0, 1000),
             "Of one series at a time; of one bucket only the newest.");
  return schema;
}

Schema<M> EventOptions() {
  Schema<M> schema;
  schema.Value("enabled", &M::events, false, Booleans(), "Counts the events of spans in a metric of their own.");
  AddDimensions("dimensions", &M::event_dimensions,
                "Further attributes that tell series of events apart; at least one. These, and those of all series, "
                "are looked for in the span, then in the event, then in the resource.",
                &schema, [](const Node& node, const Scope& scope, M& metrics) {
                  if (metrics.events) return ReadDimensions(node, scope, &metrics.event_dimensions);
                  const bool given = !node.IsNull() && !(node.IsList() && node.items.empty());
                  if (given) scope.Warn(node.where, "accepted, has no effect: events are not enabled");
                });
  schema.Checked([](const M& metrics, const Node& node, const Scope& scope) {
    if (!metrics.events || !metrics.event_dimensions.empty()) return;
    scope.Child("dimensions").Fail(node.where, "no dimensions configured for events; give the name of an attribute");
  });
  return schema;
}

}  // namespace

Schema<M> SpanMetricsOptions() {
  constexpr char kDeltaOnly[] = "it matters to delta temporality only";
  Schema<M> schema;
  schema
      .Value("namespace", &M::metrics_namespace, std::string("traces.span.metrics"), Texts(),
             "Put before `calls`, `duration` and `events`, with a dot.")
      .Section("histogram", HistogramOptions(), "The histogram of durations.");
  AddDimensions("dimensions", &M::dimensions,
                "Attributes of the span, else of its resource, that tell series apart beside service.name, span.name, "
                "span.kind, status.code and collector.instance.id.",
                &schema);
  AddDimensions("calls_dimensions", &M::calls_dimensions, "Further ones, of calls alone.", &schema);
  schema
      .Value("exclude_dimensions", &M::exclude_dimensions, {}, TextLists(),
             "Of those that every series has: not these. Others are no error and change nothing.")
      .Value("aggregation_cardinality_limit", &M::cardinality_limit, uint64_t{0}, Integers<uint64_t>(0, 10'000'000),
             "Series of one resource; further spans are counted in one with otel.metric.overflow=\"true\". 0: as many "
             "as the memory budget has room for.")
      .Value("resource_metrics_cache_size", &M::resources_max, uint64_t{1000}, Integers<uint64_t>(1, 1'000'000),
             "Resources that have series of their own; spans of further ones are counted in one overflow series.")
      .Value("resource_metrics_key_attributes", &M::resource_key_attributes, {}, TextLists(),
             "Resources that agree in these attributes are one. Empty: in all of them.")
      .Value("metrics_expiration", &M::metrics_expiration, Duration(0), Durations({nanoseconds(0), hours(24 * 30)}),
             "A resource without spans for so long is forgotten at the next scrape, and its series start anew when it "
             "comes back. 0: never.")
      .Section("exemplars", ExemplarOptions(), "Kept traces as examples of what is counted.")
      .Section("events", EventOptions(), "The metric of spans' events.")
      .NotYet("aggregation_temporality", "AGGREGATION_TEMPORALITY_CUMULATIVE")
      .NotYet("series_expiration", "0s")
      .NotYet("include_instrumentation_scope")
      .NotYet("enable_metrics_sampling_method", "false")
      .NoEffect("metrics_flush_interval", "series are read at each scrape")
      .NoEffect("add_resource_attributes", "resources' attributes are always there, for exporters that ask for them")
      .NoEffect("dimensions_cache_size", "aggregation_cardinality_limit bounds the series")
      .NoEffect("metric_timestamp_cache_size", kDeltaOnly);
  return schema;
}

Schema<BaselinesConfig> BaselinesOptions() {
  using B = BaselinesConfig;
  Schema<B> schema;
  schema
      .Value("enabled", &B::enabled, true, Booleans(),
             "Calls, errors and quantiles of each operation, for the page and /api/v1/baselines.")
      .Value("exact_spans_per_second", &B::exact_spans_per_second, uint32_t{150'000}, Integers<uint32_t>(),
             "Up to so many spans a second and shard each is counted; above, one request in several is, and stands for "
             "the others. 0: each one, whatever it costs.");
  return schema;
}

}  // namespace tailrace::config
