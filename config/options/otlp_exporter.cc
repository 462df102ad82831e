// The `otlp` exporter (gRPC).
#include "absl/strings/str_cat.h"
#include "config/options/options.h"

namespace tailrace::config {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using E = OtlpExporterConfig;

Schema<TlsClientConfig> TlsOptions() {
  using T = TlsClientConfig;
  Schema<T> schema;
  schema.Value("insecure", &T::insecure, false, Booleans(), "Plaintext. TLS is on unless this is set.")
      .Value("insecure_skip_verify", &T::insecure_skip_verify, false, Booleans(),
             "Do not verify the server's certificate.")
      .Value("ca_file", &T::ca_file, std::string(), Texts(),
             "Certificates of the authorities to trust. Empty: the host's.")
      .Value("cert_file", &T::cert_file, std::string(), Texts(), "The client's certificate.")
      .Value("key_file", &T::key_file, std::string(), Texts(), "The key of the client's certificate.")
      .Value("server_name_override", &T::server_name_override, std::string(), Texts(),
             "The name to expect in the server's certificate.")
      .NotYet("min_version", "1.2")
      .NotYet("max_version")
      .NotYet("cipher_suites")
      .NotYet("curve_preferences")
      .NotYet("ca_pem")
      .NotYet("cert_pem")
      .NotYet("key_pem")
      .NotYet("reload_interval")
      .NotYet("include_system_ca_certs_pool", "false")
      .NotYet("tpm")
      .Checked([](const T& tls, const Node& node, const Scope& scope) {
        if (tls.cert_file.empty() == tls.key_file.empty()) return;
        scope.Fail(node.where, "cert_file and key_file go together: set both or neither");
      });
  return schema;
}

Schema<RetryConfig> RetryOptions() {
  using R = RetryConfig;
  Schema<R> schema;
  schema.Value("enabled", &R::enabled, true, Booleans(), "Send again what the backend could not take.")
      .Value("initial_interval", &R::initial_interval, Duration(seconds(5)), Durations(), "The first pause.")
      .Value("randomization_factor", &R::randomization_factor, 0.5, Numbers(0, 1),
             "Each pause is up to this share longer or shorter.")
      .Value("multiplier", &R::multiplier, 1.5, Numbers(0, 1000), "Each pause is this much longer than the last.")
      .Value("max_interval", &R::max_interval, Duration(seconds(30)), Durations(), "The longest pause.")
      .Value("max_elapsed_time", &R::max_elapsed_time, Duration(seconds(300)), Durations({seconds(0), hours(24 * 365)}),
             "How long a batch is tried at most. 0s: for ever.")
      .Checked([](const R& retry, const Node& node, const Scope& scope) {
        if (!retry.enabled || retry.max_elapsed_time.count() == 0) return;
        if (retry.max_elapsed_time < retry.initial_interval) {
          scope.Fail(node.where, "'max_elapsed_time' must not be less than 'initial_interval'");
        }
        if (retry.max_elapsed_time < retry.max_interval) {
          scope.Fail(node.where, "'max_elapsed_time' must not be less than 'max_interval'");
        }
      });
  return schema;
}

Schema<QueueConfig> QueueOptions() {
  using Q = QueueConfig;
  Schema<Q> schema;
  schema.Value("enabled", &Q::enabled, true, Booleans(), "Wait in a queue while the backend is busy.")
      .Value("num_consumers", &Q::num_consumers, uint32_t{10}, Integers<uint32_t>(0, 1000),
             "Requests to the backend at a time.")
      .Value("queue_size", &Q::queue_size, uint64_t{1000}, Integers<uint64_t>(),
             "What the queue holds, counted as sizer says.")
      .Value("sizer", &Q::sizer, QueueSizer::kRequests,
             Enums<QueueSizer>(
                 {{"requests", QueueSizer::kRequests}, {"items", QueueSizer::kItems}, {"bytes", QueueSizer::kBytes}}),
             "What queue_size counts: batches, spans or bytes.")
      .NotYet("block_on_overflow", "false")
      .NotYet("storage")
      .NoEffect("wait_for_result", "requests are acknowledged when they are placed in the trace table")
      .NoEffect("batch", "kept traces are batched once for all exporters: the batch processor sets how")
      .Checked([](const Q& queue, const Node& node, const Scope& scope) {
        if (!queue.enabled) return;
        if (queue.queue_size == 0) scope.Child("queue_size").Fail(node.where, "`queue_size` must be positive");
        if (queue.num_consumers == 0) scope.Child("num_consumers").Fail(node.where, "`num_consumers` must be positive");
      });
  return schema;
}

void ReadEndpoint(const Node& node, const Scope& scope, E& exporter) {
  std::string text;
  if (node.IsNull() || !internal::ReadText(node, scope, &text)) return;
  const absl::StatusOr<DialTarget> target = ParseDialTarget(text);
  if (!target.ok()) return scope.Fail(node.where, std::string(target.status().message()));
  exporter.endpoint = target->endpoint;
  // The scheme beats tls::insecure, as in the Collector; options are read in the order of their declaration.
  if (target->scheme == DialTarget::Scheme::kHttp) exporter.tls.insecure = true;
  if (target->scheme == DialTarget::Scheme::kHttps) exporter.tls.insecure = false;
}

void ReadCompression(const Node& node, const Scope& scope, E& exporter) {
  std::string text;
  if (node.IsNull() || !internal::ReadText(node, scope, &text)) return;
  if (text == "gzip" || text == "none") {
    exporter.compression = text;
  } else if (text.empty()) {
    exporter.compression = "none";
  } else if (text == "snappy" || text == "zstd") {
    scope.Fail(node.where, absl::StrCat("\"", text, "\" ", kNotYet, "; allowed: gzip, none"));
  } else {
    scope.Fail(node.where,
               absl::StrCat(node.Describe(), " is not one of gzip, none", DidYouMean(text, {"gzip", "none"})));
  }
}

}  // namespace

