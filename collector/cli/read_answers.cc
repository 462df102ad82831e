#include "collector/cli/read_answers.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace tailrace {
namespace {

using Element = simdjson::dom::element;

// One JSON object, asked for its fields; an object that is none has none.
class Fields {
 public:
  explicit Fields(const Element& element) { has_ = element.get_object().get(object_) == simdjson::SUCCESS; }
  explicit Fields(const simdjson::simdjson_result<Element>& element) {
    has_ = element.get_object().get(object_) == simdjson::SUCCESS;
  }

  std::string Text(const char* key) const {
    std::string_view text;
    return has_ && object_[key].get_string().get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
  }
  double Number(const char* key) const { return OptionalNumber(key).value_or(0); }
  std::optional<double> OptionalNumber(const char* key) const {
    double number = 0;
    if (!has_ || object_[key].get_double().get(number) != simdjson::SUCCESS) return std::nullopt;
    return number;
  }
  uint64_t Count(const char* key) const { return OptionalCount(key).value_or(0); }
  std::optional<uint64_t> OptionalCount(const char* key) const {
    uint64_t count = 0;
    if (!has_ || object_[key].get_uint64().get(count) != simdjson::SUCCESS) return std::nullopt;
    return count;
  }
  int64_t Signed(const char* key) const {
    int64_t number = 0;
    return has_ && object_[key].get_int64().get(number) == simdjson::SUCCESS ? number : 0;
  }
  bool Flag(const char* key) const {
    bool flag = false;
    return has_ && object_[key].get_bool().get(flag) == simdjson::SUCCESS && flag;
  }
  Fields Inner(const char* key) const { return has_ ? Fields(object_[key]) : *this; }
  // The sum of {"reason": count}.
  uint64_t SumOf(const char* key) const {
    uint64_t sum = 0;
    simdjson::dom::object reasons;
    if (!has_ || object_[key].get_object().get(reasons) != simdjson::SUCCESS) return 0;
    for (const auto& [reason, value] : reasons) {
      uint64_t count = 0;
      if (value.get_uint64().get(count) == simdjson::SUCCESS) sum += count;
    }
    return sum;
  }
  template <class Visit>
  void Each(const char* key, const Visit& visit) const {
    simdjson::dom::array array;
    if (!has_ || object_[key].get_array().get(array) != simdjson::SUCCESS) return;
    for (const Element element : array) visit(Fields(element));
  }

 private:
  simdjson::dom::object object_;
  bool has_ = false;
};

// Reads `json` and hands its fields to `read`.
template <class T, class Read>
absl::StatusOr<T> ReadWith(std::string_view json, const Read& read) {
  simdjson::dom::parser parser;
  Element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS || !root.is_object()) {
    return absl::UnavailableError("what answered sent no JSON object: is this the page's endpoint of Tailrace?");
  }
  T out;
  read(Fields(root), &out);
  return out;
}

ApiMemory MemoryOf(const Fields& fields) {
  return {fields.Count("budget_bytes"), fields.Count("rss_bytes"), fields.Count("table_bytes"),
          fields.Count("buffer_bytes")};
}

ApiPipeline PipelineOf(const Fields& fields) {
  ApiPipeline pipeline;
  pipeline.id = fields.Text("id");
  pipeline.in_table_traces = fields.Count("in_table_traces");
  pipeline.sampled_traces = fields.Count("sampled_traces");
  pipeline.not_sampled_traces = fields.Count("not_sampled_traces");
  pipeline.dropped_traces = fields.Count("dropped_traces");
  const Fields lag = fields.Inner("decision_lag_ms");
  pipeline.lag_p50_ms = lag.OptionalNumber("p50");
  pipeline.lag_p99_ms = lag.OptionalNumber("p99");
  return pipeline;
}

ApiExporter ExporterOf(const Fields& fields) {
  ApiExporter exporter;
  exporter.id = fields.Text("id");
  exporter.server_address = fields.Text("server_address");
  exporter.state = fields.Text("state");
  exporter.forwarded_spans = fields.Count("forwarded_spans");
  exporter.dropped_spans = fields.SumOf("dropped_spans");
  exporter.queued_spans = fields.Count("queued_spans");
  exporter.in_flight_spans = fields.Count("in_flight_spans");
  exporter.queue_full = fields.Number("queue_full");
  exporter.last_error = fields.Text("last_error");
  return exporter;
}

ApiPolicy PolicyOf(const Fields& fields, const std::string& processor) {
  ApiPolicy policy;
  policy.processor = processor;
  policy.name = fields.Text("name");
  policy.type = fields.Text("type");
  policy.sampled = fields.Count("sampled");
  policy.not_sampled = fields.Count("not_sampled");
  policy.dropped = fields.Count("dropped");
  policy.errors = fields.Count("errors");
  policy.cpu_ms = fields.Number("cpu_ms");
  return policy;
}

ApiOperation OperationOf(const Fields& fields) {
  ApiOperation row;
  row.service = fields.Text("service");
  row.operation = fields.Text("operation");
  row.kind = fields.Text("kind");
  row.calls = fields.Count("calls");
  row.errors = fields.Count("errors");
  row.total_ms = fields.Number("total_ms");
  row.p50_ms = fields.Number("p50_ms");
  row.p95_ms = fields.Number("p95_ms");
  row.p99_ms = fields.Number("p99_ms");
  return row;
}

