#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {

void AddTimeFunctions(std::vector<Function>* all) { static_cast<void>(all); }

}  // namespace tailrace::ottl
