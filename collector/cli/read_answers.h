// The API's JSON into the structs of api_answers.h. Lenient, because the daemon may be of another version: unknown
// fields are passed over, absent ones and those of another type keep their defaults; only what is no JSON is an error.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "collector/cli/api_answers.h"

namespace tailrace {

absl::StatusOr<ApiStatus> ReadStatus(std::string_view json);
absl::StatusOr<ApiFlow> ReadFlow(std::string_view json);
absl::StatusOr<std::vector<ApiPolicy>> ReadPolicies(std::string_view json);
absl::StatusOr<ApiBaselines> ReadBaselines(std::string_view json);
absl::StatusOr<ApiTraces> ReadTraces(std::string_view json);
absl::StatusOr<ApiWhy> ReadWhy(std::string_view json);

// The sentence of {"error": "..."}; empty where there is none.
std::string ReadError(std::string_view json);

}  // namespace tailrace
