// `tailrace replay-dead-letter`: sends what is in dead-letter files again, by the exporters' own way.
#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "collector/cli/verbs.h"
#include "collector/exporters/factory.h"
#include "collector/telemetry/log.h"
#include "proto/json_reader.h"
#include "proto/request_split.h"

namespace tailrace {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Sent together; then the next ones are read.
constexpr size_t kRequestsAtATime = 32;
constexpr auto kPatience = minutes(5);

struct Options {
  std::string grpc;
  std::string http;
  bool insecure = false;
  std::string ca_file;
  std::vector<std::string> headers;
  std::string failed;
  std::vector<std::string> files;
};

struct Counts {
  uint64_t lines = 0;
  uint64_t bad_lines = 0;
  uint64_t forwarded = 0;  // spans
  uint64_t refused = 0;    // spans
};

void FillBackend(const Options& options, config::BackendConfig* backend) {
  backend->id.text = "replay-dead-letter";
  backend->tls.insecure = options.insecure;
  backend->tls.ca_file = options.ca_file;
  backend->timeout = seconds(30);
  backend->queue.queue_size = kRequestsAtATime;
  backend->retry = {.initial_interval = seconds(1), .max_interval = seconds(10), .max_elapsed_time = kPatience};
  backend->dead_letter.path = options.failed;
  for (const std::string& header : options.headers) {
    const size_t equals = header.find('=');
    backend->headers[header.substr(0, equals)] = equals == std::string::npos ? "" : header.substr(equals + 1);
  }
}

config::ExporterConfig MakeConfig(const Options& options) {
  if (!options.grpc.empty()) {
    config::OtlpExporterConfig otlp;
    FillBackend(options, &otlp);
    otlp.endpoint = options.grpc;
    return otlp;
  }
  config::OtlpHttpExporterConfig otlphttp;
  FillBackend(options, &otlphttp);
  otlphttp.url = options.http;
  return otlphttp;
}

// False where the exporter cannot be started at all.
bool SendTogether(const config::ExporterConfig& config, std::vector<ExportBatch> batches, Logger& logger,
                  Counts* counts) {
  auto exporter = MakeExporter(config, {}, logger);
  absl::Status status = exporter.ok() ? (*exporter)->Start() : exporter.status();
  if (!status.ok()) {
    std::cerr << "Error: " << status.message() << "\n";
    return false;
  }
  for (const ExportBatch& batch : batches) (*exporter)->Offer(batch);
  (*exporter)->Stop(std::chrono::steady_clock::now() + kPatience + seconds(30));
  const ExporterStats stats = (*exporter)->Stats();
  counts->forwarded += stats.forwarded_spans;
  counts->refused += std::accumulate(stats.dropped_spans.begin(), stats.dropped_spans.end(), uint64_t{0});
  std::cerr << counts->lines << " lines, " << counts->forwarded << " spans sent, " << counts->refused << " not\n";
  return true;
}

bool Replay(const Options& options, Counts* counts) {
  const std::unique_ptr<Logger> log = MakeLogger({.level = "warn"});
  Logger& logger = *log;
  const config::ExporterConfig config = MakeConfig(options);
  std::vector<ExportBatch> batches;
  for (const std::string& path : options.files) {
    std::ifstream file(path);
    if (!file) {
      std::cerr << "Error: cannot read " << path << "\n";
      return false;
    }
    uint64_t number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      ++counts->lines;
      auto request = std::make_shared<std::string>();
      const absl::Status status = ParseOtlpJson(line, request.get());
      const uint32_t spans = status.ok() ? CountSpans(*request) : 0;
      if (spans == 0) {
        ++counts->bad_lines;
        std::cerr << path << ":" << number << ": " << (status.ok() ? "no spans" : status.message()) << "\n";
        continue;
      }
      batches.push_back({.payload = std::move(request), .spans = spans, .traces = 1});
      if (batches.size() == kRequestsAtATime && !SendTogether(config, std::exchange(batches, {}), logger, counts)) {
        return false;
      }
    }
  }
  return batches.empty() || SendTogether(config, std::move(batches), logger, counts);
}

}  // namespace

int ReplayMain(const std::vector<std::string>& args) {
  CLI::App app("Sends dead letters again: OTLP JSON lines as an exporter's dead_letter writes them.",
               "tailrace replay-dead-letter");
  Options options;
  app.add_option("--grpc", options.grpc, "host:port of an OTLP/gRPC receiver");
  app.add_option("--http", options.http, "URL of an OTLP/HTTP receiver, with its path: http://host:4318/v1/traces");
  app.add_flag("--insecure", options.insecure, "plaintext gRPC");
  app.add_option("--ca-file", options.ca_file, "certificates of the authorities to trust");
  app.add_option("--header", options.headers, "NAME=VALUE, sent with every request; may be given again");
  app.add_option("--failed", options.failed,
                 "where what is refused again goes (default: the first file's name and .failed)");
  app.add_option("FILE", options.files, "dead-letter files")->required();
  std::vector<std::string> reversed(args.rbegin(), args.rend());  // as CLI11 takes them
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (options.grpc.empty() == options.http.empty()) {
    std::cerr << "Error: one of --grpc and --http is needed\n";
    return 2;
  }
  if (options.failed.empty()) options.failed = options.files[0] + ".failed";
  Counts counts;
  if (!Replay(options, &counts)) return 1;
  if (counts.refused > 0) std::cerr << "What was refused again is in " << options.failed << "\n";
  return counts.refused == 0 && counts.bad_lines == 0 ? 0 : 1;
}

}  // namespace tailrace
