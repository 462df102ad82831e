#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {

void AddCollectionFunctions(std::vector<Function>* all) { static_cast<void>(all); }

}  // namespace tailrace::ottl
