// The request scanner against libprotobuf, for any bytes: used by the generated requests of request_scanner_test.cc, by
// its truncations and by the fuzzer. Pure; any thread.
//
// Both must agree on what is a request at all and on everything that the scanner says of one. Where the scanner differs
// on purpose:
//   1. Groups (wire types 3 and 4), and known fields with a wire type not their own, are refused; libprotobuf keeps
//   them as
//      unknown fields. OTLP has no groups, and a client that mixes up wire types should hear of it.
//   2. Attribute values nested deeper than kAttributeDepthMax are refused; libprotobuf's limit is 100 messages.
//   3. What is inside attributes, events, links, resources and scopes is not looked at, but for that depth: it may be
//   malformed, and
//      strings may be no UTF-8. (libprotobuf is therefore given a schema that does not look either: shape.proto.)
//   4. Tags and lengths may be varints of up to ten bytes; libprotobuf stops at five, and lets a tag overflow 32 bits.
#pragma once

#include <string>
#include <string_view>

namespace tailrace::testing {

// Empty where both agree; otherwise what they disagree on.
std::string CheckScan(std::string_view request);

}  // namespace tailrace::testing
