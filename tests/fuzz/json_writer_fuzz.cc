// Any bytes as a request to be written as JSON. Of those that the scanner takes (others never come as far as the
// writer), what is written must be read again, and once more written be the same text.
#include "proto/json_reader.h"
#include "proto/json_writer.h"
#include "proto/request_scanner.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

// The one difference there may be: the reader takes -0 without a point for an integer, which has no sign.
std::string WithoutMinusZero(std::string json) {
  constexpr std::string_view kMinusZero = "\"doubleValue\":-0}";
  for (size_t at = json.find(kMinusZero); at != std::string::npos; at = json.find(kMinusZero, at)) {
    json.erase(at + kMinusZero.find('-'), 1);
  }
  return json;
}

}  // namespace

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
  Require(WithoutMinusZero(first) == WithoutMinusZero(second), "as the same text", first + "\n" + second);
  return 0;
}
