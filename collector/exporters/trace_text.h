// The traces of a batch for a developer's terminal, `debug` with `verbosity: normal`: one text a trace, first a line
// about the whole, then its spans as a tree.
//
//   checkout  POST /cart  812.4ms  3 spans  ERROR  trace 4bf92f3577b34da6a3ce929d0e0e4736
//     POST /cart  server  812.4ms  ERROR 'payment timed out'  [checkout]  http.route=/cart
//       charge  client  790.0ms  [checkout]
//         Charge  server  788.1ms  [payment]
//
// Pure. Long trees, deep trees and long values are cut.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tailrace {

std::vector<std::string> TraceTexts(std::string_view export_trace_service_request);

}  // namespace tailrace
