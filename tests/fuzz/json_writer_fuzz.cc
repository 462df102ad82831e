// Any bytes as a request to be written as JSON. Of those that the scanner takes (others never come as far as the
// writer), what is written must be read again, and once more written be the same text.
#include "proto/json_reader.h"
#include "proto/json_writer.h"
#include "proto/request_scanner.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace;           // NOLINT
  using namespace tailrace::testing;  // NOLINT
  const std::string_view request = AsText(data, size);
  std::string any_value;
  if (!WriteAnyValueJson(request, &any_value)) Require(any_value.empty(), "nothing is written on an error");
  std::string first;
  if (!WriteOtlpJson(request, &first)) {
    Require(first.empty(), "nothing is written on an error");
    return 0;
  }
  ScannedRequest scan;
  if (ScanRequest(request, &scan) != ScanError::kNone) return 0;
  std::string wire, second;
  const absl::Status status = ParseOtlpJson(first, &wire);
  Require(status.ok(), "what is written is read again", std::string(status.message()) + "\n" + first);
  Require(WriteOtlpJson(wire, &second), "and written again");
  Require(first == second, "as the same text", first + "\n" + second);
  return 0;
}
