// What the exporters to a backend have in common.
#include "config/options/backend.h"

#include "absl/strings/str_cat.h"

namespace tailrace::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

void CheckNotBoth(const std::string& file, const std::string& pem, const char* name, const Node& node,
                  const Scope& scope) {
  if (file.empty() || pem.empty()) return;
  scope.Fail(node.where, absl::StrCat("provide either ", name, "_file or ", name, "_pem, not both"));
}

void CheckTls(const TlsClientConfig& tls, const Node& node, const Scope& scope) {
  CheckKeyPair({tls.cert_file, tls.cert_pem, tls.key_file, tls.key_pem, tls.min_version, tls.max_version}, node, scope);
  CheckNotBoth(tls.ca_file, tls.ca_pem, "ca", node, scope);
}

// The Collector batches for each exporter; here kept traces are batched once, for all of them.
Schema<QueueConfig> QueueBatchOptions() {
  Schema<QueueConfig> schema;
  for (const char* key : {"flush_timeout", "min_size", "max_size", "sizer", "partition"}) {
    schema.NoEffect(key, "kept traces are batched once for all exporters: the batch processor sets how");
  }
  return schema;
}

Schema<DeadLetterConfig> DeadLetterOptions() {
  using D = DeadLetterConfig;
  Schema<D> schema;
  schema
      .Value(
          "path", &D::path, std::string(), Texts(),
          "A file for what no attempt could deliver, OTLP JSON lines; `tailrace replay-dead-letter` sends them again.")
      .Value("max_megabytes", &D::bytes_max, uint64_t{100} << 20, Mebibytes(1, 1 << 20),
             "Size at which the file is rotated.")
      .Value("max_backups", &D::backups, uint32_t{10}, Integers<uint32_t>(0, 10000), "Rotated files that are kept.");
  return schema;
}

Schema<BackendConfig> AuthOptions() {
  Schema<BackendConfig> schema;
  schema.Value("authenticator", &BackendConfig::authenticator, LocatedText(), References(),
               "An extension: basicauth, bearertokenauth or oauth2client.");
  return schema;
}

}  // namespace

void CheckKeyPair(const KeyPairFields& fields, const Node& node, const Scope& scope) {
  const bool cert = !fields.cert_file.empty() || !fields.cert_pem.empty();
  const bool key = !fields.key_file.empty() || !fields.key_pem.empty();
  if (cert != key) scope.Fail(node.where, "cert_file and key_file go together: set both or neither");
  CheckNotBoth(fields.cert_file, fields.cert_pem, "cert", node, scope);
  CheckNotBoth(fields.key_file, fields.key_pem, "key", node, scope);
  if (!fields.max_version.empty() && fields.max_version < fields.min_version) {
    scope.Fail(node.where, "min_version cannot be greater than max_version");
  }
}

Kind<std::string> OptionalChoices(const std::vector<std::string>& allowed, const std::string& empty) {
  Kind<std::string> kind = Choices(allowed);
  kind.read = [choose = kind.read, empty](const Node& node, const Scope& scope, std::string* out) {
    if (!node.IsScalar() || !node.text.empty()) return choose(node, scope, out);
    *out = empty;
    return true;
  };
  return kind;
}

