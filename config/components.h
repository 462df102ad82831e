// The list of all component types: those that Tailrace has, with their spellings, and those that only the Collector
// has. To offer a new component, its line moves from the second list to the first.
//
// Immutable; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "config/model.h"

namespace tailrace::config {

enum class Section : uint8_t { kReceivers, kProcessors, kExporters, kConnectors, kExtensions, kPolicies };

struct ComponentType {
  Section section;
  std::string type;                  // our canonical spelling
  std::vector<std::string> aliases;  // other spellings that mean the same
  std::string sentence;
};

// What this build offers, by section.
const std::vector<ComponentType>& OfferedTypes();
// "receivers", "processors" ...: the key in the file; "policies" for kPolicies.
absl::string_view SectionKey(Section section);
// "receiver", "processor" ...
absl::string_view SectionWord(Section section);

// The canonical spelling of an offered type, or nothing.
std::optional<std::string> CanonicalType(Section section, absl::string_view type);
// Offered here, or at least in the Collector.
bool IsKnown(Section section, absl::string_view type);
// All names of the section, for suggestions.
std::vector<std::string> TypeNames(Section section);
// `; did you mean "x"?`, or the list of what is offered.
std::string SuggestType(Section section, absl::string_view type);

// "type/name" taken apart and checked as the Collector does; `type` as written, not yet canonical.
absl::StatusOr<ComponentId> ParseComponentId(absl::string_view text);

}  // namespace tailrace::config
