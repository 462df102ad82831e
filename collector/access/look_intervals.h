// How often the files of a listener's access are looked at. Constants.
#pragma once

#include <chrono>

#include "config/model.h"

namespace tailrace {

// Users, tokens and client_ca_file_reload have no interval of their own.
inline constexpr config::Duration kLookEvery = std::chrono::seconds(1);
// After a change that has not settled.
inline constexpr config::Duration kLookAgain = std::chrono::milliseconds(200);

}  // namespace tailrace
