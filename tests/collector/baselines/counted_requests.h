// Requests as a shard gives them to a BaselineTable, and what comes of them. For tests.
#pragma once

#include <cstdint>
#include <string>

#include "collector/baselines/baseline_table.h"
#include "gtest/gtest.h"
#include "proto/request_scanner.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::testing {

inline void Count(BaselineTable* table, const std::string& request, int64_t now_ns) {
  const bool wanted = table->Wants(now_ns);
  ScannedRequest scanned;
  ASSERT_EQ(ScanRequest(request, &scanned, {.briefs_max = wanted ? UINT32_MAX : 0}), ScanError::kNone);
  table->Count(request, scanned, now_ns);
}

inline ShardBaselines CopyOfWindow(const BaselineTable& table, int64_t number) {
  ShardBaselines copy;
  table.CopyNames(&copy);
  table.CopyWindow(number, &copy);
  return copy;
}

}  // namespace tailrace::testing
