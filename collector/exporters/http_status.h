// What a backend's answer over HTTP means, by the OTLP specification. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "collector/exporters/send_result.h"

namespace tailrace {

struct HttpAnswer {
  int status = 0;
  std::string_view content_type;
  std::string_view retry_after;
  std::string_view body;  // as far as it was read
};

// 2xx: taken, perhaps in part. 400, 422: something in it is refused. 413: too large. 429, 502, 503, 504: later. All
// else: no attempt can help; redirects too, which are not followed. `now_s`: Unix time, for a Retry-After that is a
// date.
SendResult ReadHttpAnswer(const HttpAnswer& answer, int64_t now_s);

}  // namespace tailrace
