#include "tests/proto/scan_check.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/repeated_field.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/unknown_field_set.h"
#include "otlp/trace_service.pb.h"
#include "proto/request_scanner.h"
#include "proto/wire_reader.h"
#include "tests/proto/long_varint.h"
#include "tests/proto/shape.pb.h"

namespace tailrace::testing {
namespace {

namespace pb = google::protobuf;
using OtlpRequestMessage = opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;

template <typename Message>
bool Parse(std::string_view bytes, Message* message) {
  return message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// Deliberate difference 1: a group, or a known field number that ended up unknown.
bool HoldsRefusedField(const pb::Message& message) {
  const pb::Reflection& reflection = *message.GetReflection();
  const pb::UnknownFieldSet& unknown = reflection.GetUnknownFields(message);
  for (int i = 0; i < unknown.field_count(); ++i) {
    const pb::UnknownField& field = unknown.field(i);
    if (field.type() == pb::UnknownField::TYPE_GROUP) return true;
    if (message.GetDescriptor()->FindFieldByNumber(field.number()) != nullptr) return true;
  }
  std::vector<const pb::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      if (HoldsRefusedField(reflection.GetMessage(message, field))) return true;
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      if (HoldsRefusedField(reflection.GetRepeatedMessage(message, field, i))) return true;
    }
  }
  return false;
}

bool IdsValid(const std::string& trace_id, const std::string& span_id) {
  return trace_id.size() == 16 && span_id.size() == 8 && trace_id.find_first_not_of('\0') != std::string::npos &&
         span_id.find_first_not_of('\0') != std::string::npos;
}

template <typename Span>
uint8_t SeenOf(const Span& span) {
  uint8_t seen = 0;
  switch (static_cast<int32_t>(span.status().code())) {
    case 0:
      seen |= kSeenStatusUnset;
      break;
    case 1:
      seen |= kSeenStatusOk;
      break;
    case 2:
      seen |= kSeenStatusError;
      break;
    default:
      break;
  }
  if (span.parent_span_id().empty()) seen |= kSeenRoot;
  if ((span.flags() & 1) != 0) seen |= kSeenSampledFlag;
  if (!span.trace_state().empty()) seen |= kSeenTraceState;
  if (span.events_size() != 0) seen |= kSeenEvents;
  return seen;
}

bool SameTime(const TimeSpan& a, const TimeSpan& b) {
  return a.min_start_ns == b.min_start_ns && a.max_end_ns == b.max_end_ns && a.longest_prefix_ns == b.longest_prefix_ns;
}

// Walks over the parsed request and the scan's runs side by side. `Request` is OTLP's or the shape's.
template <typename Request>
class Comparison {
 public:
  Comparison(std::string_view bytes, const ScannedRequest& scan) : bytes_(bytes), scan_(scan) {}

  // Takes `request` apart: what is left of its envelopes is what the headers must say.
  std::string Run(Request* request) {
    for (ResourceSpans& resource : *request->mutable_resource_spans()) {
      pb::RepeatedPtrField<ScopeSpans> scopes;
      scopes.Swap(resource.mutable_scope_spans());
      for (ScopeSpans& scope : scopes) {
        pb::RepeatedPtrField<Span> spans;
        spans.Swap(scope.mutable_spans());
        previous_ = nullptr;
        for (const Span& span : spans) {
          if (std::string problem = AddSpan(span, resource, scope); !problem.empty()) return problem;
        }
        if (left_ != 0) return "a run goes on behind its scope's last span";
      }
    }
    if (next_run_ != scan_.runs.size()) return "the scanner has more runs";
    if (spans_ != scan_.span_count) return absl::StrCat("span_count ", scan_.span_count, ", expected ", spans_);
    if (rejected_ != scan_.rejected_spans) {
      return absl::StrCat("rejected_spans ", scan_.rejected_spans, ", expected ", rejected_);
    }
    return "";
  }

