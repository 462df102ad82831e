#include "collector/admin/json_writer.h"
#include "collector/admin/trace_json.h"
#include "collector/admin/trace_names.h"

namespace tailrace {
namespace {

void WriteTrace(const TraceFinder& finder, const TraceFinder::Found& trace, JsonWriter* json) {
  const JournalRecord& record = trace.record;
  json->Object([&] {
    json->Field("cursor", CursorText(trace.key));
    json->Field("id", record.id.ToHex());
    json->Field("pipeline", trace.pipeline->id);
    json->Field("decision", record.side() == JournalSide::kKept ? "kept" : "dropped");
    json->Field("policy", PolicyName(*trace.pipeline, record.policy));
    json->Field("early", CauseName(record.cause));
    json->Field("decided_unix_ms", finder.UnixMs(record.decided_ns));
    json->Field("start_unix_ns", std::to_string(record.time.min_start_ns));
    json->Field("duration_ms", Ms(record.duration_ns()));
    json->Field("spans", record.span_count);
    json->Field("bytes", record.bytes);
    json->Key("services").Array([&] {
      for (const std::string& service : trace.summary.services) json->Value(service);
    });
    json->Key("root");
    if (trace.summary.root.has_value()) {
      json->Object([&] {
        json->Field("service", trace.summary.root->service);
        json->Field("operation", trace.summary.root->operation);
      });
    } else {
      json->Value(nullptr);
    }
    json->Field("error", (record.seen & kSeenStatusError) != 0);
    json->Field("has_spans", trace.has_spans);
  });
}

}  // namespace

std::string TraceListJson(const TraceFinder& finder, const TraceFinder::Page& page) {
  JsonWriter json;
  json.Object([&] {
    json.Key("traces").Array([&] {
      for (const TraceFinder::Found& trace : page.traces) WriteTrace(finder, trace, &json);
    });
    json.Key("next");
    page.next.has_value() ? json.Value(CursorText(*page.next)) : json.Value(nullptr);
    json.Field("newest", CursorText(page.newest));
    json.Field("searched", page.searched);
    json.Field("truncated", page.truncated);
  });
  return json.Take();
}

}  // namespace tailrace
