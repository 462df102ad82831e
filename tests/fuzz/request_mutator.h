// Mutations that leave a request a request: fields of OTLP's messages are taken out, doubled, moved, exchanged and
// changed, and the lengths around them are right again. What libFuzzer does to bytes breaks a length nearly always, and
// then nothing behind it is looked at.
//
// Pure but for the dice; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "tests/proto/random_request.h"

namespace tailrace::testing {

// Changes a few bytes in place; the new size is at most the old one and the room behind it. libFuzzer's own.
using MutateBytes = std::function<size_t(uint8_t* bytes, size_t size, size_t size_max)>;

// Another request of at most `size_max` bytes. Bytes that are no request stand as they are, as one unknown field's.
std::string MutateRequest(std::string_view request, size_t size_max, Dice* dice, const MutateBytes& mutate);

}  // namespace tailrace::testing