ApiTrace TraceOf(const Fields& fields) {
  ApiTrace trace;
  trace.id = fields.Text("id");
  trace.pipeline = fields.Text("pipeline");
  trace.decision = fields.Text("decision");
  trace.policy = fields.Text("policy");
  trace.early = fields.Text("early");
  const Fields root = fields.Inner("root");
  trace.root_service = root.Text("service");
  trace.root_operation = root.Text("operation");
  trace.decided_unix_ms = fields.Count("decided_unix_ms");
  trace.duration_ms = fields.Number("duration_ms");
  trace.spans = fields.Count("spans");
  trace.error = fields.Flag("error");
  trace.has_spans = fields.Flag("has_spans");
  return trace;
}

ApiVote VoteOf(const Fields& fields) {
  return {fields.Text("policy"), fields.Text("type"),    fields.Text("vote"),    fields.Text("rule"),
          fields.Text("value"),  fields.Text("span_id"), fields.Text("service"), fields.Text("operation")};
}

ApiWhyAnswer WhyAnswerOf(const Fields& fields) {
  ApiWhyAnswer answer;
  answer.pipeline = fields.Text("pipeline");
  answer.state = fields.Text("state");
  answer.remembered = fields.Text("remembered");
  answer.early = fields.Text("early");
  answer.policy = fields.Text("policy");
  answer.deadline_unix_ms = fields.OptionalCount("deadline_unix_ms");
  answer.decided_unix_ms = fields.OptionalCount("decided_unix_ms");
  answer.spans = fields.Count("spans");
  answer.duration_ms = fields.Number("duration_ms");
  answer.late_spans = fields.Count("late_spans");
  answer.has_spans = fields.Flag("has_spans");
  fields.Each("votes", [&](const Fields& vote) { answer.votes.push_back(VoteOf(vote)); });
  return answer;
}

}  // namespace

absl::StatusOr<ApiStatus> ReadStatus(std::string_view json) {
  return ReadWith<ApiStatus>(json, [](const Fields& fields, ApiStatus* out) {
    out->version = fields.Text("version");
    out->instance = fields.Text("instance");
    out->state = fields.Text("state");
    out->uptime_s = static_cast<uint64_t>(std::clamp(fields.Number("uptime_s"), 0.0, 1e15));
    out->shards = fields.Count("shards");
    out->cpu_seconds = fields.Number("cpu_seconds");
    out->memory = MemoryOf(fields.Inner("memory"));
    out->accepted_spans = fields.Count("accepted_spans");
    out->refused_spans = fields.Count("refused_spans");
    out->failed_spans = fields.Count("failed_spans");
    out->residual_spans = fields.Signed("residual_spans");
  });
}

absl::StatusOr<ApiFlow> ReadFlow(std::string_view json) {
  return ReadWith<ApiFlow>(json, [](const Fields& fields, ApiFlow* out) {
    out->now_unix_ms = fields.Count("now_unix_ms");
    fields.Each("pipelines", [&](const Fields& pipeline) { out->pipelines.push_back(PipelineOf(pipeline)); });
    fields.Each("exporters", [&](const Fields& exporter) { out->exporters.push_back(ExporterOf(exporter)); });
  });
}

absl::StatusOr<std::vector<ApiPolicy>> ReadPolicies(std::string_view json) {
  return ReadWith<std::vector<ApiPolicy>>(json, [](const Fields& fields, std::vector<ApiPolicy>* out) {
    fields.Each("pipelines", [&](const Fields& pipeline) {
      const std::string processor = pipeline.Text("processor");
      pipeline.Each("policies", [&](const Fields& policy) { out->push_back(PolicyOf(policy, processor)); });
    });
  });
}

absl::StatusOr<ApiBaselines> ReadBaselines(std::string_view json) {
  return ReadWith<ApiBaselines>(json, [](const Fields& fields, ApiBaselines* out) {
    out->window_s = fields.Count("window_s");
    fields.Each("rows", [&](const Fields& row) { out->rows.push_back(OperationOf(row)); });
  });
}

absl::StatusOr<ApiTraces> ReadTraces(std::string_view json) {
  return ReadWith<ApiTraces>(json, [](const Fields& fields, ApiTraces* out) {
    out->newest = fields.Text("newest");
    out->truncated = fields.Flag("truncated");
    fields.Each("traces", [&](const Fields& trace) { out->traces.push_back(TraceOf(trace)); });
  });
}

absl::StatusOr<ApiWhy> ReadWhy(std::string_view json) {
  return ReadWith<ApiWhy>(json, [](const Fields& fields, ApiWhy* out) {
    out->id = fields.Text("id");
    out->sentence = fields.Text("sentence");
    fields.Each("answers", [&](const Fields& answer) { out->answers.push_back(WhyAnswerOf(answer)); });
  });
}

std::string ReadError(std::string_view json) {
  struct Error {
    std::string sentence;
  };
  const auto error =
      ReadWith<Error>(json, [](const Fields& fields, Error* out) { out->sentence = fields.Text("error"); });
  return error.ok() ? error->sentence : std::string();
}

}  // namespace tailrace
