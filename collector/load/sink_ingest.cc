#include "collector/load/sink_ingest.h"

#include <time.h>

namespace tailrace {

IngestResult SinkIngest::Take(const BufferRef& request, uint32_t, Transport, uint8_t) {
  if (delay_ms_ > 0) {
    const int64_t delay_ns = static_cast<int64_t>(delay_ms_ * 1e6);
    const timespec delay{.tv_sec = delay_ns / 1'000'000'000, .tv_nsec = delay_ns % 1'000'000'000};
    nanosleep(&delay, nullptr);
  }
  failures_due_ += fail_share_;
  if (failures_due_ >= 1) {
    failures_due_ -= 1;
    ++requests_refused_;
    return {.code = IngestCode::kOverloaded, .retry_after_ms = 100, .message = "the sink was told to refuse some"};
  }
  if (ScanRequest(request->view(), &scanned_) != ScanError::kNone) {
    ++requests_failed_;
    return {.code = IngestCode::kMalformed, .message = "not an ExportTraceServiceRequest"};
  }
  for (const SpanRun& run : scanned_.runs) {
    census_.AddRun(run.trace_id, request->view().substr(run.bytes.offset, run.bytes.size), run.span_count);
  }
  ++requests_;
  rejected_spans_ += scanned_.rejected_spans;
  body_bytes_ += request->size();
  return {.accepted_spans = scanned_.span_count, .rejected_spans = scanned_.rejected_spans};
}

}  // namespace tailrace