Schema<TlsClientConfig> TlsOptions() {
  using T = TlsClientConfig;
  const std::vector<std::string> versions = {"1.0", "1.1", "1.2", "1.3"};
  Schema<T> schema;
  schema.Value("insecure", &T::insecure, false, Booleans(), "Plaintext. TLS is on unless this is set.")
      .Value("insecure_skip_verify", &T::insecure_skip_verify, false, Booleans(),
             "Do not verify the server's certificate.")
      .Value("ca_file", &T::ca_file, std::string(), Texts(),
             "Certificates of the authorities to trust. Empty: the host's.")
      .Value("ca_pem", &T::ca_pem, std::string(), Texts(), "The same, in place.")
      .Value("include_system_ca_certs_pool", &T::include_system_ca_certs_pool, false, Booleans(),
             "Trust the host's authorities beside those.")
      .Value("cert_file", &T::cert_file, std::string(), Texts(), "The client's certificate.")
      .Value("cert_pem", &T::cert_pem, std::string(), Texts(), "The same, in place.")
      .Value("key_file", &T::key_file, std::string(), Texts(), "The key of the client's certificate.")
      .Value("key_pem", &T::key_pem, std::string(), SecretTexts(), "The same, in place.")
      .Value("server_name_override", &T::server_name_override, std::string(), Texts(),
             "The name to expect in the server's certificate.")
      .Value("min_version", &T::min_version, std::string("1.2"), Choices(versions), "The oldest TLS.")
      .Value("max_version", &T::max_version, std::string(), OptionalChoices(versions), "The newest TLS. Empty: any.")
      .Value("reload_interval", &T::reload_interval, Duration(0), Durations({seconds(0), hours(24 * 365)}),
             "How often the files are looked at for changes. 0s: never.")
      .NotYet("cipher_suites")
      .NotYet("curve_preferences")
      .NotYet("tpm")
      .Checked(CheckTls);
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
      .Value("overflow", &Q::overflow, QueueOverflow::kDropNewest,
             Enums<QueueOverflow>(
                 {{"drop_newest", QueueOverflow::kDropNewest}, {"drop_oldest", QueueOverflow::kDropOldest}}),
             "Tailrace's own: what a full queue loses.")
      .Value("block_on_overflow", &Q::block_on_overflow, false, Booleans(),
             "A full queue holds the pipeline up: clients are asked to come back later.")
      .Value("storage", &Q::storage, LocatedText(), References(),
             "A storage extension that keeps the queue on disk, such as `file_storage`.")
      .NoEffect("wait_for_result", "requests are acknowledged when they are placed in the trace table")
      .Section("batch", QueueBatchOptions(), "The Collector's batching in the exporter.")
      .Checked([](const Q& queue, const Node& node, const Scope& scope) {
        if (!queue.enabled) return;
        if (queue.queue_size == 0) scope.Child("queue_size").Fail(node.where, "`queue_size` must be positive");
        if (queue.num_consumers == 0) scope.Child("num_consumers").Fail(node.where, "`num_consumers` must be positive");
        if (queue.block_on_overflow && queue.overflow == QueueOverflow::kDropOldest) {
          scope.Child("overflow").Fail(node.where, "a queue that blocks drops nothing: remove one of the two");
        }
      });
  return schema;
}

Schema<BackendConfig> BackendOptions(BackendDefaults defaults) {
  using B = BackendConfig;
  Schema<B> schema;
  schema.Group("tls", &B::tls, TlsOptions(), "TLS to the backend.")
      .Value("compression", &B::compression, std::string("gzip"), OptionalChoices(defaults.compressions, "none"),
             "How requests are packed.")
      .Value("headers", &B::headers, std::map<std::string, std::string>{}, SecretMaps(), "Sent with every request.")
      .Section("auth", AuthOptions(), "Who we are to the backend.")
      .Value("timeout", &B::timeout, defaults.timeout, Durations({seconds(0), hours(1)}),
             "How long one request may take. 0s: no limit.")
      .Group("sending_queue", &B::queue, QueueOptions(), "What waits for the backend.")
      .Group("retry_on_failure", &B::retry, RetryOptions(), "What happens when the backend cannot take a batch.")
      .Group("dead_letter", &B::dead_letter, DeadLetterOptions(), "Tailrace's own: where undeliverable traces go.")
      .Value("proxy_url", &B::proxy_url, std::string(), Urls(Texts()),
             "A proxy to the backend. Empty: by the environment.")
      .NoEffect("user_agent", "Tailrace names itself")
      .NoEffect("read_buffer_size", "the library chooses its buffers")
      .NoEffect("write_buffer_size", "the library chooses its buffers")
      .NoEffect("middlewares", "there are no middlewares");
  return schema;
}

}  // namespace tailrace::config
