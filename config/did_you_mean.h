// What a wrong word in a configuration, or in an OTTL condition, was probably meant to be. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tailrace::config {

// `; did you mean "x"?` for the nearest of the first candidates, or nothing where none is near.
std::string DidYouMean(absl::string_view word, const std::vector<std::string>& candidates);

}  // namespace tailrace::config
