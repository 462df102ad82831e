#include "collector/exporters/partial_success_json.h"

#include <simdjson.h>

#include <charconv>

#include "collector/exporters/otlp_status.h"

namespace tailrace {
namespace {

std::string_view Text(const simdjson::simdjson_result<simdjson::dom::element>& element) {
  std::string_view text;
  return element.get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

// A number, or one in quotes.
uint64_t Count(const simdjson::simdjson_result<simdjson::dom::element>& element) {
  int64_t count = 0;
  if (element.get_int64().get(count) != simdjson::SUCCESS) {
    const std::string_view text = Text(element);
    if (std::from_chars(text.data(), text.data() + text.size(), count).ec != std::errc()) return 0;
  }
  return count > 0 ? static_cast<uint64_t>(count) : 0;
}

}  // namespace

SendResult JsonPartialSuccess(std::string_view body) {
  SendResult result;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(simdjson::padded_string(body)).get(root) != simdjson::SUCCESS) return result;
  result.rejected_spans = Count(root["partialSuccess"]["rejectedSpans"]);
  result.error = std::string(Text(root["partialSuccess"]["errorMessage"]).substr(0, kBackendWordsMax));
  return result;
}

bool JsonStatusMessage(std::string_view body, std::string* message) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(simdjson::padded_string(body)).get(root) != simdjson::SUCCESS) return false;
  *message = std::string(Text(root["message"]));
  return !message->empty();
}

}  // namespace tailrace
