// What the daemon's API answers, as the verbs use it: the fields of its JSON that they show, under its names.
// Values; a field that the daemon did not send has the default. Text is as it came: make it printable before it is
// shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tailrace {

struct ApiMemory {
  uint64_t budget_bytes = 0;
  uint64_t rss_bytes = 0;
  uint64_t table_bytes = 0;
  uint64_t buffer_bytes = 0;
};

struct ApiStatus {
  std::string version;
  std::string instance;
  std::string state;
  uint64_t uptime_s = 0;
  uint64_t shards = 0;
  double cpu_seconds = 0;
  ApiMemory memory;
  uint64_t accepted_spans = 0;
  uint64_t refused_spans = 0;
  uint64_t failed_spans = 0;
  int64_t residual_spans = 0;
};

struct ApiPipeline {
  std::string id;
  uint64_t in_table_traces = 0;
  uint64_t sampled_traces = 0;
  uint64_t not_sampled_traces = 0;
  uint64_t dropped_traces = 0;
  std::optional<double> lag_p50_ms;
  std::optional<double> lag_p99_ms;
};

struct ApiExporter {
  std::string id;
  std::string server_address;
  std::string state;
  uint64_t forwarded_spans = 0;
  uint64_t dropped_spans = 0;  // for all reasons
  uint64_t queued_spans = 0;
  uint64_t in_flight_spans = 0;
  double queue_full = 0;  // 0 to 1
  std::string last_error;
};

struct ApiFlow {
  uint64_t now_unix_ms = 0;
  std::vector<ApiPipeline> pipelines;
  std::vector<ApiExporter> exporters;
};

struct ApiPolicy {
  std::string processor;
  std::string name;
  std::string type;
  uint64_t sampled = 0;
  uint64_t not_sampled = 0;
  uint64_t dropped = 0;
  uint64_t errors = 0;
  double cpu_ms = 0;
};

struct ApiOperation {
  std::string service;
  std::string operation;
  std::string kind;
  uint64_t calls = 0;
  uint64_t errors = 0;
  double total_ms = 0;
  double p50_ms = 0;
  double p95_ms = 0;
  double p99_ms = 0;
};

struct ApiBaselines {
  uint64_t window_s = 0;
  std::vector<ApiOperation> rows;
};

struct ApiTrace {
  std::string id;
  std::string pipeline;
  std::string decision;
  std::string policy;
  std::string early;
  std::string root_service;
  std::string root_operation;
  uint64_t decided_unix_ms = 0;
  double duration_ms = 0;
  uint64_t spans = 0;
  bool error = false;
  bool has_spans = false;
};

struct ApiTraces {
  std::vector<ApiTrace> traces;
  std::string newest;      // the cursor to go on from
  bool truncated = false;  // the search was given up before its end
};

struct ApiVote {
  std::string policy;
  std::string type;
  std::string vote;
  std::string rule;
  std::string value;
  std::string span_id;
  std::string service;
  std::string operation;
};

struct ApiWhyAnswer {
  std::string pipeline;
  std::string state;       // undecided, kept, dropped, forgotten, never_seen
  std::string remembered;  // kept or dropped, where it is forgotten
  std::string early;
  std::string policy;
  std::optional<uint64_t> deadline_unix_ms;
  std::optional<uint64_t> decided_unix_ms;
  uint64_t spans = 0;
  double duration_ms = 0;
  uint64_t late_spans = 0;
  bool has_spans = false;
  std::vector<ApiVote> votes;
};

struct ApiWhy {
  std::string id;
  std::string sentence;
  std::vector<ApiWhyAnswer> answers;
};

}  // namespace tailrace
