// Times by a strptime format, read and written as the Collector does it: numbers may be shorter than they are written
// and may stand after spaces, names are English, what a zone's abbreviation means is the location's to say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "processors/ottl/arena.h"
#include "processors/ottl/value.h"

namespace tailrace::ottl {

class TimeFormat {
 public:
  // An error names the directive that there is not.
  static absl::StatusOr<TimeFormat> Parse(std::string_view format);

  // Has it all that makes a date? Without a year the Collector takes the clock's.
  bool has_year() const;
  // False where `text` is not of this format. `zone`: of a time that names none.
  bool Read(std::string_view text, const absl::TimeZone& zone, Arena* arena, Time* time) const;
  std::string Write(const Time& time) const;

 private:
  // A directive's letter, or literal text.
  struct Part {
    char directive = '\0';
    std::string text;
  };
  std::vector<Part> parts_;
};

}  // namespace tailrace::ottl
