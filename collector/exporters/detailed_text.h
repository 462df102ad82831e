// Everything in a batch, in the layout of the Collector's debug exporter with `verbosity: detailed`. Pure.
#pragma once

#include <string>
#include <string_view>

namespace tailrace {

std::string DetailedText(std::string_view export_trace_service_request);

}  // namespace tailrace
