#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {

void AddNetworkFunctions(std::vector<Function>* all) { static_cast<void>(all); }

}  // namespace tailrace::ottl
