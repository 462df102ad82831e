// GET /api/v1/config: the configuration in force, as `tailrace print-config` shows it.
#include "collector/admin/api_answers.h"
#include "config/load.h"

namespace tailrace {

std::string ConfigJson(const config::Config& config) {
  JsonWriter json;
  json.Object([&] {
    json.Field("yaml", config::Print(config));
    json.Key("warnings").Array([&] {
      for (const std::string& warning : config.warnings) json.Value(warning);
    });
  });
  return json.Take();
}

}  // namespace tailrace
