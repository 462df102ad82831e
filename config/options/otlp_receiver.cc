// The `otlp` receiver: one listener for each of its protocols.
#include "config/options/options.h"

namespace tailrace::config {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using L = ListenerConfig;

constexpr char kConnectionSetting[] = "the listener chooses its own buffers and socket settings";

// What both listeners have. Both answer gRPC and HTTP alike, so both take the HTTP names of the time-outs.
void AddTimeouts(Schema<L>* schema) {
  schema
      ->Value("read_header_timeout", &L::header_timeout, Duration(seconds(10)), Durations({seconds(0), hours(24)}),
              "How long a client may take to send a request's headers. 0s: no limit.")
      .Value("read_timeout", &L::body_timeout, Duration(seconds(30)), Durations({seconds(0), hours(24)}),
             "How long a client may take to send a request's body. 0s: no limit.")
      .Value("idle_timeout", &L::idle_timeout, Duration(minutes(10)), Durations({seconds(0), hours(24)}),
             "How long a connection may stand without a request. 0s: no limit.")
      .Value("max_concurrent_streams", &L::streams_max, uint32_t{256}, Integers<uint32_t>(1, 1'000'000),
             "Requests that one HTTP/2 connection may have open at a time.")
      .Value("max_inflation_ratio", &L::inflation_ratio_max, uint32_t{200}, Integers<uint32_t>(10, 1'000'000),
             "How many times its compressed size a request of more than 4 MiB may be. A larger one costs far more to "
             "unpack than to send.")
      .Value("max_overhead_frames", &L::overhead_frames_max, uint32_t{10000}, Integers<uint32_t>(1000, 1'000'000'000),
             "HTTP/2 frames and HTTP/1.1 chunks beside requests and their bodies that one connection may send before "
             "it is closed. A request earns 256 of them back, 256 bytes of a body one.");
}

void AddTransport(Schema<L>* schema) {
  schema->Base(AccessOptions())
      .NotYet("transport", "tcp")
      .NotYet("middlewares")
      .NoEffect("include_metadata", "no component reads client metadata");
}

Schema<L> GrpcOptions() {
  Schema<L> schema;
  schema
      .HostPort("endpoint", &L::host, &L::port, "localhost", 4317,
                "Where to listen. `:4317` and `0.0.0.0:4317`: every address; port 0: any free one.")
      .Value("max_recv_msg_size_mib", &L::body_bytes_max, uint64_t{64} << 20, Mebibytes(1, 2047),
             "Largest request, as received; also after inflating unless `max_inflated_msg_size_mib` says otherwise.")
      .Also([](L& listener) { listener.inflated_bytes_max = listener.body_bytes_max; })
      .Value("max_inflated_msg_size_mib", &L::inflated_bytes_max, uint64_t{64} << 20, Mebibytes(1, 2047),
             "Largest request after inflating.");
  AddTimeouts(&schema);
  Schema<L> server_parameters;
  server_parameters
      .Value("max_connection_idle", &L::idle_timeout, Duration(minutes(10)), Durations({seconds(0), hours(24)}),
             "The Collector's name of `idle_timeout`.")
      .Unprinted()
      .NoEffect("max_connection_age", "connections are not closed by age")
      .NoEffect("max_connection_age_grace", "connections are not closed by age")
      .NoEffect("time", "the listener sends no keepalive pings")
      .NoEffect("timeout", "the listener sends no keepalive pings");
  Schema<L> keepalive;
  keepalive.Section("server_parameters", server_parameters, "Keepalive, as the Collector has it.")
      .Unprinted()
      .NoEffect("enforcement_policy", "pings are bounded by the listener's own limits");
  schema.Section("keepalive", keepalive, "Keepalive, as the Collector has it.").Unprinted();
  schema.NoEffect("read_buffer_size", kConnectionSetting).NoEffect("write_buffer_size", kConnectionSetting);
  AddTransport(&schema);
  return schema;
}

Schema<L> HttpOptions() {
  Schema<L> schema;
  schema
      .HostPort("endpoint", &L::host, &L::port, "localhost", 4318,
                "Where to listen. `:4318` and `0.0.0.0:4318`: every address; port 0: any free one.")
      .Value("max_request_body_size", &L::body_bytes_max, uint64_t{64} << 20,
             Integers<uint64_t>(1024, uint64_t{2047} << 20),
             "Largest request in bytes, as received; also after inflating unless `max_inflated_body_size` says "
             "otherwise.")
      .Also([](L& listener) { listener.inflated_bytes_max = listener.body_bytes_max; })
      .Value("max_inflated_body_size", &L::inflated_bytes_max, uint64_t{64} << 20,
             Integers<uint64_t>(1024, uint64_t{2047} << 20), "Largest request in bytes after inflating.");
  AddTimeouts(&schema);
  schema
      .Value("traces_url_path", &L::traces_url_path, std::string("/v1/traces"), Texts(),
             "The path that takes traces over HTTP.")
      .NoEffect("metrics_url_path", "Tailrace takes traces only")
      .NoEffect("logs_url_path", "Tailrace takes traces only")
      .NoEffect("write_timeout", "answers are a few bytes")
      .NoEffect("keep_alives_enabled", "connections are kept open until idle_timeout")
      .NoEffect("compression_algorithms", "gzip, deflate and zstd are always understood")
      .NotYet("cors")
      .NotYet("response_headers");
  AddTransport(&schema);
  return schema.Checked([](const L& listener, const Node& node, const Scope& scope) {
    if (listener.traces_url_path.empty() || listener.traces_url_path[0] != '/') {
      const Node* given = node.Find("traces_url_path");
      scope.Child("traces_url_path").Fail(given == nullptr ? node.where : given->where, "must begin with /");
    }
  });
}

}  // namespace

Schema<OtlpReceiverConfig> OtlpReceiverOptions() {
  using R = OtlpReceiverConfig;
  const auto enable = [](L& listener) { listener.enabled = true; };
  const auto is_enabled = [](const L& listener) { return listener.enabled; };
  Schema<R> protocols;
  protocols.Group("grpc", &R::grpc, GrpcOptions(), "OTLP over gRPC; the key alone turns it on.", enable, is_enabled)
      .Group("http", &R::http, HttpOptions(), "OTLP over HTTP; the key alone turns it on.", enable, is_enabled);
  Schema<R> schema;
  schema.Section("protocols", protocols, "At least one of them.")
      .Checked([](const R& receiver, const Node& node, const Scope& scope) {
        if (receiver.grpc.enabled || receiver.http.enabled) return;
        scope.Fail(node.where, "must specify at least one protocol when using the OTLP receiver");
      });
  return schema;
}

}  // namespace tailrace::config
