// Any text as OTLP/JSON: what the reader makes of it must be a request that the scanner and libprotobuf take, and
// nothing at all where it reports an error.
#include "otlp/trace_service.pb.h"
#include "proto/json_reader.h"
#include "proto/request_scanner.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/proto/scan_check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace;           // NOLINT
  using namespace tailrace::testing;  // NOLINT
  std::string wire = "left from before";
  const absl::Status status = ParseOtlpJson(AsText(data, size), &wire);
  if (!status.ok()) {
    Require(wire.empty(), "nothing is written on an error");
    Require(!status.message().empty(), "an error has its text");
    return 0;
  }
  ScannedRequest scan;
  Require(ScanRequest(wire, &scan) == ScanError::kNone, "what is read from JSON scans");
  opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest request;
  Require(request.ParseFromString(wire), "what is read from JSON parses");
  const std::string problem = CheckScan(wire);
  Require(problem.empty(), "scanner and libprotobuf agree", problem);
  return 0;
}
