// The dialect's scalars: Go durations (`300ms`, `2h45m`), integers, numbers, booleans, and how they are printed.
// Pure functions on text; every overflow is an error.
#pragma once

#include <cstdint>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "config/model.h"

namespace tailrace::config {

// As Go's time.ParseDuration: h, m, s, ms, us, ns with fractions; "0" needs no unit, everything else does.
absl::StatusOr<Duration> ParseDuration(absl::string_view text);
// The shortest text that ParseDuration reads back exactly: "1h30m", "10s", "1500ms".
std::string FormatDuration(Duration duration);

// Decimal, 0x, 0o, 0b, a leading 0 (octal), underscores: as YAML in Go. False where it is no integer of 64 bits.
bool ParseInteger(absl::string_view text, absl::int128* out);
// Finite only: no NaN, no infinity, no overflow.
bool ParseNumber(absl::string_view text, double* out);
std::string FormatNumber(double number);

}  // namespace tailrace::config
