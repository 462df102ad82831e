#include "collector/load/sink_main.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "collector/load/sink.h"

namespace tailrace {

int SinkMain(const std::vector<std::string>& args) {
  CLI::App app(
      "Takes OTLP traces (gRPC and HTTP on every port, without TLS), throws them away and counts: of the traces that "
      "`tailrace load` made, "
      "how many arrived whole, broken and doubled, by class. The report goes to standard output as JSON at SIGTERM or "
      "SIGINT.",
      "tailrace sink");
  SinkOptions options;
  app.add_option("--listen", options.listen, "host:port, may be given several times; port 0: any free one")
      ->capture_default_str();
  app.add_option("--report", options.report, "host:port that answers GET /report with the present counts");
  app.add_option("--max-traces", options.traces_max,
                 "Traces that are followed, about 60 bytes each; further ones are only counted in spans")
      ->capture_default_str();
  app.add_option("--delay", options.delay_ms, "Milliseconds to wait before each answer, as a slow backend")
      ->check(CLI::Range(0.0, 60'000.0))
      ->capture_default_str();
  app.add_option("--fail", options.fail_share, "Share of the requests that are refused as overload")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_flag("--progress", options.progress, "A line each second on standard error");
  std::vector<std::string> reversed(args.rbegin(), args.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  Sink sink(options);
  if (absl::Status status = sink.Start(); !status.ok()) {
    std::fprintf(stderr, "tailrace sink: %s\n", std::string(status.message()).c_str());
    return status.code() == absl::StatusCode::kInvalidArgument ? 2 : 1;
  }
  for (uint16_t port : sink.ports()) std::fprintf(stderr, "listening on port %u\n", port);
  sink.Run(/*signals=*/true);
  std::fputs(sink.ReportJson().c_str(), stdout);
  std::fflush(stdout);
  return 0;
}

}  // namespace tailrace
