// BaselinesRoute: GET /api/v1/baselines?window_s=&ago_s=&limit=: what each operation usually does, of all traffic.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/clock.h"
#include "collector/admin/http_message.h"
#include "collector/baselines/baseline_report.h"

namespace tailrace {

// At most `rows_max` rows, those that take the most time first.
std::string BaselinesJson(const BaselineReport& report, int64_t now_unix_ms, const BaselineRange& range, int64_t ago_s,
                          size_t rows_max);

// Made when counting begins. `collect` is called on the server's thread and may wait for the shards; `clock` outlives the
// server.
AdminRoute BaselinesRoute(std::function<BaselineReport(const BaselineRange&)> collect, const Clock& clock);

}  // namespace tailrace
