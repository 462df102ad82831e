// ParseOtlpJson: OTLP/JSON in, the wire bytes of the same ExportTraceServiceRequest out, without messages in between.
// Stands in front of the request scanner for bodies of type application/json; from there on both encodings are one.
//
// Reading is as lenient as the Collector's: keys in lowerCamelCase and snake_case, unknown keys ignored with all that
// is in them, null for any default, enums by number or name, 64-bit integers and doubles as numbers or strings, ids as
// hex of either case. Ids of a wrong length pass through as they are: the scanner refuses those spans alone.
//
// Refused, with an InvalidArgument that names the field: what is no JSON or no UTF-8, a value of a wrong type or out of
// range, bad hex, attribute values nested deeper than kAttributeDepthMax (proto/attribute_depth.h), anything nested
// deeper than 1024.
//
// Numbers are exact, no integer goes through a double; only the sign of a doubleValue written as -0, without a point,
// is lost. Time and memory are linear in the input, whatever it says.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace tailrace {

// Ownership: single-writer, one a thread: its buffers are reused from call to call. What a large body made them grow to
// is given back.
class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  // Clears and fills `*protobuf_out`; on an error it is empty.
  absl::Status Parse(std::string_view json, std::string* protobuf_out);

  // The same without copies. `room_behind`: how many bytes behind the text are there to be read, whatever they hold:
  // with 64 of them the text is read where it lies. `take` gets the wire bytes, for the time of its call; by then
  // `json` is no longer needed. It is not called on an error.
  absl::Status Parse(std::string_view json, size_t room_behind, absl::FunctionRef<void(std::string_view)> take);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The same with a reader of the calling thread's own. Any thread.
absl::Status ParseOtlpJson(std::string_view json, std::string* protobuf_out);

}  // namespace tailrace
