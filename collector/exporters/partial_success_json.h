// The JSON bodies of OTLP/HTTP answers: ExportTraceServiceResponse and google.rpc.Status. Pure; anything that is no
// such body is read as an empty one.
#pragma once

#include <string>
#include <string_view>

#include "collector/exporters/send_result.h"

namespace tailrace {

SendResult JsonPartialSuccess(std::string_view body);
// False where there is no message.
bool JsonStatusMessage(std::string_view body, std::string* message);

}  // namespace tailrace
