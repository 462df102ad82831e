// The loaded configuration as plain values: what config/ produces and everything else reads. Immutable once loaded.
// Defaults, bounds, units and the sentence for docs/CONFIG.md stand in one place each, beside the option's key, in
// config/options/*.cc; the defaults below are those of a value-initialised struct that tests build by hand.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "config/access_model.h"
#include "config/metrics_model.h"
#include "config/model_basics.h"
#include "config/resolver_model.h"

namespace tailrace::config {

// --- receivers -------------------------------------------------------------------------------------------------------

struct ListenerConfig : AccessConfig {
  bool enabled = false;
  std::string host = "localhost";
  uint16_t port = 0;                                 // 0: any free port, logged at start
  uint64_t body_bytes_max = uint64_t{64} << 20;      // as received
  uint64_t inflated_bytes_max = uint64_t{64} << 20;  // after inflating
  uint32_t inflation_ratio_max = 200;                // of a request of more than 4 MiB
  uint32_t streams_max = 256;                        // HTTP/2 streams per connection
  uint32_t overhead_frames_max = 10000;              // per connection, beside requests
  Duration header_timeout = std::chrono::seconds(10);
  Duration body_timeout = std::chrono::seconds(30);
  Duration idle_timeout = std::chrono::minutes(10);
  std::string traces_url_path = "/v1/traces";
};

struct OtlpReceiverConfig {
  ComponentId id;
  Location at;
  ListenerConfig grpc{.port = 4317};
  ListenerConfig http{.port = 4318};
};

// --- processors ------------------------------------------------------------------------------------------------------

struct AlwaysSampleConfig {};
struct LatencyConfig {
  int64_t threshold_ms = 0;
  int64_t upper_threshold_ms = 0;  // 0: none
};
struct StatusCodeConfig {
  std::vector<std::string> status_codes;  // of OK, ERROR, UNSET
};
struct ProbabilisticConfig {
  std::string hash_salt;  // empty: "default-hash-seed"
  double sampling_percentage = 0;
};

struct NumericAttributeConfig {
  std::string key;
  int64_t min_value = 0;  // 0: no bound
  int64_t max_value = 0;  // 0: no bound
  bool invert_match = false;
};
struct BooleanAttributeConfig {
  std::string key;
  bool value = false;
  bool invert_match = false;
};

struct StringAttributeConfig {
  std::string key;
  std::vector<LocatedText> values;
  bool enabled_regex_matching = false;
  uint32_t cache_max_size = 0;  // 0: 128
  bool invert_match = false;
};
struct RateLimitingConfig {
  int64_t spans_per_second = 0;
  int64_t burst_capacity = 0;  // 0 and less: twice the rate
};
struct BytesLimitingConfig {
  int64_t bytes_per_second = 0;
  int64_t burst_capacity = 0;  // 0 and less: twice the rate
};
struct SpanCountConfig {
  int32_t min_spans = 0;
  int32_t max_spans = 0;  // 0: no bound
};
struct TraceStateConfig {
  std::string key;
  std::vector<std::string> values;
};
struct TraceFlagsConfig {};

enum class ErrorMode : uint8_t { kPropagate, kIgnore, kSilent };

struct OttlConditionConfig {
  ErrorMode error_mode = ErrorMode::kSilent;
  std::vector<LocatedText> span;
  std::vector<LocatedText> span_event;
};

struct PolicyConfig;
struct AndConfig {
  std::vector<PolicyConfig> sub_policies;  // leaves and `not`
};
struct NotConfig {
  std::vector<PolicyConfig> sub_policy;  // one leaf
};
struct DropConfig {
  std::vector<PolicyConfig> sub_policies;  // leaves and `not`
};

struct RateAllocation {
  std::string policy;
  int64_t percent = 0;
};
struct CompositeConfig {
  int64_t max_total_spans_per_second = 0;
  std::vector<PolicyConfig> sub_policies;  // leaves and `and`
  std::vector<RateAllocation> rate_allocation;
  std::vector<std::string> policy_order;  // accepted; the order of sub_policies counts
  bool borrow = false;
};

struct PolicyConfig {
  std::string name;
  Location at;
  std::variant<AlwaysSampleConfig, LatencyConfig, StatusCodeConfig, ProbabilisticConfig, AndConfig, NotConfig,
               DropConfig, CompositeConfig, NumericAttributeConfig, BooleanAttributeConfig, StringAttributeConfig,
               RateLimitingConfig, BytesLimitingConfig, SpanCountConfig, TraceStateConfig, TraceFlagsConfig,
               OttlConditionConfig>
      rule;
};

enum class SamplingStrategy : uint8_t { kTraceComplete, kSpanIngest };

struct TailSamplingConfig {
  ComponentId id;
  Location at;
  Duration decision_wait = std::chrono::seconds(30);
  Duration decision_wait_after_root_received{0};  // 0: off
  uint64_t num_traces = 50000;
  uint64_t expected_new_traces_per_sec = 0;  // accepted, not needed
  uint64_t sampled_cache_size = 0;           // 0: ten times num_traces
  uint64_t non_sampled_cache_size = 0;       // 0: ten times num_traces
  bool sample_on_first_match = false;
  bool drop_pending_traces_on_shutdown = false;
  SamplingStrategy sampling_strategy = SamplingStrategy::kTraceComplete;
  bool block_on_overflow = false;
  bool record_policy = false;
  uint64_t maximum_trace_size_bytes = 0;  // 0: off
  uint32_t num_shards = 0;                // accepted; above 1 it becomes EngineConfig::shards
  std::vector<PolicyConfig> policies;
};

// `batch`: how kept traces are gathered before the exporters get them.
struct BatchConfig {
  uint64_t send_batch_size = 8192;   // spans
  uint64_t send_batch_max_size = 0;  // spans; 0: none
  Duration timeout = std::chrono::milliseconds(200);
  uint64_t bytes_max = (uint64_t{4} << 20) - (uint64_t{64} << 10);  // below Jaeger's and the Collector's 4 MiB
};

// --- exporters -------------------------------------------------------------------------------------------------------

struct RetryConfig {
  bool enabled = true;
  Duration initial_interval = std::chrono::seconds(5);
  double randomization_factor = 0.5;
  double multiplier = 1.5;
  Duration max_interval = std::chrono::seconds(30);
  Duration max_elapsed_time = std::chrono::seconds(300);  // 0: for ever
};

enum class QueueSizer : uint8_t { kRequests, kItems, kBytes };

// What goes when a batch finds the queue full.
enum class QueueOverflow : uint8_t { kDropNewest, kDropOldest };

struct QueueConfig {
  bool enabled = true;
  uint32_t num_consumers = 10;
  uint64_t queue_size = 1000;  // in units of sizer
  QueueSizer sizer = QueueSizer::kRequests;
  QueueOverflow overflow = QueueOverflow::kDropNewest;
  bool block_on_overflow = false;
  uint64_t memory_bytes_max = 0;  // of payloads held in memory; not a key: of the memory budget. 0: any number
  LocatedText storage;            // "file_storage/x"; empty: in memory
  int32_t storage_index = -1;     // of `storage` in Config::storages
};

// A file for what no backend would take; an empty path: none.
struct DeadLetterConfig {
  std::string path;
  uint64_t bytes_max = uint64_t{100} << 20;  // of one file, before it is rotated
  uint32_t backups = 10;                     // rotated files that are kept
};

// `oauth2client`: the client credentials grant.
struct OAuth2Config {
  std::string client_id;
  std::string client_id_file;
  std::string client_secret;
  std::string client_secret_file;
  std::string token_url;
  std::vector<std::string> scopes;
  std::map<std::string, std::vector<std::string>> endpoint_params;
  TlsClientConfig tls;
  Duration timeout{0};                               // 0: no limit of its own
  Duration expiry_buffer = std::chrono::minutes(5);  // a token is renewed this long before it ends
};
using AuthConfig = std::variant<std::monostate, BasicAuthConfig, BearerTokenConfig, OAuth2Config>;

// The `file_storage` extension.
enum class StorageSync : uint8_t {
  kProcess,  // survives the process's end, also kill -9
  kHost,     // fsync: survives the host's end
};
struct FileStorageConfig {
  ComponentId id;
  Location at;
  std::string directory = "/var/lib/otelcol/file_storage";
  bool create_directory = true;
  Duration timeout = std::chrono::seconds(1);  // to lock the store
  StorageSync sync = StorageSync::kProcess;
};

// What the exporters to a backend have in common.
struct BackendConfig {
  ComponentId id;
  Location at;
  TlsClientConfig tls;
  std::string compression = "gzip";  // gzip, zstd, none
  std::map<std::string, std::string> headers;
  LocatedText authenticator;  // "basicauth/x"; empty: none
  AuthConfig auth;            // what `authenticator` is
  std::string proxy_url;      // empty: by the environment
  Duration timeout = std::chrono::seconds(5);
  QueueConfig queue;
  RetryConfig retry;
  DeadLetterConfig dead_letter;
};

struct KeepaliveConfig {
  bool enabled = false;
  Duration time = std::chrono::seconds(10);
  Duration timeout = std::chrono::seconds(10);
  bool permit_without_stream = false;
};

struct OtlpExporterConfig : BackendConfig {
  std::string endpoint;  // host:port or a gRPC target (dns:///, unix:///), without http:// or https://
  std::string authority;
  std::string balancer_name = "round_robin";  // or pick_first
  bool marks_hops = false;  // not a key: of a member, so that it knows that the spans have been routed
  KeepaliveConfig keepalive;
};

// What of a span chooses the member that gets it.
enum class RoutingKey : uint8_t { kTraceId, kService, kAttributes };

// `loadbalancing`: each trace to the member that a hash ring gives it.
struct LoadBalancingConfig {
  ComponentId id;
  Location at;
  RoutingKey routing_key = RoutingKey::kTraceId;
  std::vector<std::string> routing_attributes;  // kAttributes
  ResolverConfig resolver;
  uint32_t members_max = 256;
  uint32_t hops_max = 3;  // of spans that come: routed more often, they are refused
  // A connector: what belongs to this process comes out in the pipelines that receive from it.
  bool is_connector = false;
  std::string self;  // a connector: this process as one of the members, host or host:port; empty: by its addresses
  // Not a key: where the pipelines on both sides of it are sent to.
  struct Endpoint {
    std::string host;
    uint16_t port = 0;
  };
  std::vector<Endpoint> own_endpoints;
  // How each member is sent to; its endpoint is the member's. The memory of its queue is that of all members together.
  OtlpExporterConfig member;
};

enum class OtlpEncoding : uint8_t { kProto, kJson };

struct OtlpHttpExporterConfig : BackendConfig {
  std::string url;  // where to POST: the whole traces URL
  OtlpEncoding encoding = OtlpEncoding::kProto;
};

struct FileExporterConfig {
  ComponentId id;
  Location at;
  std::string path;
  bool append = false;
  Duration flush_interval = std::chrono::seconds(1);
};

enum class Verbosity : uint8_t { kBasic, kNormal, kDetailed };

struct DebugExporterConfig {
  ComponentId id;
  Location at;
  Verbosity verbosity = Verbosity::kBasic;
};

struct NopExporterConfig {
  ComponentId id;
  Location at;
};

using ExporterConfig = std::variant<OtlpExporterConfig, OtlpHttpExporterConfig, LoadBalancingConfig, FileExporterConfig,
                                    DebugExporterConfig, NopExporterConfig>;

// --- service ---------------------------------------------------------------------------------------------------------

struct HealthCheckConfig : AccessConfig {
  bool enabled = false;
  std::string host = "localhost";
  uint16_t port = 13133;
  std::string path = "/";
};

struct PprofConfig : AccessConfig {
  bool enabled = false;
  std::string host = "localhost";
  uint16_t port = 1777;
  std::string save_to_file;  // a CPU profile of the whole run; empty: none
};

struct LogsConfig {
  std::string level = "info";        // debug, info, warn, error
  std::string encoding = "console";  // console, json
};

struct MetricsConfig {
  bool enabled = true;  // level: none turns it off
  std::string host = "localhost";
  uint16_t port = 8888;
};

// The page and its API.
struct PageConfig : AccessConfig {
  bool enabled = true;
  std::string host = "localhost";
  uint16_t port = 8080;
  bool is_endpoint_given = false;  // false: where the port is taken Tailrace does without the page
  std::vector<std::string> hosts;  // names beside localhost and addresses by which browsers may know it
};

// What is done to spans while their trace waits.
enum class StorageCompression : uint8_t { kNone, kLz4, kZstd };

// What Tailrace adds: service::tailrace.
struct EngineConfig {
  uint32_t shards = 0;               // 0: one for each processor that this process may use
  uint64_t memory_budget_bytes = 0;  // 0: a share of the cgroup's or the host's memory
  uint64_t connections_max = 20000;
  uint32_t trace_spans_max = 100'000;           // of one trace before it is decided; 0: any number
  uint64_t trace_bytes_max = 0;                 // the same; 0: a sixteenth of a shard's memory for spans
  StorageCompression storage_compression = StorageCompression::kNone;
  uint64_t journal_bytes = uint64_t{32} << 20;  // for recent decisions, at most a sixteenth of the budget; 0: none
  AccessConfig metrics;                         // of /metrics: the Collector has no key for it
  PageConfig page;
  BaselinesConfig baselines;
  Duration shutdown_timeout = std::chrono::seconds(30);
};

struct PipelineConfig {
  std::string id;  // "traces" or "traces/name"
  Location at;
  std::vector<uint32_t> receivers;  // indices into Config::receivers
  int32_t tail_sampling = -1;       // index into Config::tail_samplings; -1: every trace is kept at once
  BatchConfig batch;
  std::vector<uint32_t> exporters;   // indices into Config::exporters
  std::vector<uint32_t> connectors;  // among its exporters: indices into Config::span_metrics
  std::vector<uint32_t> routers;     // among its receivers: connectors that route, indices into Config::exporters
};

struct Config {
  std::vector<OtlpReceiverConfig> receivers;       // only those that a pipeline uses
  std::vector<TailSamplingConfig> tail_samplings;  // one for each pipeline that has one: instances are not shared
  std::vector<ExporterConfig> exporters;           // only those that a pipeline uses
  std::vector<FileStorageConfig> storages;         // only those that an exporter uses
  std::vector<PipelineConfig> pipelines;
  std::vector<SpanMetricsConfig> span_metrics;                 // only those that a pipeline uses
  std::vector<PrometheusExporterConfig> prometheus_exporters;  // likewise
  std::vector<MetricsPipelineConfig> metrics_pipelines;
  HealthCheckConfig health_check;
  PprofConfig pprof;
  LogsConfig logs;
  MetricsConfig metrics;
  EngineConfig engine;
  std::vector<std::string> warnings;  // to be logged at start ("key accepted, has no effect because ...")
};

}  // namespace tailrace::config
