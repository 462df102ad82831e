// Where libprotobuf is no measure: it stops at tags and lengths of more than five bytes, and lets a tag overflow 32
// bits (what is left of it is then a field that nobody wrote). Pure; any thread.
#pragma once

#include <string_view>

#include "google/protobuf/descriptor.h"

namespace tailrace::testing {

// A tag or a length that libprotobuf does not read as it stands, anywhere in `bytes`, a message of `type`, or in the
// messages within it. In groups too, whose fields are taken for those of the message around them.
bool HoldsLongVarint(std::string_view bytes, const google::protobuf::Descriptor& type);

}  // namespace tailrace::testing
