// Compare: what the daemon counts against what the reference does. Each returns the first difference in words, empty
// where there is none.
#pragma once

#include <string>

#include "collector/telemetry/snapshot.h"

namespace tailrace::simulation {

// All but the histograms.
std::string Compare(const PipelineStats& counted, const PipelineStats& expected);
std::string Compare(const ReceiverStats& counted, const ReceiverStats& expected);
// Values in a histogram.
uint64_t CountOf(const Histogram& histogram);

}  // namespace tailrace::simulation
