#include "collector/receivers/body_intake.h"

#include <absl/status/status.h>

#include <algorithm>

#include "collector/receivers/text.h"

namespace tailrace {
namespace {

// No buffer was free: bodies leave within a decision or a hand-over, so soon is worth a try.
constexpr uint32_t kRetryAfterMs = 1000;
// What any request may be after inflating, however small it came; past it the ratio counts.
constexpr uint64_t kInflatedBytesFree = uint64_t{4} << 20;

uint64_t InflatedBytesMax(const config::ListenerConfig& limits, size_t packed_bytes) {
  return std::min(limits.inflated_bytes_max,
                  std::max(kInflatedBytesFree, uint64_t{packed_bytes} * limits.inflation_ratio_max));
}

}  // namespace

Verdict BodyIntake::Take(BufferRef body, Encoding encoding, bool json, const Port& port, Transport transport,
                         uint8_t hops) {
  if (encoding != Encoding::kIdentity) {
    const Verdict verdict = Inflate(encoding, port, transport, &body);
    if (verdict.code != VerdictCode::kOk) return verdict;
  }
  if (json) {
    const Verdict verdict = ConvertJson(port, transport, &body);
    if (verdict.code != VerdictCode::kOk) return verdict;
  }
  if (!body) body = ingest_.buffers().Allocate(1);  // an empty request is a request
  if (!body) return RefuseForWantOfBuffers(port, transport);
  const IngestResult result = ingest_.Take(body, port.receiver, transport, hops);
  switch (result.code) {
    case IngestCode::kOk:
      return {.code = VerdictCode::kOk, .rejected_spans = result.rejected_spans, .message = result.message};
    case IngestCode::kMalformed:
      ++ingest_.connections().malformed;
      return {.code = VerdictCode::kMalformed, .message = result.message};
    case IngestCode::kTooLarge:
      ++ingest_.connections().too_large;
      return {.code = VerdictCode::kTooLarge, .message = result.message};
    case IngestCode::kLoop:
      return {.code = VerdictCode::kLoop, .message = result.message};
    case IngestCode::kOverloaded:
      break;
  }
  return {.code = VerdictCode::kOverloaded, .retry_after_ms = result.retry_after_ms, .message = result.message};
}

Verdict BodyIntake::Inflate(Encoding encoding, const Port& port, Transport transport, BufferRef* body) {
  BufferRef inflated;
  const std::string_view packed = *body ? (*body)->view() : std::string_view();
  const uint64_t bytes_max = InflatedBytesMax(port.limits, packed.size());
  const InflateError error = inflater_.Inflate(encoding, packed, bytes_max, ingest_.buffers(), &inflated);
  *body = std::move(inflated);
  switch (error) {
    case InflateError::kNone:
      return {};
    case InflateError::kTooLarge:
      ++ingest_.connections().too_large;
      ingest_.CountFailed(port.receiver, transport);
      message_ = Joined("message larger than max (more than ", bytes_max, " bytes after decompression)");
      return {.code = VerdictCode::kTooLarge, .message = message_};
    case InflateError::kNoBuffer:
      return RefuseForWantOfBuffers(port, transport);
    case InflateError::kCorrupt:
      break;
  }
  ++ingest_.connections().inflate_failed;
  ingest_.CountFailed(port.receiver, transport);
  return {.code = VerdictCode::kMalformed, .message = "the compressed body is corrupt or incomplete"};
}

Verdict BodyIntake::ConvertJson(const Port& port, Transport transport, BufferRef* body) {
  const std::string_view json = *body ? (*body)->view() : std::string_view();
  const size_t room_behind = *body ? (*body)->capacity() - json.size() : 0;
  const absl::Status status = json_.Parse(json, room_behind, [&](std::string_view protobuf) {
    *body = ingest_.buffers().Allocate(protobuf.size());
    if (!*body) return;
    (*body)->Append(protobuf);
  });
  if (!status.ok()) {
    ++ingest_.connections().malformed;
    ingest_.CountFailed(port.receiver, transport);
    message_.assign(status.message().data(), status.message().size());
    return {.code = VerdictCode::kMalformed, .message = message_};
  }
  if (!*body) return RefuseForWantOfBuffers(port, transport);
  return {};
}

Verdict BodyIntake::RefuseTooLarge(const Port& port, Transport transport) {
  ++ingest_.connections().too_large;
  ingest_.CountFailed(port.receiver, transport);
  message_ = Joined("message larger than max (more than ", port.limits.body_bytes_max, " bytes)");
  return {.code = VerdictCode::kTooLarge, .message = message_};
}

Verdict BodyIntake::RefuseForWantOfBuffers(const Port& port, Transport transport) {
  ingest_.CountRefused(port.receiver, transport);
  return {.code = VerdictCode::kOverloaded,
          .retry_after_ms = kRetryAfterMs,
          .message = "too many bytes are being received; retry later"};
}

}  // namespace tailrace
