#include "collector/admin/http_message.h"

#include "collector/admin/json_writer.h"

namespace tailrace {

AdminResponse JsonError(unsigned status, std::string_view sentence) {
  JsonWriter json;
  json.Object([&] { json.Field("error", sentence); });
  AdminResponse answer = JsonAnswer(json.Take());
  answer.status = status;
  return answer;
}

AdminResponse JsonAnswer(std::string text) {
  return {.content_type = "application/json; charset=utf-8", .body = std::move(text)};
}

}  // namespace tailrace