 private:
  using ResourceSpans = std::decay_t<decltype(std::declval<Request>().resource_spans(0))>;
  using ScopeSpans = std::decay_t<decltype(std::declval<ResourceSpans>().scope_spans(0))>;
  using Span = std::decay_t<decltype(std::declval<ScopeSpans>().spans(0))>;

  std::string AddSpan(const Span& span, const ResourceSpans& resource, const ScopeSpans& scope) {
    if (!IdsValid(span.trace_id(), span.span_id())) {
      ++rejected_;
      previous_ = nullptr;
      return left_ == 0 ? "" : "a span with a bad id lies within a run";
    }
    if (std::string problem = CheckBrief(span); !problem.empty()) return problem;
    ++spans_;
    if (left_ == 0) {
      if (std::string problem = OpenRun(resource, scope); !problem.empty()) return problem;
    }
    const Span& scanned = run_spans_.spans(run_spans_.spans_size() - left_);
    if (scanned.SerializeAsString() != span.SerializeAsString()) return "a run's bytes are another span";
    if (span.trace_id() != run_->trace_id.view()) return "a run's trace id is not its span's";
    seen_ |= SeenOf(span);
    time_.Add(span.start_time_unix_nano(), span.end_time_unix_nano());
    ordinary_ &= TimeSpan::Ordinary(span.start_time_unix_nano(), span.end_time_unix_nano());
    return --left_ == 0 ? CloseRun() : "";
  }

  // The brief that the scanner took along.
  std::string CheckBrief(const Span& span) {
    if (spans_ >= scan_.briefs.size()) return "the scanner has fewer briefs";
    const SpanBrief& brief = scan_.briefs[spans_];
    const uint64_t start = span.start_time_unix_nano(), end = span.end_time_unix_nano();
    if (brief.name(bytes_) != span.name()) return "a brief's name is another";
    if (brief.duration_ns != (end > start ? end - start : 0)) return "a brief's duration is wrong";
    if (brief.kind != std::min<uint32_t>(static_cast<uint32_t>(span.kind()), kSpanKinds - 1)) {
      return "a brief's kind is wrong";
    }
    if (brief.status != std::min<uint32_t>(static_cast<uint32_t>(span.status().code()), kSpanStatuses - 1)) {
      return "a brief's status is wrong";
    }
    if (brief.has_trace_state != !span.trace_state().empty()) return "a brief's trace state is wrong";
    if (brief.has_events != (span.events_size() != 0)) return "a brief's events are wrong";
    Span whole;
    if (!Parse(brief.span(bytes_), &whole) || whole.SerializeAsString() != span.SerializeAsString()) {
      return "a brief's bytes are another span";
    }
    return "";
  }

  std::string OpenRun(const ResourceSpans& resource, const ScopeSpans& scope) {
    if (next_run_ == scan_.runs.size()) return "the scanner has fewer runs";
    run_ = &scan_.runs[next_run_++];
    if (run_->header >= scan_.headers.size()) return "a run without a header";
    if (run_->bytes.offset > bytes_.size() || run_->bytes.size > bytes_.size() - run_->bytes.offset)
      return "a run outside";
    if (!Parse(bytes_.substr(run_->bytes.offset, run_->bytes.size), &run_spans_)) return "a run's bytes are no spans";
    left_ = run_spans_.spans_size();
    if (left_ == 0 || static_cast<uint32_t>(left_) != run_->span_count) return "a run's span_count is wrong";
    if (previous_ != nullptr && previous_->trace_id == run_->trace_id && previous_->header == run_->header &&
        previous_->bytes.offset + previous_->bytes.size == run_->bytes.offset) {
      return "two runs that should be one";
    }
    seen_ = 0;
    time_ = TimeSpan();
    ordinary_ = true;
    return CheckHeader(resource, scope);
  }

