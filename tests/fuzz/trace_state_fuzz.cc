// Any text as a W3C trace state. The first byte is the size of the key that is looked for, which follows; the rest is
// the trace state. The policy's reader and OTTL's agree, and what they take is what a trace state may be.
#include <algorithm>

#include "processors/ottl/compiler/trace_state.h"
#include "processors/policies/trace_state.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace;           // NOLINT
  using namespace tailrace::testing;  // NOLINT
  if (size < 1) return 0;
  const std::string_view key = AsText(data + 1, std::min<size_t>(data[0], size - 1));
  const std::string_view state = AsText(data + 1 + key.size(), size - 1 - key.size());
  const std::string_view found = FindTraceStateMember(state, key);
  std::string_view in_ottl;
  const bool well_formed = ottl::FindInTraceState(state, key, &in_ottl);
  Require(found == (well_formed ? in_ottl : std::string_view()), "policy and OTTL read the same", found);
  if (found.empty()) {
    if (!well_formed) return 0;
    // One more member for the key makes it found, unless there are too many already.
    const bool few = std::count(state.begin(), state.end(), ',') < 31;
    const std::string more = std::string(state) + ",zz@yy=1";
    if (few && key == "zz@yy") Require(FindTraceStateMember(more, key) == "1", "a member is found wherever it stands");
    return 0;
  }
  Require(found.data() >= state.data() && found.data() + found.size() <= state.data() + state.size(), "points inside");
  Require(found.size() <= 256 && found.find_first_of(",=") == std::string_view::npos, "a value is bounded");
  Require(state.find(std::string(key) + "=" + std::string(found)) != std::string_view::npos || found.front() == ' ' ||
              found.front() == '\t',
          "it stands behind its key", found);
  // Twice the same key: of no use to anybody.
  Require(FindTraceStateMember(std::string(state) + "," + std::string(key) + "=1", key).empty(), "no key twice", state);
  return 0;
}
