// The counts of several exporters as those of one. Pure.
#pragma once

#include "collector/telemetry/snapshot.h"

namespace tailrace {

// Adds what a member counts; its name and address stay out.
void AddMember(const ExporterStats& member, ExporterStats* sum);

// Of them all: healthy where every one is, down where every one is, else probing.
BackendState StateOf(const std::vector<MemberStats>& members);

}  // namespace tailrace