Schema<OtlpExporterConfig> OtlpExporterOptions() {
  Schema<E> schema;
  schema.Group("tls", &E::tls, TlsOptions(), "TLS to the backend.")
      .Custom({"endpoint", "host:port", "", "", "The backend. `http://` before it: plaintext; `https://`: TLS."},
              ReadEndpoint, [](const E& exporter) { return Node::Scalar(exporter.endpoint); })
      .Required()
      .Custom({"compression", "word", "gzip", "gzip, none", "How requests are packed."}, ReadCompression,
              [](const E& exporter) { return Node::Scalar(exporter.compression); })
      .WithDefault([](E& exporter) { exporter.compression = "gzip"; })
      .Value("headers", &E::headers, std::map<std::string, std::string>{}, SecretMaps(), "Sent with every request.")
      .Value("timeout", &E::timeout, Duration(seconds(5)), Durations({seconds(0), hours(1)}),
             "How long one request may take. 0s: no limit.")
      .Group("sending_queue", &E::queue, QueueOptions(), "What waits for the backend.")
      .Group("retry_on_failure", &E::retry, RetryOptions(), "What happens when the backend cannot take a batch.")
      .NotYet("auth")
      .NotYet("authority")
      .NotYet("proxy_url")
      .NotYet("balancer_name", "round_robin")
      .NoEffect("wait_for_ready", "a batch waits in the queue until the backend answers")
      .NoEffect("user_agent", "Tailrace names itself")
      .NoEffect("keepalive", "the gRPC library's own settings are used")
      .NoEffect("read_buffer_size", "the gRPC library chooses its buffers")
      .NoEffect("write_buffer_size", "the gRPC library chooses its buffers")
      .NoEffect("middlewares", "there are no middlewares");
  return schema;
}

}  // namespace tailrace::config
