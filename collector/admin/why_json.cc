#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "collector/admin/json_writer.h"
#include "collector/admin/trace_json.h"
#include "collector/admin/trace_names.h"
#include "collector/shard/framed_spans.h"
#include "config/policy_type.h"
#include "processors/explain/explain.h"

namespace tailrace {
namespace {

using PipelineAnswer = TraceFinder::Answer;

bool IsDecided(const PipelineAnswer& answer) {
  return answer.look.state == TraceState::kKept || answer.look.state == TraceState::kDropped;
}
bool HasRecord(const PipelineAnswer& answer) {
  return IsDecided(answer) || answer.look.state == TraceState::kUndecided;
}

// That decided; past the last: none, or not known.
uint32_t DecidingPolicy(const PipelineAnswer& answer) {
  return answer.look.state == TraceState::kForgotten ? answer.look.policy : answer.look.record.policy;
}

std::optional<Vote> VoteOf(const JournalRecord& record, uint32_t policy) {
  if (policy < Votes::kPolicies) return record.votes.Get(policy);
  if (policy != record.policy) return std::nullopt;
  return record.verdict == Verdict::kDropped ? Vote::kDropped : Vote::kSampled;
}

Explanation ExplainVote(const PipelineAnswer& answer, uint32_t policy) {
  const JournalRecord& record = answer.look.record;
  const TraceFacts facts{
      .time = record.time, .span_count = record.span_count, .seen = record.seen, .bytes = record.bytes};
  FramedSpans spans(answer.look.spans);
  const KnownTrace trace{.id = record.id, .facts = facts, .spans = answer.look.spans.empty() ? nullptr : &spans};
  const int32_t child =
      record.composite == policy && record.composite_child != JournalRecord::kNoChild ? record.composite_child : -1;
  return Explain(*answer.pipeline->policies[policy], trace, VoteOf(record, policy), child);
}

void WriteVote(const PipelineAnswer& answer, uint32_t policy, JsonWriter* json) {
  const config::PolicyConfig& config = *answer.pipeline->policies[policy];
  const Explanation why = ExplainVote(answer, policy);
  const auto text_or_null = [json](const char* key, const std::string& text) {
    text.empty() ? json->Field(key, nullptr) : json->Field(key, text);
  };
  json->Object([&] {
    json->Field("policy", config.name);
    json->Field("type", config::PolicyTypeName(config));
    json->Field("vote", VoteName(VoteOf(answer.look.record, policy)));
    json->Field("rule", why.rule);
    text_or_null("value", why.value);
    const DecidingSpan span = why.span.value_or(DecidingSpan());
    text_or_null("span_id", absl::BytesToHexString({span.span_id.data(), span.span_id.size()}));
    text_or_null("service", span.service);
    text_or_null("operation", span.operation);
  });
}

// Votes are kept of the first policies only; of the others there is at most the one that decided.
void WriteVotes(const PipelineAnswer& answer, JsonWriter* json) {
  json->Key("votes").Array([&] {
    if (!HasRecord(answer)) return;
    for (uint32_t i = 0; i < answer.pipeline->policies.size(); ++i) {
      if (i < Votes::kPolicies || i == answer.look.record.policy) WriteVote(answer, i, json);
    }
  });
}

void WriteAnswer(const TraceFinder& finder, const PipelineAnswer& answer, JsonWriter* json) {
  const TraceLook& look = answer.look;
  const JournalRecord& record = look.record;
  const auto time_or_null = [&](const char* key, bool is_there, int64_t steady_ns) {
    is_there ? json->Field(key, finder.UnixMs(steady_ns)) : json->Field(key, nullptr);
  };
  json->Object([&] {
    json->Field("pipeline", answer.pipeline->id);
    json->Field("state", StateName(look.state));
    if (look.state == TraceState::kForgotten) json->Field("remembered", look.kept ? "kept" : "dropped");
    time_or_null("deadline_unix_ms", look.state == TraceState::kUndecided, look.deadline_ns);
    time_or_null("decided_unix_ms", IsDecided(answer), record.decided_ns);
    json->Field("early", CauseName(record.cause));
    json->Field("policy", PolicyName(*answer.pipeline, DecidingPolicy(answer)));
    json->Field("spans", record.span_count);
    HasRecord(answer) ? json->Field("duration_ms", Ms(record.duration_ns())) : json->Field("duration_ms", nullptr);
    json->Field("late_spans", record.late_spans);
    json->Field("has_spans", !look.spans.empty());
    WriteVotes(answer, json);
  });
}

std::string KeptSentence(const PipelineAnswer& answer) {
  const uint32_t policy = answer.look.record.policy;
  const std::optional<std::string> name = PolicyName(*answer.pipeline, policy);
  if (!name.has_value()) return "Kept.";
  const Explanation why = ExplainVote(answer, policy);
  return absl::StrCat("Kept by the policy \"", *name, "\", which asks for ", why.rule, why.value.empty() ? "" : ": ",
                      why.value, ".");
}

std::string DroppedSentence(const PipelineAnswer& answer) {
  const JournalRecord& record = answer.look.record;
  if (record.cause == kCauseTooLarge) return "Dropped, no policy asked: it grew past maximum_trace_size_bytes.";
  const std::optional<std::string> name = PolicyName(*answer.pipeline, record.policy);
  if (!name.has_value()) return "Dropped: no policy voted to keep it.";
  const Explanation why = ExplainVote(answer, record.policy);
  return absl::StrCat("Dropped by the policy \"", *name, "\" (", why.rule, ")", why.value.empty() ? "" : ": ",
                      why.value, ".");
}

std::string Sentence(const PipelineAnswer& answer) {
  const TraceLook& look = answer.look;
  switch (look.state) {
    case TraceState::kUndecided:
      return absl::StrCat("Not decided yet: ", look.record.span_count, " spans wait for the end of the decision wait.");
    case TraceState::kKept:
      return KeptSentence(answer);
    case TraceState::kDropped:
      return DroppedSentence(answer);
    case TraceState::kForgotten:
      return absl::StrCat(look.kept ? "Kept" : "Dropped",
                          " some time ago: its spans still follow that decision, but the details are gone.");
    case TraceState::kNeverSeen:
      break;
  }
  return "Never seen here, or so long ago that nothing is left of it.";
}

std::string Sentences(const std::vector<PipelineAnswer>& answers) {
  if (answers.empty()) return "No pipeline samples: every trace is handed on as it comes.";
  std::string all;
  for (const PipelineAnswer& answer : answers) {
    if (!all.empty()) all += ' ';
    if (answers.size() > 1) absl::StrAppend(&all, answer.pipeline->id, ": ");
    all += Sentence(answer);
  }
  return all;
}

}  // namespace

std::string WhyJson(const TraceFinder& finder, const TraceId& id, const std::vector<PipelineAnswer>& answers) {
  JsonWriter json;
  json.Object([&] {
    json.Field("id", id.ToHex());
    json.Field("sentence", Sentences(answers));
    json.Key("answers").Array([&] {
      for (const PipelineAnswer& answer : answers) WriteAnswer(finder, answer, &json);
    });
  });
  return json.Take();
}

}  // namespace tailrace