  std::string CheckHeader(const ResourceSpans& resource, const ScopeSpans& scope) const {
    const ScopeHeader& header = scan_.headers[run_->header];
    ResourceSpans scanned_resource;
    ScopeSpans scanned_scope;
    if (!Parse(scan_.Resource(bytes_, header), &scanned_resource)) return "a header's resource does not parse";
    if (!Parse(scan_.Scope(bytes_, header), &scanned_scope)) return "a header's scope does not parse";
    if (scanned_resource.SerializeAsString() != resource.SerializeAsString()) return "a header's resource is another";
    if (scanned_scope.SerializeAsString() != scope.SerializeAsString()) return "a header's scope is another";
    return "";
  }

  std::string CloseRun() {
    previous_ = run_;
    TimeSpan walked;
    AddSpanTimes(bytes_.substr(run_->bytes.offset, run_->bytes.size), &walked);
    if (!SameTime(run_->time, time_) || !SameTime(walked, time_)) return "a run's times are wrong";
    if (run_->seen != seen_) return absl::StrCat("a run's seen is ", run_->seen, ", expected ", seen_);
    if (run_->ordinary != ordinary_) return "a run's `ordinary` is wrong";
    return "";
  }

  std::string_view bytes_;
  const ScannedRequest& scan_;
  uint32_t spans_ = 0;
  uint32_t rejected_ = 0;
  size_t next_run_ = 0;
  const SpanRun* previous_ = nullptr;  // the run that the next one might have continued
  // The run that is open: its spans, how many of them are still to come, and what was folded of them.
  const SpanRun* run_ = nullptr;
  ScopeSpans run_spans_;
  int left_ = 0;
  uint8_t seen_ = 0;
  TimeSpan time_;
  bool ordinary_ = true;
};

bool SameBrief(const SpanBrief& a, const SpanBrief& b) {
  return a.span_offset == b.span_offset && a.span_size == b.span_size && a.name_offset == b.name_offset &&
         a.name_size == b.name_size && a.duration_ns == b.duration_ns && a.header == b.header && a.kind == b.kind &&
         a.status == b.status && a.has_trace_state == b.has_trace_state && a.has_events == b.has_events;
}

// Those that a scan without room for briefs leaves to be read from the runs.
std::string CheckBriefsReadAgain(std::string_view request, const ScannedRequest& scan) {
  ScannedRequest cut;
  if (ScanRequest(request, &cut, {.briefs_max = scan.span_count / 2}) != ScanError::kNone)
    return "refused with less room";
  size_t at = 0;
  bool same = true;
  ForEachBrief(request, cut, [&](const SpanBrief& brief) {
    same &= at < scan.briefs.size() && SameBrief(brief, scan.briefs[at]);
    ++at;
  });
  return same && at == scan.span_count ? "" : "the briefs read again are others";
}

}  // namespace

std::string CheckScan(std::string_view request) {
  const pb::LogSilencer silencer;  // what it refuses is no news here
  ScannedRequest scan;
  const ScanError error = ScanRequest(request, &scan, {.briefs_max = UINT32_MAX});
  if (HoldsLongVarint(request, *shape::Request::descriptor())) return "";  // deliberate difference 4
  shape::Request shape;
  const bool parsed = Parse(request, &shape);
  if (error != ScanError::kNone) {
    if (!parsed || error == ScanError::kTooDeep || HoldsRefusedField(shape)) return "";
    return absl::StrCat("the scanner refuses what libprotobuf takes: ", std::string(ToString(error)));
  }
  if (!parsed) return "the scanner takes what libprotobuf refuses";
  if (HoldsRefusedField(shape)) return "the scanner takes a group or a field of a wrong wire type";
  if (std::string problem = CheckBriefsReadAgain(request, scan); !problem.empty()) return problem;
  if (std::string problem = Comparison<shape::Request>(request, scan).Run(&shape); !problem.empty()) return problem;
  OtlpRequestMessage otlp;
  if (!Parse(request, &otlp)) return "";  // deliberate difference 3
  return Comparison<OtlpRequestMessage>(request, scan).Run(&otlp);
}

}  // namespace tailrace::testing
