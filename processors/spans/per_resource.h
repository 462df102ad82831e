// PerResource: an answer about a span's resource, found once for all neighbouring spans that share it. One for each
// question; single-writer.
#pragma once

#include <cstdint>

#include "processors/spans/span_view.h"

namespace tailrace {

class PerResource {
 public:
  // `ask`: bool(SpanView*), of the resource alone.
  template <typename Asked>
  bool Get(SpanView* span, Asked ask) {
    if (span->resource_serial() != serial_) {
      serial_ = span->resource_serial();
      answer_ = ask(span);
    }
    return answer_;
  }

 private:
  uint64_t serial_ = 0;
  bool answer_ = false;
};

}  // namespace tailrace
