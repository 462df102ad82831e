// A payload packed for the wire. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace tailrace {

// `compression`: gzip or zstd. Empty where the library fails, which means want of memory.
std::string Pack(std::string_view payload, const std::string& compression);

}  // namespace tailrace
