#include "collector/admin/baselines_route.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/admin/json_writer.h"

namespace tailrace {
namespace {

constexpr double kNsPerMs = 1e6;
constexpr int64_t kSecondsMax = 86'400;
constexpr int64_t kRowsMax = 10'000;

struct Parameter {
  const char* name;
  int64_t min, max;
};

// False, with *error set, where the parameter is there and is no number within its bounds; *value is then as before.
bool Read(const AdminRequest& request, const Parameter& parameter, int64_t* value, AdminResponse* error) {
  const std::string* text = request.Parameter(parameter.name);
  if (text == nullptr) return true;
  int64_t number = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem == std::errc() && end == text->data() + text->size() && number >= parameter.min &&
      number <= parameter.max) {
    *value = number;
    return true;
  }
  *error =
      JsonError(400, absl::StrCat(parameter.name, " is a whole number from ", parameter.min, " to ", parameter.max));
  return false;
}

struct ServiceTotals {
  uint64_t calls = 0;
  uint64_t errors = 0;
  const ServiceEstimate* estimate = nullptr;  // null: none of its calls are decided
};

void WriteService(std::string_view name, const ServiceTotals& service, JsonWriter* json) {
  json->Object([&] {
    json->Field("service", name);
    json->Field("calls", service.calls);
    json->Field("errors", service.errors);
    if (service.estimate == nullptr) return;
    json->Field("decided_calls", service.estimate->decided_calls);
    json->Field("estimated_calls", service.estimate->estimated_calls);
    json->Field("estimate_error_ratio", ErrorRatio(*service.estimate));
  });
}

void WriteRow(const BaselineRow& row, JsonWriter* json) {
  constexpr const char* kKinds[kSpanKinds] = {"unspecified", "internal", "server",     "client",
                                              "producer",    "consumer", "unspecified"};
  json->Object([&] {
    json->Field("service", row.name.service);
    json->Field("operation", row.name.operation);
    json->Field("kind", kKinds[row.name.kind]);
    json->Field("calls", row.totals.calls);
    json->Field("errors", row.totals.errors);
    json->Field("total_ms", row.totals.total_ns / kNsPerMs);
    json->Field("p50_ms", row.p50_ns / kNsPerMs);
    json->Field("p95_ms", row.p95_ns / kNsPerMs);
    json->Field("p99_ms", row.p99_ns / kNsPerMs);
  });
}

}  // namespace

std::string BaselinesJson(const BaselineReport& report, int64_t now_unix_ms, const BaselineRange& range, int64_t ago_s,
                          size_t rows_max) {
  std::map<std::string_view, ServiceTotals> services;
  for (const BaselineRow& row : report.rows) {
    ServiceTotals& totals = services[row.name.service];
    totals.calls += row.totals.calls;
    totals.errors += row.totals.errors;
  }
  for (const ServiceEstimate& estimate : report.estimates) services[estimate.service].estimate = &estimate;
  const size_t shown = std::min(rows_max, report.rows.size());
  JsonWriter json;
  json.Object([&] {
    json.Field("now_unix_ms", now_unix_ms);
    json.Field("window_s", range.seconds);
    json.Field("ago_s", ago_s);
    json.Field("exact", report.exact);
    json.Field("error", kDurationBinError);
    json.Field("overflow_calls", report.overflow_calls);
    json.Field("unsketched_calls", report.missed);
    json.Field("rows_left_out", report.rows.size() - shown);
    json.Key("rows").Array([&] {
      for (size_t i = 0; i < shown; ++i) WriteRow(report.rows[i], &json);
    });
    json.Key("services").Array([&] {
      for (const auto& [name, service] : services) WriteService(name, service, &json);
    });
  });
  return json.Take();
}

AdminRoute BaselinesRoute(std::function<BaselineReport(const BaselineRange&)> collect, const Clock& clock) {
  AdminRoute route;
  route.path = "/api/v1/baselines";
  route.parameters = {"window_s", "ago_s", "limit"};
  route.is_costly = true;
  route.handler = [collect = std::move(collect), &clock, begun_ns = clock.MonotonicNs()](const AdminRequest& request) {
    int64_t window_s = 300, ago_s = 0, rows = 1000;
    AdminResponse error;
    if (!Read(request, {"window_s", 1, kSecondsMax}, &window_s, &error)) return error;
    if (!Read(request, {"ago_s", 0, kSecondsMax}, &ago_s, &error)) return error;
    if (!Read(request, {"limit", 1, kRowsMax}, &rows, &error)) return error;
    const BaselineRange range = WindowsOf(clock.MonotonicNs(), window_s, ago_s, begun_ns);
    return JsonAnswer(
        BaselinesJson(collect(range), clock.WallNs() / 1'000'000, range, ago_s, static_cast<size_t>(rows)));
  };
  return route;
}

}  // namespace tailrace
