// LoadOptions: what `tailrace load` was asked for. Plain values, immutable once parsed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tailrace {

enum class LoadProtocol : uint8_t {
  kGrpc,
  kHttp1,  // OTLP/HTTP on HTTP/1.1
  kHttp2,  // OTLP/HTTP on HTTP/2
};
enum class LoadCompression : uint8_t { kNone, kGzip, kZstd };

// What the traffic looks like.
struct TrafficShape {
  uint32_t spans_per_request = 100;
  uint32_t spans_per_trace = 20;
  uint32_t services = 4;
  std::string service_prefix;  // of every service.name
  uint32_t span_bytes = 456;  // size of every Span message on the wire
  double error_share = 0.01;  // of the traces
  double slow_share = 0.01;   // of the traces
  // False: a request holds whole traces. True: every service sends its own piece of a trace in its own request.
  bool interleave = false;
  uint32_t spread_traces = 1000;  // that begin between two pieces of one trace; rounded up to whole groups
  uint32_t pool_requests = 128;   // prepared beforehand
  uint32_t seed = 0;
};

struct LoadOptions {
  std::string host = "127.0.0.1";
  std::string port = "4317";
  LoadProtocol protocol = LoadProtocol::kGrpc;
  LoadCompression compression = LoadCompression::kNone;
  std::string path = "/v1/traces";  // OTLP/HTTP
  uint32_t threads = 1;
  uint32_t connections = 4;  // per thread
  uint32_t inflight = 8;     // requests per connection; HTTP/1.1 has one
  double rate = 0;           // spans a second of all threads; 0: as fast as it goes
  double duration_s = 10;    // 0: until `traces` are sent
  uint64_t traces = 0;       // 0: no bound
  double retry_s = 0;        // how long a refused request is tried again; 0: not at all
  double timeout_s = 30;     // for one request
  bool quiet = false;
  bool json_progress = false;  // progress lines for programs: JSON, totals since the start
  TrafficShape shape;
};

struct ParsedLoadOptions {
  LoadOptions options;
  bool exit_now = false;  // --help, or bad usage: `exit_code` says which, and the text is printed
  int exit_code = 0;
};

// Prints help to stdout and complaints to stderr.
ParsedLoadOptions ParseLoadOptions(const std::vector<std::string>& args);

}  // namespace tailrace
