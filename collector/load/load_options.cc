#include "collector/load/load_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <random>

#include "collector/load/span_writer.h"
#include "collector/load/trace_label.h"

namespace tailrace {
namespace {

constexpr const char* kAbout =
    "Sends made-up traces to an OTLP server, to see what it carries. Every trace id is new and says what the trace "
    "should be, so that "
    "`tailrace sink` behind the server can tell whole, broken and doubled traces. A progress line each second on "
    "standard error; at the end "
    "the result as JSON on standard output.";

void AddTrafficOptions(CLI::App* app, TrafficShape* shape) {
  app->add_option("--spans-per-request", shape->spans_per_request, "Spans in a request; at least one trace or piece")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app->add_option("--spans-per-trace", shape->spans_per_trace)->check(CLI::Range(1, 65'535))->capture_default_str();
  app->add_option("--services", shape->services, "Services that a trace passes through")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app->add_option("--service-prefix", shape->service_prefix, "Stands before every service.name")
      ->capture_default_str();
  app->add_option("--span-bytes", shape->span_bytes, "Size of every span on the wire")
      ->check(CLI::Range(kSpanBytesMin, 1'000'000u))
      ->capture_default_str();
  app->add_option("--errors", shape->error_share, "Share of traces with an ERROR span")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app->add_option("--slow", shape->slow_share, "Share of traces that take 600 ms or more (the others: 200 ms at most)")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app->add_flag(
      "--interleave", shape->interleave,
      "Each service sends its own spans of a trace in a request of its own (default: a request holds whole traces)");
  app->add_option("--spread", shape->spread_traces,
                  "With --interleave: traces that begin between two pieces of one trace")
      ->check(CLI::Range(0, 10'000'000))
      ->capture_default_str();
  app->add_option("--pool", shape->pool_requests, "Requests prepared beforehand; only ids and times are new each time")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app->add_option("--seed", shape->seed, "Runs with different seeds share no trace id; 0: drawn at random")
      ->capture_default_str();
}

// "host:port", "[::1]:port", with or without http://.
std::string SplitEndpoint(std::string endpoint, LoadOptions* options) {
  if (endpoint.rfind("http://", 0) == 0) endpoint.erase(0, 7);
  const size_t colon = endpoint.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == endpoint.size())
    return "--endpoint: give it as host:port";
  options->host = endpoint.substr(0, colon);
  options->port = endpoint.substr(colon + 1);
  if (options->host.size() > 2 && options->host.front() == '[' && options->host.back() == ']') {
    options->host = options->host.substr(1, options->host.size() - 2);
  }
  return {};
}

}  // namespace

ParsedLoadOptions ParseLoadOptions(const std::vector<std::string>& args) {
  ParsedLoadOptions parsed;
  LoadOptions& options = parsed.options;
  CLI::App app(kAbout, "tailrace load");
  std::string endpoint;
  const std::map<std::string, LoadProtocol> protocols = {
      {"grpc", LoadProtocol::kGrpc}, {"http", LoadProtocol::kHttp1}, {"http2", LoadProtocol::kHttp2}};
  const std::map<std::string, LoadCompression> compressions = {
      {"none", LoadCompression::kNone}, {"gzip", LoadCompression::kGzip}, {"zstd", LoadCompression::kZstd}};
  app.add_option("--endpoint", endpoint, "host:port, without TLS (default 127.0.0.1:4317, with http 4318)");
  std::string protocol = "grpc", compression = "none";
  app.add_option("--protocol", protocol, "grpc, http (OTLP/HTTP on HTTP/1.1) or http2 (OTLP/HTTP on HTTP/2)")
      ->check(CLI::IsMember({"grpc", "http", "http2"}))
      ->capture_default_str();
  app.add_option("--compression", compression, "none, gzip or zstd; done beforehand")
      ->check(CLI::IsMember({"none", "gzip", "zstd"}))
      ->capture_default_str();
  app.add_option("--path", options.path, "Path of OTLP/HTTP")->capture_default_str();
  app.add_option("--threads", options.threads)->check(CLI::Range(1u, kLoadThreadsMax))->capture_default_str();
  app.add_option("--connections", options.connections, "Per thread")->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--inflight", options.inflight, "Requests under way per connection (HTTP/1.1: always 1)")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--rate", options.rate, "Spans a second; 0: as fast as it goes")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--duration", options.duration_s, "Seconds; 0: until --traces are sent")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--traces", options.traces, "Stop after so many traces, rounded up to whole requests; 0: no bound")
      ->capture_default_str();
  app.add_option("--retry", options.retry_s,
                 "Seconds during which a refused request is tried again; 0: it is only counted")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--timeout", options.timeout_s, "Seconds to wait for an answer")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--quiet", options.quiet, "No progress line");
  app.add_flag("--json-progress", options.json_progress, "Progress lines as JSON with totals since the start");
  AddTrafficOptions(&app, &options.shape);
  std::vector<std::string> reversed(args.rbegin(), args.rend());
  try {
    app.parse(reversed);
    options.protocol = protocols.at(protocol);
    options.compression = compressions.at(compression);
    if (options.protocol != LoadProtocol::kGrpc) options.port = "4318";
    std::string problem = endpoint.empty() ? std::string() : SplitEndpoint(endpoint, &options);
    if (options.duration_s == 0 && options.traces == 0) problem = "--duration 0 needs --traces";
    // A count was asked for, and no duration: send them all.
    if (options.traces > 0 && app.count("--duration") == 0) options.duration_s = 0;
    if (!problem.empty()) throw CLI::ValidationError(problem);
  } catch (const CLI::ParseError& error) {
    parsed.exit_now = true;
    parsed.exit_code = app.exit(error) == 0 ? 0 : 2;
    return parsed;
  }
  options.shape.services = std::min(options.shape.services, options.shape.spans_per_trace);
  while (options.shape.seed == 0) options.shape.seed = std::random_device{}();
  return parsed;
}

}  // namespace tailrace
