#include "tests/processors/property/check_policies.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/stubs/logging.h"
#include "processors/engine.h"
#include "proto/request_scanner.h"
#include "proto/wire_reader.h"
#include "tests/processors/property/message_oracle.h"

namespace tailrace::testing {
namespace {

using Request = otlp::collector::trace::v1::ExportTraceServiceRequest;

class Spans final : public TraceSpans {
 public:
  std::vector<StoredSpan> all;
  void Rewind() override { next_ = 0; }
  bool Next(StoredSpan* span) override {
    if (next_ == all.size()) return false;
    *span = all[next_++];
    return true;
  }

 private:
  size_t next_ = 0;
};

struct WireTrace {
  TraceId id;
  TraceFacts facts;
  Spans spans;
};

// One engine for all checks: policies are built once.
struct Judge {
  Judge() : policies(OracledPolicies()) {
    config::TailSamplingConfig config;
    for (const OracledPolicy& policy : policies) config.policies.push_back(policy.policy);
    engine = std::make_unique<Engine>(config);
  }
  std::vector<OracledPolicy> policies;
  std::unique_ptr<Engine> engine;
};

std::map<std::string, WireTrace> Traces(std::string_view request, const ScannedRequest& scanned) {
  std::map<std::string, WireTrace> traces;
  for (const SpanRun& run : scanned.runs) {
    WireTrace& trace = traces[run.trace_id.ToHex()];
    trace.id = run.trace_id;
    const std::string_view bytes = request.substr(run.bytes.offset, run.bytes.size);
    AddSpanTimes(bytes, &trace.facts.time);
    trace.facts.seen |= run.seen;
    trace.facts.span_count += run.span_count;
    const ScopeHeader& header = scanned.headers[run.header];
    StoredSpan span{.resource = scanned.Resource(request, header), .scope = scanned.Scope(request, header)};
    span.header = run.header;
    WireReader reader(bytes);
    while (reader.Next()) {
      span.span = reader.Bytes();
      trace.spans.all.push_back(span);
    }
  }
  return traces;
}

std::map<std::string, MessageTrace> Traces(const Request& request) {
  std::map<std::string, MessageTrace> traces;
  for (const auto& resource_spans : request.resource_spans()) {
    for (const auto& scope_spans : resource_spans.scope_spans()) {
      for (const auto& span : scope_spans.spans()) {
        const std::string hex = absl::BytesToHexString(span.trace_id());
        traces[hex].push_back({&resource_spans.resource(), &scope_spans.scope(), &span});
      }
    }
  }
  return traces;
}

// A field of `message` that may be there once and is there twice; goes into what attributes are made of.
bool GivenTwice(std::string_view message, int depth);

bool GivenTwiceIn(std::string_view message, uint32_t tag, int depth, bool key_value) {
  WireReader reader(message);
  uint32_t values = 0;
  while (reader.Next()) {
    const bool here = reader.tag() == tag;
    if (!here) {
      reader.Skip();
      continue;
    }
    ++values;
    if (key_value ? (values > 1 || GivenTwice(reader.Bytes(), depth))
                  : GivenTwiceIn(reader.Bytes(), WireTag(2, kLengthDelimited), depth, true)) {
      return true;
    }
  }
  return false;
}

// An AnyValue: one member, whose own values are looked at.
bool GivenTwice(std::string_view any_value, int depth) {
  if (depth > 50) return true;
  WireReader reader(any_value);
  uint32_t members = 0;
  while (reader.Next()) {
    if (reader.field() >= 1 && reader.field() <= 7) ++members;
    if (members > 1) return true;
    if (reader.tag() == WireTag(5, kLengthDelimited)) {
      WireReader list(reader.Bytes());
      while (list.Next()) {
        if (list.tag() != WireTag(1, kLengthDelimited)) {
          list.Skip();
        } else if (GivenTwice(list.Bytes(), depth + 1)) {
          return true;
        }
      }
    } else if (reader.tag() == WireTag(6, kLengthDelimited)) {
      if (GivenTwiceIn(reader.Bytes(), WireTag(1, kLengthDelimited), depth + 1, false)) return true;
    } else {
      reader.Skip();
    }
  }
  return false;
}

bool HoldsValuesGivenTwice(const WireTrace& trace) {
  for (const StoredSpan& stored : trace.spans.all) {
    if (GivenTwiceIn(stored.span, WireTag(9, kLengthDelimited), 0, false)) return true;
    WireReader events(stored.span);
    while (events.Next()) {
      if (events.tag() != WireTag(11, kLengthDelimited)) {
        events.Skip();
      } else if (GivenTwiceIn(events.Bytes(), WireTag(3, kLengthDelimited), 0, false)) {
        return true;
      }
    }
    for (const auto& [header, tag] : {std::pair(stored.resource, 1u), std::pair(stored.scope, 3u)}) {
      WireReader reader(header);
      while (reader.Next()) {
        if (reader.tag() != WireTag(1, kLengthDelimited)) {
          reader.Skip();
        } else if (GivenTwiceIn(reader.Bytes(), WireTag(tag, kLengthDelimited), 0, false)) {
          return true;
        }
      }
    }
  }
  return false;
}

std::string CheckTrace(const std::string& hex, WireTrace* wire, const MessageTrace& messages) {
  static auto& judge = *new Judge;
  std::vector<uint64_t> before;
  for (const Engine::Entry& entry : judge.engine->policies()) before.push_back(entry.sampled);
  judge.engine->Decide({.id = wire->id, .facts = wire->facts, .spans = &wire->spans});
  for (size_t i = 0; i < judge.policies.size(); ++i) {
    const bool ours = judge.engine->policies()[i].sampled > before[i];
    if (ours == judge.policies[i].samples(messages)) continue;
    std::string text = absl::StrCat("trace ", hex, ", policy ", judge.policies[i].policy.name, ": on wire bytes ",
                                    ours ? "sampled" : "not sampled", ", on messages the other; spans:");
    for (const StoredSpan& span : wire->spans.all) {
      const auto hex_of = [](std::string_view bytes) { return absl::BytesToHexString({bytes.data(), bytes.size()}); };
      absl::StrAppend(&text, "\n  ", hex_of(span.span), "\n    resource ", hex_of(span.resource), "\n    scope ",
                      hex_of(span.scope));
    }
    return text;
  }
  return {};
}

}  // namespace

std::string CheckPoliciesOnRequest(std::string_view request, uint64_t* spans) {
  static const google::protobuf::LogSilencer quiet;
  ScannedRequest scanned;
  Request message;
  if (ScanRequest(request, &scanned) != ScanError::kNone || scanned.rejected_spans > 0) return {};
  if (!message.ParseFromArray(request.data(), static_cast<int>(request.size()))) return {};
  std::map<std::string, WireTrace> wire = Traces(request, scanned);
  std::map<std::string, MessageTrace> messages = Traces(message);
  if (wire.size() != messages.size()) return "other traces";
  for (auto& [hex, trace] : wire) {
    if (HoldsValuesGivenTwice(trace)) continue;
    *spans += trace.spans.all.size();
    if (trace.spans.all.size() != messages[hex].size()) return absl::StrCat("trace ", hex, ": other spans");
    if (std::string problem = CheckTrace(hex, &trace, messages[hex]); !problem.empty()) return problem;
  }
  return {};
}

}  // namespace tailrace::testing
