// Mutations of a client's side of an HTTP/2 connection that leave its frames frames: they are taken out, doubled,
// exchanged, made anew and changed, with lengths that are right (mostly) and header blocks that decode (mostly).
//
// Pure but for the dice; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tests/fuzz/request_mutator.h"

namespace tailrace::testing {

// `input`: of a session target (session_rig.h), without HTTP/2's preface.
std::string MutateFrames(std::string_view input, size_t size_max, Dice* dice, const MutateBytes& mutate);

}  // namespace tailrace::testing
