#include "proto/span_brief.h"

namespace tailrace {

bool BriefReader::Next(SpanBrief* brief) {
  while (reader_.Next()) {
    const std::string_view span = reader_.Bytes();
    ScannedSpan scanned;
    if (!reader_.ok() || ScanSpan(span, &scanned) != ScanError::kNone) continue;
    *brief = BriefOf(request_, span, scanned, header_);
    return true;
  }
  return false;
}

}  // namespace tailrace
