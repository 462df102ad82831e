// Requests with traces that the oracle's policies have something to say about: few keys, few values, every kind of
// value, and wire bytes of any shape that protobuf allows. One seed, one request.
#pragma once

#include <string>

#include "tests/proto/random_request.h"

namespace tailrace::testing {

std::string MadeTraces(Dice* dice);

}  // namespace tailrace::testing
