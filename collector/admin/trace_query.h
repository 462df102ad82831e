// TraceQuery: what somebody looks for among recent decisions, read from a query's parameters. A value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/admin/http_message.h"
#include "collector/shard/journal_scan.h"

namespace tailrace {

struct Attribute {
  std::string key;
  std::string value;
};

struct TraceQuery {
  static constexpr uint32_t kLimitMax = 500;

  bool kept = true;
  bool dropped = true;
  JournalFilter record;  // but for its policy, which is an index that each pipeline has its own of
  std::optional<std::string> policy;
  std::optional<std::string> pipeline;
  // What only the spans can tell: of any span of the trace. Traces whose spans are gone are not found by these.
  std::optional<std::string> service;
  std::optional<std::string> operation;
  std::optional<Attribute> attribute;
  uint32_t limit = 50;
  // Exclusive; not both. Without either: from the newest on.
  std::optional<JournalKey> before;
  std::optional<JournalKey> after;  // oldest first

  bool AsksSpans() const { return service.has_value() || operation.has_value() || attribute.has_value(); }
};

// The parameters that ParseTraceQuery knows.
std::vector<std::string> TraceQueryParameters();

// An error is a sentence for whoever asked. An empty value is as none.
absl::StatusOr<TraceQuery> ParseTraceQuery(const TextMap& parameters);

// Cursors are opaque to who gets them.
std::string CursorText(const JournalKey& key);
std::optional<JournalKey> ParseCursor(std::string_view text);

// 32 hex digits, upper or lower case.
std::optional<TraceId> ParseTraceId(std::string_view text);

}  // namespace tailrace
