// GET /api/v1/status: who this is, how it is, and the sums that a header shows.
#include <cstdlib>

#include "collector/admin/api_answers.h"

namespace tailrace {
namespace {

const char* NameOf(Health health) {
  switch (health) {
    case Health::kStarting:
      return "starting";
    case Health::kReady:
      return "ready";
    case Health::kStopping:
      break;
  }
  return "stopping";
}

}  // namespace

void WriteMemory(const Moment& moment, JsonWriter* json) {
  json->Key("memory").Object([&] {
    json->Field("budget_bytes", moment.daemon.memory_budget_bytes);
    json->Field("rss_bytes", moment.process.rss_bytes);
    json->Field("table_bytes", moment.daemon.table_bytes_in_use);
    json->Field("buffer_bytes", moment.daemon.buffer_bytes_in_use);
  });
}

std::string StatusJson(const Moment& moment, Health health, const Identity& identity) {
  ReceiverStats sum;
  for (const DaemonSnapshot::Receiver& receiver : moment.daemon.receivers) {
    for (const ReceiverStats& transport : receiver.transports) {
      sum.accepted_spans += transport.accepted_spans;
      sum.refused_spans += transport.refused_spans;
      sum.failed_spans += transport.failed_spans;
    }
  }
  int64_t residual = 0;  // one that lacks must not make up for one that has too many
  for (const LedgerLine& line : moment.ledger) residual += std::abs(line.residual);
  JsonWriter json;
  json.Object([&] {
    json.Field("version", identity.instance.service_version);
    json.Field("instance", identity.instance.service_instance_id);
    json.Field("state", NameOf(health));
    json.Field("started_unix_ms", identity.started_unix_ms);
    json.Field("now_unix_ms", moment.unix_ms);
    json.Field("uptime_s", moment.process.uptime_s);
    json.Field("shards", moment.daemon.shards);
    json.Field("cpu_seconds", moment.process.cpu_s);
    WriteMemory(moment, &json);
    json.Field("accepted_spans", sum.accepted_spans);
    json.Field("refused_spans", sum.refused_spans);
    json.Field("failed_spans", sum.failed_spans);
    json.Field("residual_spans", residual);
  });
  return json.Take();
}

}  // namespace tailrace
