#include "collector/admin/trace_routes.h"

#include <string>
#include <string_view>

#include "collector/admin/jaeger_json.h"
#include "collector/admin/trace_json.h"
#include "collector/admin/trace_query.h"
#include "proto/json_writer.h"

namespace tailrace {
namespace {

AdminResponse BadId() { return JsonError(400, "A trace id has 32 hex digits."); }

std::optional<TraceId> IdOf(const AdminRequest& request) {
  const auto id = request.values.find("id");
  return id == request.values.end() ? std::nullopt : ParseTraceId(id->second);
}

AdminResponse AnswerList(const TraceFinder& finder, const AdminRequest& request) {
  const absl::StatusOr<TraceQuery> query = ParseTraceQuery(request.parameters);
  if (!query.ok()) return JsonError(400, std::string(query.status().message()));
  return JsonAnswer(TraceListJson(finder, finder.Find(*query)));
}

AdminResponse AnswerTrace(const TraceFinder& finder, const AdminRequest& request) {
  const std::optional<TraceId> id = IdOf(request);
  if (!id.has_value()) return BadId();
  const std::string* format = request.Parameter("format");
  const bool jaeger = format != nullptr && *format == "jaeger";
  if (format != nullptr && !jaeger && *format != "otlp") return JsonError(400, "format: expected otlp or jaeger.");
  for (const TraceFinder::Answer& answer : finder.Look(*id)) {
    if (answer.look.spans.empty()) continue;
    if (jaeger) return JsonAnswer(JaegerJson(answer.look.spans));
    std::string json;
    if (WriteOtlpJson(answer.look.spans, &json)) return JsonAnswer(std::move(json));
  }
  return JsonError(404, "No spans of this trace are held.");
}

AdminResponse AnswerWhy(const TraceFinder& finder, const AdminRequest& request) {
  const std::optional<TraceId> id = IdOf(request);
  if (!id.has_value()) return BadId();
  return JsonAnswer(WhyJson(finder, *id, finder.Look(*id)));
}

}  // namespace

std::vector<AdminRoute> TraceRoutes(const TraceFinder& finder) {
  const auto route = [&finder](const char* path, auto answer, std::vector<std::string> parameters) {
    return AdminRoute{.path = path,
                      .handler = [&finder, answer](const AdminRequest& request) { return answer(finder, request); },
                      .parameters = std::move(parameters),
                      .is_costly = true};
  };
  return {route("/api/v1/traces", AnswerList, TraceQueryParameters()),
          route("/api/v1/traces/{id}", AnswerTrace, {"format"}), route("/api/v1/why/{id}", AnswerWhy, {})};
}

}  // namespace tailrace
