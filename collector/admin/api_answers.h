// The answers of /api/v1/ that are made of a Moment and the configuration: JSON texts, as openapi.json describes them.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "collector/admin/health.h"
#include "collector/admin/json_writer.h"
#include "collector/admin/moment.h"
#include "collector/telemetry/metrics.h"
#include "config/model.h"

namespace tailrace {

// Who answers.
struct Identity {
  InstanceInfo instance;
  int64_t started_unix_ms = 0;
};

std::string StatusJson(const Moment& moment, Health health, const Identity& identity);
std::string FlowJson(const Moment& moment, const config::Config& config);
std::string PoliciesJson(const Moment& moment, const config::Config& config);
// The configuration in force. Secrets do not show.
std::string ConfigJson(const config::Config& config);

// The member "memory" of an object.
void WriteMemory(const Moment& moment, JsonWriter* json);

}  // namespace tailrace
