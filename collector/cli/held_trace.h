// HeldTrace: the spans of one trace as /api/v1/traces/{id} answers them (OTLP JSON), ready to be laid out as a
// waterfall. Read by the receivers' own JSON reader. Immutable once made; movable.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/terminal/waterfall.h"

namespace tailrace {

class HeldTrace {
 public:
  static absl::StatusOr<HeldTrace> FromOtlpJson(std::string_view json);

  // Views of this object's bytes.
  const std::vector<WaterfallSpan>& spans() const { return spans_; }

 private:
  std::unique_ptr<const std::string> bytes_;
  std::vector<WaterfallSpan> spans_;
};

}  // namespace tailrace
