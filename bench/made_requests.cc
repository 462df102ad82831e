#include "bench/made_requests.h"

#include <cstdlib>

#include "base/hash.h"

namespace tailrace {
namespace {

constexpr uint64_t kBaseNs = 1'700'000'000'000'000'000;

}  // namespace

RequestTemplate MakeRequest(const RequestShape& shape) {
  const TrafficShape traffic{.spans_per_trace = kMadeSpansPerTrace, .span_bytes = shape.span_bytes};
  RequestTemplate::Content content{.service_begin = shape.service_begin, .service_end = shape.service_end};
  for (uint32_t t = shape.first_trace; t < shape.first_trace + shape.traces; ++t) {
    const TraceClass trace_class = shape.class_of == nullptr ? TraceClass::kNormal : shape.class_of(t);
    content.traces.push_back(
        {.id = EncodeTraceId({.number = t, .seed = 1, .trace_class = trace_class, .spans = kMadeSpansPerTrace}),
         .trace_class = trace_class,
         .salt = t + 1});
  }
  return *RequestTemplate::Make(content, traffic, LoadCompression::kNone, /*grpc=*/false, kBaseNs);
}

ArrivedRequest::ArrivedRequest(const RequestShape& shape, ScanLimits limits) : bytes(MakeRequest(shape).message()) {
  if (ScanRequest(bytes, &scanned, limits) != ScanError::kNone) std::abort();
  for (const SpanRun& run : scanned.runs) hashes.push_back(TraceIdHasher()(run.trace_id));
}

}  // namespace tailrace
